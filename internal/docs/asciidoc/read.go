package asciidoc

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/esconform/esconform/internal/userfile"
)

// Read reads every page in b. A plain or flattened file is one page; a diff is
// as many as it touches. file is the name under which lines are reported.
func Read(file string, b []byte) ([]*Page, error) { return ReadBelow(nil, file, b) }

// ReadBelow is Read that follows what a page below root includes.
func ReadBelow(root *Root, file string, b []byte) ([]*Page, error) {
	if !utf8.Valid(b) {
		return nil, fmt.Errorf("read page %s: not UTF-8 text", file)
	}
	if len(bytes.TrimSpace(b)) == 0 {
		return nil, fmt.Errorf("read page %s: the file is empty", file)
	}
	whole := newFile(file, "", Plain, b)
	raw := append([]string{strings.TrimPrefix(whole.Raw[0], userfile.BOM)}, whole.Raw[1:]...)

	var pages []*Page
	switch formOf(raw) {
	case Diff:
		pages = splitDiff(file, raw)
		if len(pages) == 0 {
			return nil, fmt.Errorf("read page %s: the diff touches no .asciidoc or .adoc file", file)
		}
	case Flattened:
		pages = []*Page{unflatten(file, raw)}
	default:
		p := &Page{File: file, Source: file, Form: Plain}
		for i, l := range raw {
			p.Lines = append(p.Lines, Line{No: i + 1, Text: strings.TrimRight(l, " \t")})
		}
		pages = []*Page{p}
	}
	for _, p := range pages {
		own := whole
		own.Form = p.Form
		below, isBelow := root.Rel(p.Source)
		own.Below = below
		if len(p.Lines) > 0 { // the first line of a page in a diff
			own.Prefix = p.Lines[0].Prefix
			p.Lines[0].Text = strings.TrimPrefix(p.Lines[0].Text, userfile.BOM)
		}
		p.Files = []File{own}
		if isBelow {
			p.expand(root)
		}
		parse(p)
	}
	return pages, nil
}

var hunkHeader = regexp.MustCompile(`^@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@`)

// formOf decides by what no page of prose has: hunk headers, or a marker in
// front of nearly every line.
func formOf(raw []string) Form {
	marked := map[byte]int{}
	filled := 0
	for _, l := range raw {
		if hunkHeader.MatchString(l) {
			return Diff
		}
		if strings.TrimSpace(l) == "" {
			continue
		}
		filled++
		if l[0] == '-' || l[0] == '+' {
			marked[l[0]]++
		}
	}
	// The flattened form may have a gutter line before it and a bar after it.
	if n := marked['-'] + marked['+']; n >= 4 && n >= filled-2 && (marked['-'] == n || marked['+'] == n) {
		return Flattened
	}
	return Plain
}

var gutter = regexp.MustCompile(`^[\d\s]*\|?$`)

// unflatten takes the marker off each line. Where the marker is followed by a
// blank on every line, the blank is part of it.
func unflatten(file string, raw []string) *Page {
	p := &Page{File: file, Source: file, Form: Flattened}
	blank := true
	for _, l := range raw {
		if len(l) > 1 && (l[0] == '-' || l[0] == '+') && l[1] != ' ' {
			blank = false
		}
	}
	for i, l := range raw {
		if l == "" || (l[0] != '-' && l[0] != '+') {
			if !gutter.MatchString(l) {
				p.problem(i+1, fmt.Sprintf("line without the marker that the other lines have: %q", l))
			}
			continue
		}
		n := 1
		if blank && len(l) > 1 {
			n = 2
		}
		p.Lines = append(p.Lines, Line{No: i + 1, Text: strings.TrimRight(l[n:], " \t"), Prefix: l[:n]})
	}
	return p
}

// splitDiff returns the pages of a unified diff: the new side of each file, or
// the old side of a file that is deleted.
func splitDiff(file string, raw []string) []*Page {
	var pages []*Page
	var p *Page
	drop := byte('-')
	oldName, inHunk, left := "", false, [2]int{}
	for i, l := range raw {
		switch {
		case inHunk && (left[0] > 0 || left[1] > 0):
			if p != nil {
				addDiffLine(p, i+1, l, drop)
			}
			countDiffLine(l, &left)
		case strings.HasPrefix(l, "--- "):
			oldName, inHunk = diffName(l[4:]), false
		case strings.HasPrefix(l, "+++ "):
			name, d := diffName(l[4:]), byte('-')
			if name == "/dev/null" {
				name, d = oldName, '+'
			}
			drop, p = d, nil
			if ext := path.Ext(name); ext == ".asciidoc" || ext == ".adoc" || ext == ".txt" || ext == "" {
				p = &Page{File: name, Source: file, Form: Diff}
				pages = append(pages, p)
			}
		case hunkHeader.MatchString(l):
			inHunk = true
			left = hunkLengths(l)
			if p == nil && oldName == "" {
				// A bare hunk, without the names of the files.
				p = &Page{File: file, Source: file, Form: Diff}
				if left[1] == 0 {
					drop = '+'
				}
				pages = append(pages, p)
			}
			if p != nil && len(p.Lines) > 0 {
				p.problem(i+1, "the diff leaves out the lines of the page before this hunk: claims on them are not known")
			}
		}
	}
	return pages
}

func addDiffLine(p *Page, no int, l string, drop byte) {
	if l == "" { // editors strip the blank of an empty context line
		p.Lines = append(p.Lines, Line{No: no, Prefix: " "})
		return
	}
	switch l[0] {
	case drop, '\\':
	case '+', '-', ' ':
		p.Lines = append(p.Lines, Line{No: no, Text: strings.TrimRight(l[1:], " \t"), Prefix: l[:1]})
	default:
		p.problem(no, fmt.Sprintf("line inside a hunk with no marker: %q", l))
	}
}

func countDiffLine(l string, left *[2]int) {
	c := byte(' ')
	if l != "" {
		c = l[0]
	}
	if c == '-' || c == ' ' {
		left[0]--
	}
	if c == '+' || c == ' ' {
		left[1]--
	}
}

var hunkNumbers = regexp.MustCompile(`^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@`)

func hunkLengths(l string) [2]int {
	m := hunkNumbers.FindStringSubmatch(l)
	out := [2]int{1, 1}
	for i := range out {
		if m[i+1] != "" {
			_, _ = fmt.Sscanf(m[i+1], "%d", &out[i])
		}
	}
	return out
}

func diffName(s string) string {
	s, _, _ = strings.Cut(s, "\t")
	if rest, ok := strings.CutPrefix(s, "a/"); ok {
		return rest
	}
	if rest, ok := strings.CutPrefix(s, "b/"); ok {
		return rest
	}
	return s
}
