package compare

import (
	"bytes"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/observe"
)

// pair is the same question asked in both runs; one side is nil where only the
// other run asked it.
type pair struct{ a, b *observe.Observation }

// found is a change with the exchange that shows it.
type found struct {
	change
	pair
	route string
	// followUps counts later differences in the scenario that come of it.
	followUps int
}

// scenario compares what both runs observed in one scenario, in order.
type scenario struct {
	noise    []observe.Noise
	compared int
	unpaired int
	found    []found
	// derived are fields of stored documents that differ because the runs
	// sent something else; cause is the index in found of that difference.
	derived map[string]int
	// broken is the index in found of a write that ended differently: what
	// differs afterwards comes of it. -1 where there is none.
	broken int
	// undone is the index in found of other requests that were sent to set
	// the scenario up: whatever documents hold differs because of it.
	undone int
}

func compareScenario(a, b *observe.Scenario, noise []observe.Noise) (*scenario, error) {
	s := &scenario{noise: noise, derived: map[string]int{}, broken: -1, undone: -1}
	all, err := s.match(a, b)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(p pair) bool { return s.isNoise(p, "") })
	// What was sent comes first: answers differ because of it.
	s.otherSteps(all)
	requests := make([]int, len(all))
	for i, p := range all {
		requests[i] = -1
		if p.a != nil && p.b != nil && !sameRequest(&p.a.Request, &p.b.Request) {
			requests[i] = s.otherRequest(p, Route(p.b.Request.Method, p.b.Request.Path))
		}
	}
	for i, p := range all {
		if p.a == nil || p.b == nil {
			s.unpaired++
			continue
		}
		s.compared++
		s.pair(p, requests[i])
	}
	return s, nil
}

// match pairs the exchanges of both runs. Those whose lines are the same are
// counted and not even decoded.
func (s *scenario) match(a, b *observe.Scenario) ([]pair, error) {
	old, now, alike, err := observe.Differing(a, b)
	if err != nil {
		return nil, err
	}
	if alike {
		s.compared += a.Count() - len(old)
		out := make([]pair, len(old))
		for i := range old {
			out[i] = pair{&old[i], &now[i]}
		}
		return out, nil
	}
	if old, err = a.Exchanges(); err != nil {
		return nil, err
	}
	if now, err = b.Exchanges(); err != nil {
		return nil, err
	}
	return pairs(old, now), nil
}

// otherSteps notes the steps in which the runs sent other requests altogether,
// as esconform does where a version lacks a call.
func (s *scenario) otherSteps(all []pair) {
	for len(all) > 0 {
		step := all[:1]
		for len(step) < len(all) && all[len(step)].step() == all[0].step() {
			step = all[:len(step)+1]
		}
		all = all[len(step):]
		s.otherStep(step, all)
	}
}

func (p pair) step() string {
	if p.b != nil {
		return p.b.Step
	}
	return p.a.Step
}

func (s *scenario) otherStep(step, later []pair) {
	var old, now []*observe.Observation
	both := pair{}
	for _, p := range step {
		switch {
		case p.b == nil && !safe(p.a.Request.Method) && !p.a.AtOnce:
			old = append(old, p.a)
		case p.a == nil && !safe(p.b.Request.Method) && !p.b.AtOnce:
			now = append(now, p.b)
		}
		if p.a != nil {
			both.a = p.a
		}
		if p.b != nil {
			both.b = p.b
		}
	}
	// A run that sent nothing here, and nothing later, had ended: that says
	// nothing of what it was to send.
	goesOn := func(is func(pair) bool) bool { return slices.ContainsFunc(later, is) }
	switch {
	case len(old)+len(now) == 0 || both.a == nil || both.b == nil:
		return
	case len(now) == 0 && !goesOn(func(p pair) bool { return p.b != nil }):
		return
	case len(old) == 0 && !goesOn(func(p pair) bool { return p.a != nil }):
		return
	}
	if len(old) > 0 {
		both.a = old[0]
	}
	if len(now) > 0 {
		both.b = now[0]
	}
	c := change{kind: KindRequest, class: Behaviour, at: "/request", old: routes(old), new: routes(now)}
	c.title = "esconform sent " + c.new + " instead of " + c.old
	c.signature = c.title
	s.found = append(s.found, found{change: c, pair: both, route: Route(both.b.Request.Method, both.b.Request.Path)})
	s.undone = len(s.found) - 1
}

func routes(list []*observe.Observation) string {
	if len(list) == 0 {
		return "nothing"
	}
	var out []string
	for _, o := range list {
		out = append(out, Route(o.Request.Method, o.Request.Path))
	}
	return strings.Join(slices.Compact(out), ", ")
}

// pairs matches the exchanges of two runs: first those that ask exactly the
// same, then those of one step that ask the same of the same thing with
// another body. The order is that of the new run, or of the old one where only
// that has it.
func pairs(old, now []observe.Observation) []pair {
	byKey := make(map[observe.Key]int, len(old))
	for i, k := range observe.Keys(old) {
		byKey[k] = i
	}
	twin := make([]int, len(now)) // index in old, or -1
	taken := make([]bool, len(old))
	for i, k := range observe.Keys(now) {
		twin[i] = -1
		if j, ok := byKey[k]; ok {
			twin[i], taken[j] = j, true
		}
	}
	matchLoosely(old, now, twin, taken)
	matchRaces(old, now, twin)
	out := make([]pair, 0, len(now))
	next := 0 // of old
	for i := range now {
		p := pair{b: &now[i]}
		if j := twin[i]; j >= 0 {
			for ; next < j; next++ {
				if !taken[next] {
					out = append(out, pair{a: &old[next]})
				}
			}
			p.a = &old[j]
			next = max(next, j+1)
		}
		out = append(out, p)
	}
	for ; next < len(old); next++ {
		if !taken[next] {
			out = append(out, pair{a: &old[next]})
		}
	}
	return out
}

