package claim

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/esconform/esconform/internal/docs/asciidoc"
)

func (r *reader) listing(e *asciidoc.Element) {
	switch e.Lang {
	case "console":
		r.snippet(e)
	case "console-result":
		r.answer(e)
	default:
		for _, m := range e.Markers {
			if m.Name == "TESTRESPONSE" {
				r.answer(e)
				return
			}
		}
		if !e.Hidden && e.Lang != "" {
			r.m.Unread = append(r.m.Unread, Unread{e.Line, fmt.Sprintf("a listing in %s is not run", e.Lang)})
		}
	}
}

func (r *reader) snippet(e *asciidoc.Element) {
	x := Example{At: At{Line: e.Line, End: e.End, Quote: firstFilled(e)}, Role: RoleExample, Hidden: e.Hidden}
	x.Substitutes = func(s string) string { return s }
	for _, m := range e.Markers {
		switch m.Name {
		case "TESTSETUP":
			x.Role = RoleSetup
		case "TEARDOWN":
			x.Role = RoleTeardown
		case "NOTCONSOLE":
			x.NotConsole = true
		case "TEST":
			x.Skip, x.Continued, x.Catch, x.SkipAt = m.Skip, m.Continued, m.Catch, m.Line
			x.Substitutes = m.Apply
		}
	}
	var unread []Unread
	x.Requests, unread = ReadRequests(e.Lines)
	r.m.Unread = append(r.m.Unread, unread...)
	if len(x.Requests) == 0 && len(unread) == 0 {
		r.m.Unread = append(r.m.Unread, Unread{e.Line, "console snippet without a request"})
	}
	if r.intro != nil && !e.Hidden {
		x.Intro = r.intro.Text
		x.IntroAt = At{Line: r.intro.Line, Quote: r.intro.Text}
	}
	if !e.Hidden {
		x.Number = 1
		for _, o := range r.m.Examples {
			if !o.Hidden {
				x.Number++
			}
		}
		r.intro = nil
	}
	if x.Continued && len(r.m.Examples) == 0 {
		r.m.Unread = append(r.m.Unread, Unread{e.Line, "TEST[continued] on the first snippet of the page: there is nothing to continue"})
	}
	r.m.Examples = append(r.m.Examples, x)
	r.result = &r.m.Examples[len(r.m.Examples)-1]
}

func firstFilled(e *asciidoc.Element) string {
	for _, l := range e.Lines {
		if strings.TrimSpace(l.Text) != "" {
			return strings.TrimSpace(l.Text)
		}
	}
	return ""
}

func (r *reader) answer(e *asciidoc.Element) {
	if r.result == nil || len(r.m.Examples) == 0 {
		r.m.Unread = append(r.m.Unread, Unread{e.Line, "an answer stands below no request"})
		return
	}
	last := &r.m.Examples[len(r.m.Examples)-1]
	res := &Result{At: At{Line: e.Line, End: e.End, Quote: strings.TrimSpace(e.Text)}, Body: stripCallouts(e.Text)}
	for _, m := range e.Markers {
		if m.Name == "TESTRESPONSE" {
			res.Body = m.Apply(res.Body)
			res.NonJSON, res.Skip = m.NonJSON, m.Skip
		}
	}
	res.Body = PlainJSON(res.Body)
	last.Result = res
}

func stripCallouts(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = callout.ReplaceAllString(l, "")
	}
	return strings.Join(lines, "\n")
}

// column roles in tables of fields or codes.
var columnRoles = []struct {
	re   *regexp.Regexp
	role string
}{
	{regexp.MustCompile(`(?i)^(name|field|parameter|property|code|status)\b`), "name"},
	{regexp.MustCompile(`(?i)^(data )?type$`), "type"},
	{regexp.MustCompile(`(?i)^(required|mandatory|optional)`), "required"},
	{regexp.MustCompile(`(?i)^default`), "default"},
	{regexp.MustCompile(`(?i)^(description|meaning|notes?)`), "text"},
}

