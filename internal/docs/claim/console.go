package claim

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/esconform/esconform/internal/docs/asciidoc"
	"github.com/esconform/esconform/internal/jsonval"
)

var (
	requestLine = regexp.MustCompile(`^(GET|PUT|POST|HEAD|OPTIONS|DELETE|PATCH)\s+(\S+)\s*$`)
	callout     = regexp.MustCompile(`\s*(?:<\d+>|\[\^\d+\])\s*$`)
)

// ReadRequests reads the requests of a console snippet. Lines that belong to
// no request are returned as unread.
func ReadRequests(lines []asciidoc.Line) ([]Request, []Unread) {
	var out []Request
	var bodies [][]string // lines, by request
	var unread []Unread
	raw := false // inside """
	for _, l := range lines {
		t := l.Text
		if !raw {
			t = callout.ReplaceAllString(t, "")
			if m := requestLine.FindStringSubmatch(strings.TrimSpace(t)); m != nil {
				bodies = append(bodies, nil)
				out = append(out, Request{Line: l.No, Method: m[1], Path: "/" + strings.TrimPrefix(m[2], "/")})
				continue
			}
			if strings.HasPrefix(strings.TrimSpace(t), "#") || strings.TrimSpace(t) == "" {
				continue
			}
		}
		if len(out) == 0 {
			unread = append(unread, Unread{l.No, fmt.Sprintf("snippet line before any request: %q", t)})
			continue
		}
		r := &out[len(out)-1]
		if r.BodyLine == 0 {
			r.BodyLine = l.No
		}
		bodies[len(out)-1] = append(bodies[len(out)-1], t)
		r.BodyEnd = l.No
		if strings.Count(t, `"""`)%2 == 1 {
			raw = !raw
		}
	}
	for i := range out {
		out[i].Body = PlainJSON(strings.Join(bodies[i], "\n"))
	}
	return out, unread
}

// PlainJSON turns what the console takes for a body into JSON: comments are left
// out, and """text""" becomes a string.
func PlainJSON(s string) string {
	var out strings.Builder
	for len(s) > 0 {
		n, write := token(s)
		if write {
			out.WriteString(s[:n])
		}
		if text, ok := strings.CutPrefix(s[:n], `"""`); ok {
			out.WriteString(string(jsonval.Encode(strings.TrimSuffix(text, `"""`))))
		}
		s = s[n:]
	}
	return strings.TrimSpace(out.String())
}

// token is the length of the next piece of a body, and whether it is JSON as it
// is.
func token(s string) (n int, asItIs bool) {
	until := func(end string, from int) int {
		if i := strings.Index(s[from:], end); i >= 0 {
			return from + i + len(end)
		}
		return len(s)
	}
	switch {
	case strings.HasPrefix(s, `"""`):
		return until(`"""`, 3), false
	case s[0] == '"':
		for i := 1; i < len(s); i++ {
			switch s[i] {
			case '\\':
				i++
			case '"':
				return i + 1, true
			case '\n': // a string that is never closed
				return i, true
			}
		}
		return len(s), true
	case strings.HasPrefix(s, "//"), s[0] == '#':
		if i := strings.IndexByte(s, '\n'); i >= 0 {
			return i, false
		}
		return len(s), false
	case strings.HasPrefix(s, "/*"):
		return until("*/", 2), false
	}
	return 1, true
}
