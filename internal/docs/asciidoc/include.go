package asciidoc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"unicode/utf8"

	"github.com/esconform/esconform/internal/userfile"
)

// Bounds of what one page includes.
const (
	maxDepth    = 8
	maxIncludes = 500
	maxIncluded = 8 << 20 // bytes
)

// Root is the folder of a documentation. What pages include is read below it
// and nowhere else: no path and no link leads out.
type Root struct {
	dir  string // absolute, without links
	root *os.Root
}

// OpenRoot opens the folder of a documentation.
func OpenRoot(dir string) (*Root, error) {
	whole, err := filepath.Abs(dir)
	if err == nil {
		whole, err = filepath.EvalSymlinks(whole)
	}
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(whole)
	if err != nil {
		return nil, err
	}
	return &Root{whole, root}, nil
}

// Close closes it.
func (r *Root) Close() error { return r.root.Close() }

// Rel is the name of a file below the folder, with slashes; false where the
// file is not there.
func (r *Root) Rel(file string) (string, bool) {
	if r == nil {
		return "", false
	}
	whole, err := filepath.Abs(file)
	if err == nil {
		whole, err = filepath.EvalSymlinks(whole)
	}
	if err != nil {
		return "", false
	}
	rel, err := filepath.Rel(r.dir, whole)
	if err != nil || !filepath.IsLocal(rel) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}

// read reads a file by its name below the folder.
func (r *Root) read(name string, limit int) ([]byte, error) {
	f, err := r.root.OpenFile(filepath.FromSlash(name), os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	if err := userfile.Regular(f); err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(f, int64(limit)+1))
	switch {
	case err != nil:
		return nil, err
	case len(b) > limit:
		return nil, fmt.Errorf("the page includes more than %d MiB", maxIncluded>>20)
	case !utf8.Valid(b):
		return nil, errors.New("not UTF-8 text")
	}
	return b, nil
}

// has reports whether there is a file of that name.
func (r *Root) has(name string) bool {
	_, err := r.root.Stat(filepath.FromSlash(name))
	return err == nil
}

// expander puts what a page includes in the place of the lines that say so.
type expander struct {
	root  *Root
	page  *Page
	attrs map[string]string
	count int
	bytes int
}

func (p *Page) expand(root *Root) {
	p.unfollowed = map[int]string{}
	if root == nil || p.Form != Plain {
		return
	}
	x := &expander{root: root, page: p, attrs: map[string]string{}}
	for _, l := range p.Lines {
		if m := attrEntry.FindStringSubmatch(l.Text); m != nil {
			x.attrs[m[1]] = m[2]
		}
	}
	p.Lines = x.lines(p.Lines, 0, 0)
}

// lines expands the lines of a file.
func (x *expander) lines(in []Line, file, depth int) []Line {
	out := make([]Line, 0, len(in))
	for _, l := range in {
		m := macroRE.FindStringSubmatch(l.Text)
		if m == nil || m[1] != "include" {
			out = append(out, l)
			continue
		}
		more, err := x.include(m[2], m[3], file, depth)
		if err != nil {
			x.page.unfollowed[l.No] = err.Error()
			out = append(out, l)
			continue
		}
		out = append(out, more...)
	}
	return out
}

// include returns the lines that one directive stands for.
func (x *expander) include(target, attrs string, file, depth int) ([]Line, error) {
	if x.count++; x.count > maxIncludes || depth == maxDepth {
		return nil, fmt.Errorf("a page includes at most %d files, %d deep", maxIncludes, maxDepth)
	}
	name, err := x.find(target, x.page.Files[file].Below)
	if err != nil {
		return nil, err
	}
	tags, err := tagsOf(attrs)
	if err != nil {
		return nil, err
	}
	b, err := x.root.read(name, maxIncluded-x.bytes)
	if err != nil {
		return nil, err
	}
	x.bytes += len(b)
	at := x.page.addFile(name, x.root, b)
	lines, err := region(x.page.linesOf(at), tags)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return x.lines(lines, at, depth+1), nil
}

var (
	attrRef     = regexp.MustCompile(`\{([\w-]+)\}`)
	unknownHead = regexp.MustCompile(`^\{[\w-]+\}/`)
)

// conventional are the folders that attributes of the builds of Elastic's
// documentation name.
var conventional = []string{"docs/reference", "docs"}

// find returns the name below the root of what a file includes. An attribute
// that a build sets, as {es-ref-dir}, stands for whichever folder above the file
// has what follows.
func (x *expander) find(target, from string) (string, error) {
	target = attrRef.ReplaceAllStringFunc(target, func(ref string) string {
		if v, ok := x.attrs[ref[1:len(ref)-1]]; ok {
			return v
		}
		return ref
	})
	if strings.Contains(target, "://") || path.IsAbs(target) {
		return "", errors.New("only files below --docs-root are read")
	}
	if head := unknownHead.FindString(target); head != "" {
		rest := target[len(head):]
		var dirs []string
		for dir := path.Dir(from); ; dir = path.Dir(dir) {
			if dirs = append(dirs, dir); dir == "." {
				break
			}
		}
		for _, dir := range append(dirs, conventional...) {
			if name := path.Join(dir, rest); filepath.IsLocal(name) && x.root.has(name) {
				return name, nil
			}
		}
		return "", fmt.Errorf("no folder above the page has %s", rest)
	}
	name := path.Join(path.Dir(from), target)
	if !filepath.IsLocal(name) {
		return "", errors.New("it leads out of --docs-root")
	}
	return name, nil
}