// table reads a table of fields or of response codes.
func (r *reader) table(e *asciidoc.Element) {
	if whereOf[r.sec] == "" && r.sec != secCodes {
		r.m.Unread = append(r.m.Unread, Unread{e.Line, "a table in a section that says neither parameter, field nor response code"})
		return
	}
	if len(e.Rows) == 0 {
		return
	}
	roles := map[string]int{}
	for i, cell := range e.Rows[0] {
		for _, c := range columnRoles {
			if _, taken := roles[c.role]; !taken && c.re.MatchString(strings.Trim(cell, "*_` ")) {
				roles[c.role] = i
				break
			}
		}
	}
	rows, lines := e.Rows[1:], e.RowLines[1:]
	if _, ok := roles["name"]; !ok {
		if r.sec != secCodes || len(e.Rows[0]) < 2 {
			r.m.Unread = append(r.m.Unread, Unread{e.Line, fmt.Sprintf("table whose header names no column of names: %q", e.Rows[0])})
			return
		}
		rows, lines, roles = e.Rows, e.RowLines, map[string]int{"name": 0, "text": 1}
	}
	for i, row := range rows {
		r.row(row, roles, lines[i])
	}
}

func (r *reader) row(row []string, roles map[string]int, line int) {
	cell := func(role string) string {
		if i, ok := roles[role]; ok {
			return row[i]
		}
		return ""
	}
	at := At{Line: line, Quote: "|" + strings.Join(row, " |")}
	if r.sec == secCodes {
		r.code(cell("name"), cell("text"), at, false)
		return
	}
	var words []string
	switch strings.ToLower(strings.Trim(cell("required"), "`*_ ")) {
	case "yes", "true", "required", "y", "x":
		words = append(words, "Required")
	case "no", "false", "optional", "n":
		words = append(words, "Optional")
	}
	if t := strings.Trim(cell("type"), "`*_ "); t != "" {
		words = append(words, t)
	}
	text := cell("text")
	if len(words) > 0 {
		text = "(" + strings.Join(words, ", ") + ") " + text
	}
	if d := strings.Trim(cell("default"), "`*_ -–"); d != "" && !strings.EqualFold(d, "none") {
		text += " Defaults to `" + d + "`."
	}
	r.field(term(cell("name")), text, at, false, nil)
	f := &r.m.Fields[len(r.m.Fields)-1]
	f.TypeAt, f.RequiredAt = line, line
}

// defects finds what is wrong with the page whatever the server does.
func (r *reader) defects() {
	for _, c := range r.m.Codes {
		if c.Broken {
			r.brokenItem(c.Line, fmt.Sprintf("code-%d", c.Status))
		}
	}
	for _, f := range r.m.Fields {
		if f.Broken {
			r.brokenItem(f.Line, string(f.In)+"-"+f.Name)
		}
	}
	r.anchors()
}

func (r *reader) brokenItem(line int, id string) {
	text := r.page.LineText(line)
	i := strings.LastIndex(text, "`:")
	if j := strings.Index(text, "):"); j > i {
		i = j
	}
	d := Defect{At: At{Line: line, Quote: text}, ID: "list/" + id, Kind: KindMarkup,
		Want: "a definition list: two colons after the term", Found: "one colon: term and text render as one paragraph"}
	if i >= 0 {
		d.Replace = text[:i+1] + "::" + text[i+2:]
	}
	r.m.Defects = append(r.m.Defects, d)
}

// anchors finds the section anchors that do not start with the page's anchor,
// where the others do.
func (r *reader) anchors() {
	var odd []*asciidoc.Element
	follow := 0
	for _, e := range r.page.Elements {
		if e.Kind != asciidoc.Heading || e.Anchor == "" || e.Anchor == r.page.Anchor || sectionOf(e, false) == secOther {
			continue // what a page has of its own is called as it likes
		}
		if strings.HasPrefix(e.Anchor, r.page.Anchor+"-") {
			follow++
		} else {
			odd = append(odd, e)
		}
	}
	if follow < 3 || follow <= 2*len(odd) {
		return
	}
	for _, e := range odd {
		line := r.page.Anchors[e.Anchor]
		r.m.Defects = append(r.m.Defects, Defect{
			At: At{Line: line, Quote: r.page.LineText(line)}, ID: "anchor/" + e.Anchor, Kind: KindMarkup,
			Want:  fmt.Sprintf("an anchor that starts with %s-, as the page's other sections have", r.page.Anchor),
			Found: e.Anchor,
		})
	}
}
