package openapi

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/tree"
	"github.com/esconform/esconform/internal/jsonval"
)

// examples are those of the request's body and of successful answers. An answer
// stands with the request of its number; the others stand alone.
func (r *reading) examples(o Operation) []claim.Example {
	var out []claim.Example
	numbers := map[string]int{} // of a name -> index of the example
	for _, e := range r.named(r.follow(o.op.Get("requestBody"))) {
		x, ok := r.example(o, e)
		if !ok {
			continue
		}
		q := &x.Requests[0]
		q.Body = claim.PlainJSON(strings.TrimSpace(e.text))
		q.BodyLine, q.BodyEnd = e.first, e.last
		numbers[e.number] = len(out)
		out = append(out, x)
	}
	for ref := range o.op.Get("responses").Pairs() {
		if status, err := strconv.Atoi(ref.Name()); err != nil || status >= 300 {
			continue
		}
		for _, e := range r.named(r.follow(ref)) {
			x, ok := r.example(o, e)
			if !ok {
				continue
			}
			i, paired := numbers[e.number]
			if !paired || out[i].Result != nil {
				i, out = len(out), append(out, x)
			}
			out[i].Result = &claim.Result{At: x.At, Body: claim.PlainJSON(strings.TrimSpace(e.text))}
		}
	}
	for i := range out {
		out[i].Number = i + 1
	}
	return out
}

// sample is one value of a list of examples, as text.
type sample struct {
	node        tree.Node
	text, about string
	number      string // at the end of its name
	first, last int    // lines of the text
}

var trailing = regexp.MustCompile(`\d*$`)

// named are the examples of a body. Each is a text that holds JSON, or a value.
func (r *reading) named(of tree.Node) []sample {
	_, media := r.media(of)
	var out []sample
	if single := media.Get("example"); single.There() {
		out = append(out, r.sample(single, single, ""))
	}
	for ref := range media.Get("examples").Pairs() {
		e := r.follow(ref)
		value := e.Get("value")
		if !value.There() {
			r.lost(ref, fmt.Sprintf("example %s: only those with a value in the document are read", ref.Name()))
			continue
		}
		about := e.Text("description")
		if about == "" {
			about = e.Text("summary")
		}
		out = append(out, r.sample(ref, value, about))
	}
	return out
}

func (r *reading) sample(at, value tree.Node, about string) sample {
	s := sample{node: at, about: about, number: trailing.FindString(at.Name())}
	line, block := value.ValueLine()
	s.first, s.last = line, line
	if !value.IsText() {
		var v any
		err := value.Decode(&v)
		if b, bad := json.Marshal(v); err == nil && bad == nil {
			s.text = string(b)
		}
		return s
	}
	s.text, _ = value.Scalar()
	if block {
		s.first++
		s.last = line + strings.Count(strings.TrimRight(s.text, "\n"), "\n") + 1
	}
	return s
}

var namesRequest = regexp.MustCompile("`(GET|PUT|POST|HEAD|OPTIONS|DELETE|PATCH)\\s+([^`\\s]+)`")

// example is an example of the operation: of the request that its description
// names, where that is one, or of the operation's path as it is.
func (r *reading) example(o Operation, s sample) (claim.Example, bool) {
	if !isJSON(s.text) {
		r.lost(s.node, fmt.Sprintf("example %s is neither JSON nor lines of it", s.node.Name()))
		return claim.Example{}, false
	}
	route := o.Route()
	at := s.node.Place()
	at.End = s.last
	q := claim.Request{Line: at.Line, Method: route.Method, Path: route.Path}
	for _, m := range namesRequest.FindAllStringSubmatch(s.about, -1) {
		if path := "/" + strings.Trim(m[2], "/"); m[1] == route.Method && leadsTo(route, path) {
			q.Path = path
			break
		}
	}
	return claim.Example{
		At: at, Role: claim.RoleExample, Requests: []claim.Request{q}, Intro: s.about, IntroAt: claim.At{Line: at.Line, Quote: s.about},
		Substitutes: func(text string) string { return text },
	}, true
}

// leadsTo reports whether a path is one of the route.
func leadsTo(r claim.Route, path string) bool {
	path, _, _ = strings.Cut(path, "?")
	have, want := strings.Split(strings.Trim(path, "/"), "/"), r.Segments()
	if len(have) != len(want) {
		return false
	}
	for i, s := range want {
		if _, isParam := claim.Param(s); !isParam && s != have[i] {
			return false
		}
	}
	return true
}

// isJSON reports whether a text is JSON as the console takes it, or lines of it.
func isJSON(text string) bool {
	text = claim.PlainJSON(strings.TrimSpace(text))
	if _, err := jsonval.Decode([]byte(text)); err == nil {
		return true
	}
	lines := strings.Split(text, "\n")
	for _, l := range lines {
		if _, err := jsonval.Decode([]byte(l)); err != nil && strings.TrimSpace(l) != "" {
			return false
		}
	}
	return len(lines) > 1
}