var (
	tagAttr  = regexp.MustCompile(`(?:^|,)\s*tags?\s*=\s*(?:"([^"]*)"|([^,]*))`)
	lineAttr = regexp.MustCompile(`(?:^|,)\s*lines\s*=`)
	tagLine  = regexp.MustCompile(`^\s*(?:/{2,}\s*|#\s*)?(tag|end)::([\w.-]+)\[\]\s*$`)
)

// tagsOf reads tag=a and tags="a;b"; nil is the whole file.
func tagsOf(attrs string) ([]string, error) {
	if lineAttr.MatchString(attrs) {
		return nil, errors.New("lines= is not read, only tag= is")
	}
	m := tagAttr.FindStringSubmatch(attrs)
	if m == nil {
		return nil, nil
	}
	tags := strings.FieldsFunc(m[1]+m[2], func(r rune) bool { return r == ';' || r == ',' || r == ' ' })
	if slices.ContainsFunc(tags, func(t string) bool { return strings.ContainsAny(t, "*!") }) {
		return nil, fmt.Errorf("tags %q are not read, only names are", strings.Join(tags, ";"))
	}
	return tags, nil
}

// region returns the lines inside of one of the tags, without the lines that
// set tags.
func region(lines []Line, tags []string) ([]Line, error) {
	var out []Line
	open := map[string]int{}
	seen := map[string]bool{}
	for _, l := range lines {
		if m := tagLine.FindStringSubmatch(l.Text); m != nil {
			seen[m[2]] = true
			if m[1] == "tag" {
				open[m[2]]++
			} else {
				open[m[2]]--
			}
			continue
		}
		if tags == nil || slices.ContainsFunc(tags, func(t string) bool { return open[t] > 0 }) {
			out = append(out, l)
		}
	}
	for _, t := range tags {
		if !seen[t] {
			return nil, fmt.Errorf("it has no tag %s", t)
		}
	}
	return out, nil
}

// File is one of the files that a page is made of, its own first.
type File struct {
	Name   string   // for reports, as the page's own
	Raw    []string // every line, without what ends it
	Prefix string   // what inserted lines start with
	Form   Form
	// Return is what stands before the end of each line: "\r", or "".
	Return string
	// Unended: the last line ends with the file.
	Unended bool
	// Below is its name below the root, "" where there is none.
	Below string
}

func newFile(name, below string, form Form, b []byte) File {
	f := File{Name: name, Form: form, Unended: !bytes.HasSuffix(b, []byte("\n")), Below: below}
	if first, _, _ := bytes.Cut(b, []byte("\n")); bytes.HasSuffix(first, []byte("\r")) {
		f.Return = "\r"
	}
	text := strings.ReplaceAll(string(b), "\r\n", "\n")
	f.Raw = strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	return f
}

// Lines of included files are numbered from a multiple of this on, so that the
// page's own keep their numbers.
const perFile = 1 << 24

// Place returns the file in which a line stands, and its number there.
func (p *Page) Place(no int) (file string, line int) { return p.Files[no/perFile].Name, no % perFile }

// addFile takes an included file in, once, and returns its index.
func (p *Page) addFile(below string, root *Root, b []byte) int {
	if i := slices.IndexFunc(p.Files, func(f File) bool { return f.Below == below }); i >= 0 {
		return i
	}
	p.Files = append(p.Files, newFile(nameBeside(p.Files[0], below, root), below, Plain, b))
	return len(p.Files) - 1
}

// nameBeside names an included file as the page was named: from where its name
// began.
func nameBeside(own File, below string, root *Root) string {
	if prefix, ok := strings.CutSuffix(filepath.ToSlash(own.Name), own.Below); ok {
		return prefix + below
	}
	whole := filepath.Join(root.dir, filepath.FromSlash(below))
	if wd, err := os.Getwd(); err == nil && !filepath.IsAbs(own.Name) {
		if rel, err := filepath.Rel(wd, whole); err == nil {
			return rel
		}
	}
	return whole
}

func (p *Page) linesOf(file int) []Line {
	raw := p.Files[file].Raw
	out := make([]Line, len(raw))
	for i, l := range raw {
		if i == 0 {
			l = strings.TrimPrefix(l, userfile.BOM)
		}
		out[i] = Line{No: file*perFile + i + 1, Text: strings.TrimRight(l, " \t")}
	}
	return out
}
