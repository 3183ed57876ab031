package render

import (
	"fmt"
	"io"
	"slices"

	"github.com/esconform/esconform/internal/docs/jsonpatch"
	"github.com/esconform/esconform/internal/docs/openapi"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/result"
)

// documentPatch is the patch of an OpenAPI document.
type documentPatch struct {
	doc  *openapi.Document
	page int // its index
	ops  []jsonpatch.Op
}

// JSONPatchName is the file of the patch of the first OpenAPI document, of the
// second, and so on.
func JSONPatchName(n int) string {
	if n == 0 {
		return "docs.patch.json"
	}
	return fmt.Sprintf("docs-%d.patch.json", n+1)
}

// PatchDocuments makes the patches that would make the OpenAPI documents true, as
// far as what was observed is certain, and has the findings say what became of
// them. Findings that are accepted are left alone.
func (r *Report) PatchDocuments() {
	for n := range r.patches {
		r.patches[n].make(r, JSONPatchName(n))
	}
}

func (p *documentPatch) make(r *Report, file string) {
	var all []*jsonpatch.Change
	of := map[int][]*jsonpatch.Change{}
	for i, c := range r.Claims {
		if r.page[i] == p.page && c.Finding() && open(c) && len(c.Changes) > 0 {
			of[i] = c.Changes
			all = append(all, c.Changes...)
		}
	}
	p.ops = p.doc.Patch(all)
	findings := 0
	for i, changes := range of {
		r.Claims[i].Patch = became(file, changes)
		if slices.ContainsFunc(changes, func(c *jsonpatch.Change) bool { return c.Left == "" }) {
			findings++
		}
	}
	r.Pages[p.page].Patch = fmt.Sprintf("%s has %s for %s", file, result.Plural(changing(p.ops), "change"), result.Plural(findings, "finding"))
}

// became says how much of what would correct a finding is in a patch. What
// several operations share is one correction.
func became(file string, changes []*jsonpatch.Change) string {
	all, in, why := map[string]bool{}, map[string]bool{}, ""
	for _, c := range changes {
		all[c.Key()] = true
		if c.Left == "" {
			in[c.Key()] = true
		} else if why == "" {
			why = c.Left
		}
	}
	switch len(in) {
	case len(all):
		return "corrected by " + file
	case 0:
		return "not in " + file + ": " + why
	}
	return fmt.Sprintf("%d of %d corrections are in %s, not in it: %s", len(in), len(all), file, why)
}

// changing counts the operations that do not only test.
func changing(ops []jsonpatch.Op) int {
	n := 0
	for _, o := range ops {
		if o.Op != "test" {
			n++
		}
	}
	return n
}

// JSONPatches are those of the OpenAPI documents, each as it is written.
func (r *Report) JSONPatches() []func(io.Writer) error {
	var out []func(io.Writer) error
	for _, p := range r.patches {
		out = append(out, func(w io.Writer) error { return writeOps(w, p.ops) })
	}
	return out
}

// writeOps has one operation a line.
func writeOps(w io.Writer, ops []jsonpatch.Op) error {
	p := &printer{w: w}
	p.line("[")
	for i, o := range ops {
		comma := ","
		if i == len(ops)-1 {
			comma = ""
		}
		p.line("  %s%s", jsonval.Encode(o), comma)
	}
	p.line("]")
	return p.err
}