type looseKey struct{ step, method, path string }

func loose(o *observe.Observation) looseKey {
	return looseKey{o.Step, o.Request.Method, o.Request.Path}
}

func matchLoosely(old, now []observe.Observation, twin []int, taken []bool) {
	free := map[looseKey][]int{}
	for j := range old {
		if !taken[j] {
			free[loose(&old[j])] = append(free[loose(&old[j])], j)
		}
	}
	for i := range now {
		k := loose(&now[i])
		if twin[i] < 0 && len(free[k]) > 0 {
			j := free[k][0]
			free[k] = free[k][1:]
			twin[i], taken[j] = j, true
		}
	}
}

// matchRaces holds an answer of a race that only the new run has against one
// that the old run got to the same request: the answers of a race are a set.
func matchRaces(old, now []observe.Observation, twin []int) {
	for i := range now {
		if twin[i] >= 0 || !now[i].AtOnce {
			continue
		}
		k := loose(&now[i])
		twin[i] = slices.IndexFunc(old, func(o observe.Observation) bool { return o.AtOnce && loose(&o) == k })
	}
}

func (s *scenario) isNoise(p pair, at string) bool {
	if len(s.noise) == 0 {
		return false
	}
	o := p.b
	if o == nil {
		o = p.a
	}
	return slices.ContainsFunc(s.noise, func(n observe.Noise) bool {
		return n.Scenario == o.Scenario && n.Step == o.Step && n.Method == o.Request.Method && n.Path == o.Request.Path &&
			(n.Pointer == "" || at == n.Pointer || strings.HasPrefix(at, n.Pointer+"/"))
	})
}

// pair compares the answers of a pair; request is the index in found of the
// difference in what was sent, or -1.
func (s *scenario) pair(p pair, request int) {
	route := Route(p.b.Request.Method, p.b.Request.Path)
	for _, c := range answers(&p.a.Answer, &p.b.Answer, route) {
		if s.isNoise(p, c.at) {
			continue
		}
		if at := s.causeOf(c, request); at >= 0 {
			s.found[at].followUps++
			continue
		}
		s.found = append(s.found, found{change: c, pair: p, route: route})
		if (c.kind == KindStatus || c.kind == KindNoAnswer) && !safe(p.b.Request.Method) {
			s.broken = len(s.found) - 1
		}
	}
}

// causeOf returns the index of the earlier difference that a change comes of,
// or -1.
func (s *scenario) causeOf(c change, request int) int {
	if s.broken >= 0 {
		return s.broken
	}
	if request >= 0 && c.kind != KindStatus && c.kind != KindNoAnswer {
		return request
	}
	if !strings.HasPrefix(c.at, "/body/") && c.at != "/body" {
		return -1
	}
	field, _, _ := strings.Cut(strings.TrimPrefix(c.pointer, "/"), "/")
	if at, ok := s.derived[field]; ok {
		return at
	}
	return s.undone
}

// otherRequest notes that the runs sent different things, and which fields
// that touches.
func (s *scenario) otherRequest(p pair, route string) int {
	fields := differingFields(p.a.Request.Body, p.b.Request.Body)
	c := change{
		kind: KindRequest, class: Behaviour, at: "/request", old: requestText(&p.a.Request), new: requestText(&p.b.Request),
		pointer: strings.Join(fields, ","),
		title:   "esconform sent something else to " + route,
	}
	if len(fields) > 0 {
		c.title += ": " + strings.Join(fields, ", ")
	}
	c.signature = route + "|" + c.pointer
	for i := range s.found {
		if s.found[i].kind == KindRequest && s.found[i].signature == c.signature {
			return i
		}
	}
	s.found = append(s.found, found{change: c, pair: p, route: route})
	at := len(s.found) - 1
	for _, f := range fields {
		s.derived[f] = at
	}
	return at
}

func sameRequest(a, b *observe.Request) bool {
	return a.Text == b.Text && bytes.Equal(a.Body, b.Body) && maps.Equal(a.Headers, b.Headers)
}

// differingFields lists the members of two request bodies that differ.
func differingFields(a, b []byte) []string {
	old, _ := jsonval.Decode(a)
	now, _ := jsonval.Decode(b)
	x, okA := old.(map[string]any)
	y, okB := now.(map[string]any)
	if !okA || !okB {
		return nil
	}
	var out []string
	for _, c := range jsonval.Diff(x, y) {
		field, _, _ := strings.Cut(strings.TrimPrefix(c.Pointer, "/"), "/")
		out = append(out, field)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func safe(method string) bool { return method == "GET" || method == "HEAD" || method == "OPTIONS" }

// placeholder stands in observations for a name or an id.
var placeholder = regexp.MustCompile(`<[a-z]+(?: [a-z]+)* \d+>|<unknown id>`)

// Route is a request without the names in it: PUT
// /_connector/_sync_job/{id}/_stats. Parameters keep their names only.
func Route(method, path string) string {
	path, query, _ := strings.Cut(path, "?")
	path = family.EmbeddedPaths().WithoutID(placeholder.ReplaceAllString(path, "{id}"), "{id}")
	if query != "" {
		var names []string
		for _, p := range strings.Split(query, "&") {
			name, _, _ := strings.Cut(p, "=")
			names = append(names, name)
		}
		path += "?" + strings.Join(names, "&")
	}
	return method + " " + path
}
