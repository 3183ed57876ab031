package claim

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/esconform/esconform/internal/docs/asciidoc"
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
		out[i].Body = UnquoteTriple(strings.TrimSpace(strings.Join(bodies[i], "\n")))
	}
	return out, unread
}

var triple = regexp.MustCompile(`(?s)"""(.*?)"""`)

// UnquoteTriple turns """text""" of the console into a JSON string.
func UnquoteTriple(s string) string {
	return triple.ReplaceAllStringFunc(s, func(m string) string {
		return strconv.Quote(m[3 : len(m)-3])
	})
}
