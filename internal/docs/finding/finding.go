// Package finding makes out of claims that do not hold what somebody has to act
// on: one finding for each cause, with every place where it shows.
package finding

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
)

// Class says how much a finding matters to who relies on a document.
type Class string

// The classes, the gravest first.
const (
	Contradiction Class = "contradiction" // what is written is wrong
	Omission      Class = "omission"      // what holds is not written
	Style         Class = "style"         // how it is written
)

// Classes lists the classes, the gravest first.
func Classes() []Class { return []Class{Contradiction, Omission, Style} }

// Finding is one cause, and where it shows.
type Finding struct {
	ID      string        `json:"id"`
	Class   Class         `json:"class"`
	Verdict claim.Verdict `json:"verdict"`
	Kind    claim.Kind    `json:"kind"`
	// Title says in one sentence what it is where it shows in several places,
	// "" where the claim says it.
	Title  string  `json:"title,omitempty"`
	Places []Place `json:"places"`
}

// Place is one of the places where a finding shows: lines of a file, and in a
// JSON or YAML document what a pointer leads to.
type Place struct {
	Claim    string `json:"claim"` // id
	File     string `json:"file"`
	Line     int    `json:"line"`
	EndLine  int    `json:"end_line,omitempty"`
	Pointer  string `json:"pointer,omitempty"`
	Observed string `json:"observed" text:"block"`
}

// Group returns the findings among claims, the gravest first, and within a
// class in the order of the claims. Which claims count is for open to say.
func Group(claims []claim.Claim, open func(claim.Claim) bool) []Finding {
	var out []Finding
	at := map[string]int{}
	for _, c := range claims {
		if !c.Finding() || !open(c) {
			continue
		}
		cause, title := causeOf(c)
		key := sourceOf(c) + cause
		i, known := at[key]
		if !known {
			i = len(out)
			at[key] = i
			out = append(out, Finding{ID: c.ID, Class: ClassOf(c), Verdict: c.Verdict, Kind: c.Kind, Title: title})
		}
		f := &out[i]
		f.Places = append(f.Places, Place{Claim: c.ID, File: c.File, Line: c.Line, EndLine: c.EndLine, Pointer: c.Pointer, Observed: c.Observed})
	}
	for i := range out {
		if len(out[i].Places) == 1 {
			out[i].Title = ""
		}
	}
	order := Classes()
	slices.SortStableFunc(out, func(a, b Finding) int { return cmp.Compare(slices.Index(order, a.Class), slices.Index(order, b.Class)) })
	return out
}

// ClassOf returns the class of a claim that is a finding. What a document does
// to itself, whatever the server does, is style.
func ClassOf(c claim.Claim) Class {
	switch {
	case c.Kind == claim.KindMarkup, c.Kind == claim.KindCoverage, c.Kind == claim.KindMarker,
		c.Kind == claim.KindConsistency && strings.HasSuffix(c.Aspect, "trailing-slash"):
		return Style
	case c.Verdict == claim.Undocumented:
		return Omission
	}
	return Contradiction
}

// sourceOf parts the findings of documents of different sorts: they are put
// right in different places. The ids of one of several documents have its name
// after the sort.
func sourceOf(c claim.Claim) string {
	document, _, _ := strings.Cut(c.ID, "/")
	for _, s := range []claim.Source{claim.SourceOpenAPI, claim.SourceRestSpec} {
		if document == string(s) || strings.HasPrefix(document, string(s)+"-") {
			return string(s) + " "
		}
	}
	return ""
}

// causes tell which claims have one cause. The key of a row is a template: the
// claim's own words stand in it.
var causes = []struct {
	kind    claim.Kind
	verdict claim.Verdict
	when    func(claim.Claim) bool
	key     func(claim.Claim) string
	title   string
}{
	{claim.KindCode, claim.Undocumented, documented("no list of response codes"), always("no list of response codes"), "There is no list of response codes."},
	{claim.KindCode, claim.Undocumented, every, aspect, "The list of response codes leaves one out that the server answers."},
	{claim.KindCode, claim.Contradicted, observed("it can never be reached in this way"), aspect, "A response code is listed that is never answered for the reason that is given."},
	{claim.KindCode, claim.Contradicted, observed("no request was answered so"), aspect, "A response code is listed that the server does not answer."},
	{claim.KindResponseBody, claim.Undocumented, every, always("no body of the answer"), "Nothing is said of the body of the answer."},
	{claim.KindWidth, claim.Undocumented, every, upTo, "Nothing is said of how large an integer may be."},
	{claim.KindMerge, claim.Undocumented, every, always("merge"), "Nothing is said of what becomes of keys of an object that are stored already."},
	{claim.KindRequired, claim.Undocumented, documented("nothing on whether it is required"), page, "Nothing is said of whether a field is required, and it is."},
	{claim.KindRequired, claim.Contradicted, observed("the server takes the request without it"), schema, "Fields are listed as required, and the server takes the request without each of them."},
	{claim.KindCoverage, claim.Undocumented, every, always("coverage"), "No example shows all that is documented."},
	{claim.KindMarkup, claim.Contradicted, every, said, "The markup renders as something else than is meant, or is not that of the rest."},
	{claim.KindConsistency, claim.Contradicted, observed("the example uses what the page does not document"), observedKey, "Examples use what is not documented."},
}

// causeOf is what the claims of one finding have in common, and what they say
// together.
func causeOf(c claim.Claim) (key, title string) {
	if c.Cause != "" {
		return c.Cause, ""
	}
	for _, row := range causes {
		if row.kind == c.Kind && row.verdict == c.Verdict && row.when(c) {
			return string(c.Verdict) + " " + string(row.kind) + " " + row.key(c), row.title
		}
	}
	return c.ID, ""
}

func every(claim.Claim) bool { return true }

func documented(text string) func(claim.Claim) bool {
	return func(c claim.Claim) bool { return c.Documented == text }
}

func observed(text string) func(claim.Claim) bool {
	return func(c claim.Claim) bool { return strings.HasPrefix(c.Observed, text) }
}

func always(key string) func(claim.Claim) string { return func(claim.Claim) string { return key } }

func aspect(c claim.Claim) string      { return c.Aspect }
func said(c claim.Claim) string        { return c.Documented }
func observedKey(c claim.Claim) string { return c.File + " " + c.Observed }

// page keeps the findings of one document together.
func page(c claim.Claim) string { return c.File + " " + c.Documented }

// schema keeps fields of one schema together, which has one list of those that
// are required; on a page each field says it for itself.
func schema(c claim.Claim) string {
	at := strings.LastIndex(c.Pointer, "/properties/")
	if at < 0 {
		return c.ID
	}
	return c.File + " " + c.Pointer[:at]
}

var limits = regexp.MustCompile(`\d{2,}`)

// upTo is what is said of a range: its limits, whatever the field.
func upTo(c claim.Claim) string {
	return c.Documented + strings.Join(limits.FindAllString(c.Observed, 2), " ")
}
