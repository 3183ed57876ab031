package claim

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/esconform/esconform/internal/docs/asciidoc"
)

type section string

const (
	secNone     section = ""
	secRequest  section = "request"
	secPrereq   section = "prerequisites"
	secDesc     section = "description"
	secPath     section = "path parameters"
	secQuery    section = "query parameters"
	secBody     section = "request body"
	secResponse section = "response body"
	secCodes    section = "response codes"
	secExamples section = "examples"
	secOther    section = "other"
)

// sections maps what headings say, as an attribute or in words, to what their
// section holds. The first match counts.
var sections = []struct {
	re *regexp.Regexp
	is section
}{
	{regexp.MustCompile(`(?i)\{api-request-body-title\}|request body`), secBody},
	{regexp.MustCompile(`(?i)\{api-response-body-title\}|response body|\{api-response-title\}`), secResponse},
	{regexp.MustCompile(`(?i)\{api-response-codes-title\}|(?:response|status) codes?`), secCodes},
	{regexp.MustCompile(`(?i)\{api-path-parms-title\}|path param`), secPath},
	{regexp.MustCompile(`(?i)\{api-query-parms-title\}|query(?: string)? param`), secQuery},
	{regexp.MustCompile(`(?i)\{api-prereqs?-title\}|prerequisite`), secPrereq},
	{regexp.MustCompile(`(?i)\{api-description-title\}|^description`), secDesc},
	{regexp.MustCompile(`(?i)\{api-examples?-title\}|^examples?\b`), secExamples},
	{regexp.MustCompile(`(?i)\{api-request-title\}|^request$`), secRequest},
}

func sectionOf(h *asciidoc.Element, first bool) section {
	for _, s := range sections {
		if s.re.MatchString(h.Text) {
			return s.is
		}
	}
	if first {
		return secNone
	}
	return secOther
}

type reader struct {
	page   *asciidoc.Page
	m      *Model
	sec    section
	fields map[*asciidoc.Element]string // element -> name of the field it documents
	intro  *asciidoc.Element            // last text before a snippet
	result *Example                     // last snippet that an answer can belong to
	heads  int
	// item is the last definition of the section.
	item *asciidoc.Element
	// under is the field whose parts the list to come describes, as the text
	// above it says.
	under string
}

// FromPage reads the claims of a page.
func FromPage(p *asciidoc.Page) *Model {
	m := &Model{Source: SourcePage, File: p.Source, ID: p.Anchor, CodesComplete: true, Place: p.Place}
	if m.ID == "" {
		m.ID = strings.TrimSuffix(path.Base(p.File), path.Ext(p.File))
	}
	for _, pr := range p.Problems {
		m.Unread = append(m.Unread, Unread{pr.Line, pr.Message})
	}
	if n := len(p.Lines); n > 0 {
		m.LastLine = p.Lines[n-1].No
	}
	r := &reader{page: p, m: m, fields: map[*asciidoc.Element]string{}}
	for _, e := range p.Elements {
		r.element(e)
	}
	r.defects()
	m.Bound()
	return m
}

func (r *reader) element(e *asciidoc.Element) {
	if e.Kind == asciidoc.Heading {
		r.heading(e)
		return
	}
	if e.Kind == asciidoc.Listing {
		r.listing(e)
		return
	}
	r.routes(e)
	switch e.Kind {
	case asciidoc.Macro:
		r.macro(e)
	case asciidoc.Item, asciidoc.Broken:
		r.item, r.under = e, ""
		r.definition(e, e.Kind == asciidoc.Broken)
	case asciidoc.Table:
		r.table(e)
	case asciidoc.Bullet:
		if !r.bulletField(e) {
			r.prose(e)
		}
	case asciidoc.Paragraph:
		if !r.more(e) {
			r.prose(e)
		}
	}
}

func (r *reader) heading(e *asciidoc.Element) {
	r.heads++
	if r.m.Title == "" {
		r.m.Title = e.Text
	}
	r.sec = sectionOf(e, r.heads == 1)
	r.intro, r.item, r.under = nil, nil, ""
	at := At{Line: e.Line, Quote: e.Lines[0].Text}
	switch r.sec {
	case secCodes:
		r.m.CodesAt, r.m.CodesStart = at, at.Line
		if n := r.page.Anchors[e.Anchor]; e.Anchor != "" && n < at.Line {
			r.m.CodesStart = n
		}
	case secResponse:
		r.m.ResponseAt = at
	case secBody:
		r.m.BodyAt = at
	case secPath:
		r.m.PathAt = at
	}
}

var stabilityWords = map[string]string{
	"preview": "experimental", "experimental": "experimental", "dev": "experimental",
	"beta": "beta", "deprecated": "deprecated",
}

func (r *reader) macro(e *asciidoc.Element) {
	if w, ok := stabilityWords[e.Term]; ok && r.m.Stability.Word == "" && r.heads <= 1 {
		r.m.Stability = Stability{At: At{Line: e.Line, Quote: e.Lines[0].Text}, Word: w}
	}
}

var routeRE = regexp.MustCompile("`(GET|PUT|POST|DELETE|HEAD|PATCH|OPTIONS)\\s+([^`\\s]+)`")

func (r *reader) routes(e *asciidoc.Element) {
	if r.sec != secRequest && (r.sec != secNone || r.heads == 0) {
		return
	}
	for _, l := range e.Lines {
		for _, m := range routeRE.FindAllStringSubmatch(l.Text, -1) {
			p, _, _ := strings.Cut(m[2], "?")
			rt := Route{At: At{Line: l.No, Quote: strings.Trim(m[0], "`")}, Method: m[1]}
			rt.Slash = strings.HasSuffix(p, "/") && len(p) > 1
			rt.Path = "/" + strings.Trim(strings.NewReplacer("<", "{", ">", "}").Replace(p), "/")
			// What is said of a route names it again.
			if len(r.m.Routes) > maxRoutes || !slices.ContainsFunc(r.m.Routes, func(o Route) bool { return o.String() == rt.String() }) {
				r.m.Routes = append(r.m.Routes, rt)
			}
		}
	}
}

// term takes the backticks and angle brackets off a term, and what follows it.
// Fields of the items of a list are named like those of an object.
func term(t string) string {
	if c := code(t); len(c) > 0 {
		t = c[0]
	}
	if placeholder.MatchString(t) {
		return t
	}
	t = strings.Trim(t, "<>* ")
	if inner, ok := strings.CutSuffix(t, "_"); ok && strings.HasPrefix(t, "_") { // in italics; _meta is a name
		t = strings.Trim(inner, "_<>* ")
	}
	return strings.ReplaceAll(t, "[]", "")
}

// placeholder is a name that stands for any: <alias>.
var placeholder = regexp.MustCompile(`^<[\w-]+>$`)

var codeTerm = regexp.MustCompile(`^` + "`?" + `([1-5]\d\d)` + "`?" + `\b`)

func (r *reader) definition(e *asciidoc.Element, broken bool) {
	switch r.sec {
	case secCodes:
		r.code(e.Term, e.Text, At{Line: e.Line, End: e.End, Quote: quoteOf(e)}, broken)
	case secPath, secQuery, secBody, secResponse:
		r.named(e, e.Term, e.Text, r.fields[e.Parent], broken)
	default:
		r.m.Unread = append(r.m.Unread, Unread{e.Line, fmt.Sprintf("definition %s stands in a section that says neither parameter, field nor response code", e.Term)})
	}
}

// named reads a field by its term, inside of another one or of none.
func (r *reader) named(e *asciidoc.Element, words, text, parent string, broken bool) {
	name := term(words)
	switch {
	case r.sec == secPath || r.sec == secQuery:
		name = strings.Trim(name, "<>")
	case placeholder.MatchString(name) && parent == "" && r.sec == secBody:
		r.m.FreeBody = true // a document: whatever is sent
		return
	}
	if parent != "" {
		name = parent + "." + name
	}
	r.fields[e] = name
	r.field(name, text, At{Line: e.Line, End: e.End, Quote: quoteOf(e)}, broken, e.Lines)
	f := &r.m.Fields[len(r.m.Fields)-1]
	if m := termRequired.FindStringSubmatch(words); m != nil && f.Required == nil {
		required := strings.EqualFold(m[1], "required")
		f.Required, f.RequiredAt = &required, e.Line
	}
}

var termRequired = regexp.MustCompile(`(?i)\((required|optional)\)\s*$`)

func quoteOf(e *asciidoc.Element) string {
	parts := make([]string, len(e.Lines))
	for i, l := range e.Lines {
		parts[i] = strings.TrimSpace(l.Text)
	}
	return strings.Join(parts, " ")
}

func (r *reader) code(term, text string, at At, broken bool) {
	m := codeTerm.FindStringSubmatch(strings.TrimSpace(term))
	if m == nil {
		r.m.Unread = append(r.m.Unread, Unread{at.Line, fmt.Sprintf("response code %q: want a number from 100 to 599", term)})
		return
	}
	n, _ := strconv.Atoi(m[1])
	r.m.Codes = append(r.m.Codes, Code{At: at, Status: n, Text: Plain(text), Broken: broken})
}

func (r *reader) prose(e *asciidoc.Element) {
	r.intro = e
	switch r.sec {
	case secNone, secDesc, secPrereq:
		r.m.Said = append(r.m.Said, e.Text)
		if len(r.m.Prose) > maxStatements {
			return // it is noted where the model is bounded
		}
		r.m.Prose = append(r.m.Prose, r.statementsOf(e)...)
	}
}

// statementsOf reads an element's statements and finds the line of each.
func (r *reader) statementsOf(e *asciidoc.Element) []Statement {
	sts := statements(e.Text, e.Line)
	for i := range sts {
		start := sts[i].Quote
		if len(start) > 24 {
			start = start[:24]
		}
		for _, l := range e.Lines {
			if strings.Contains(l.Text, start) {
				sts[i].Line = l.No
			}
		}
	}
	return sts
}
