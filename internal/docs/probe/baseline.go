package probe

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/family"
)

// maxRepairs bounds how often one request is mended by what the server says
// about it.
const maxRepairs = 24

// baseline finds a request that succeeds. The page may be wrong in any way, so
// it starts from what the page says and mends the request by what the server
// answers: fields it does not know are left out, fields it misses are added,
// values it refuses are replaced.
func (b *bench) baseline(t *target, rf *RouteFacts, m *claim.Model, hints []*claim.Model) error {
	bodies := candidates(b, t, m, hints)
	states := []family.State{{}}
	if t.kind != nil && !t.creates {
		states = t.kind.states()
	}
	for _, st := range states {
		for _, body := range bodies {
			ok, err := b.mend(t, rf, m, st.Name, body)
			if aborts(err) || rf.NoRoute != nil || ok {
				return err
			}
			if err != nil {
				break // this state is not to be had
			}
		}
	}
	return nil
}

// candidates are the bodies to start from: those of the page's examples, all
// documented fields, what the specification has, none.
func candidates(b *bench, t *target, m *claim.Model, hints []*claim.Model) []map[string]any {
	var out []map[string]any
	for _, x := range m.Examples {
		for _, r := range x.Requests {
			if x.Role == claim.RoleExample && Matches(t.route, r) {
				if body := bodyOf(r); body != nil {
					out = append(out, body)
				}
			}
		}
	}
	for _, from := range append([]*claim.Model{m}, hints...) {
		all := map[string]any{}
		for _, f := range from.In(claim.InBody) {
			set(all, f.Name, b.guesses(from, f.Name)[0])
		}
		if len(all) > 0 {
			out = append(out, all)
		}
	}
	if len(out) == 0 {
		out = append(out, nil)
	}
	if t.creation != nil && t.creation.Body != "" { // the least that its catalogue knows
		least := family.FillBody(t.creation.Body, map[string]string{"id": b.registry.NewID()})
		out = append(out, bodyOf(claim.Request{Body: least}))
	}
	return append(out, map[string]any{})
}

// Matches reports whether an example's request calls the route.
func Matches(r claim.Route, req claim.Request) bool {
	if req.Method != r.Method {
		return false
	}
	return fit(r.Segments(), segments(req.Path), isID) != nil
}

var (
	requiredRE = regexp.MustCompile(`Required \[([^\]]+)\]`)
	unknownRE  = regexp.MustCompile(`(?:unknown|[Uu]nsupported) field \[([^\]]+)\]`)
)

// mend sends a body until it is accepted or cannot be mended any more.
func (b *bench) mend(t *target, rf *RouteFacts, m *claim.Model, st string, start map[string]any) (bool, error) {
	body := start
	if body != nil {
		body = clone(body)
	}
	tries := map[string]int{} // how many values of a field were tried
	for range maxRepairs {
		c, err := b.call(t, rf, request{purpose: "a request as the page describes it", state: st, body: body})
		if err != nil {
			return false, err
		}
		if c.OK() {
			rf.OK, rf.Failed = c, nil
			rf.Body, _ = c.Sent.(map[string]any)
			return true, nil
		}
		if noRoute(c) {
			rf.NoRoute = c
			return false, nil
		}
		rf.Failed = c
		if !b.repair(t, rf, m, c, body, tries) {
			return false, nil
		}
	}
	return false, nil
}

// repair changes the body by what the answer says; false where it says nothing
// that helps.
func (b *bench) repair(t *target, rf *RouteFacts, m *claim.Model, c *Call, body map[string]any, tries map[string]int) bool {
	if body == nil || c.Lacks() != "" {
		return false
	}
	if hit := unknownRE.FindStringSubmatch(c.Body); hit != nil && unset(body, hit[1]) {
		f := rf.field(claim.InBody, hit[1])
		f.Refused = c
		return true
	}
	if hit := requiredRE.FindStringSubmatch(c.Body); hit != nil {
		added := false
		for _, name := range strings.Split(hit[1], ", ") {
			if rf.Needed[name] == nil {
				rf.Needed[name] = c
			}
			if _, has := body[name]; !has {
				set(body, name, b.guesses(m, name)[0])
				added = true
			}
		}
		return added
	}
	if c.Status == 404 {
		return b.reference(t, rf, body, tries)
	}
	if rf.exclude(c, body) {
		named := c.named(sortedKeys(body))
		return unset(body, named[len(named)-1])
	}
	for _, name := range names(body, "") {
		leaf := name[strings.LastIndexByte(name, '.')+1:]
		if !c.Names("["+leaf+"]") && !c.Names("] "+leaf+" ") {
			continue
		}
		values := b.guesses(m, name)
		n := tries[name]
		tries[name]++
		if n >= len(values) {
			return false
		}
		set(body, name, values[n])
		return true
	}
	// A field of an object may be missing: try the ones the page has there.
	return b.complete(m, body)
}

// complete adds the documented fields that a body does not hold yet.
func (b *bench) complete(m *claim.Model, body map[string]any) bool {
	added := false
	for _, f := range m.In(claim.InBody) {
		if _, has := lookup(body, f.Name); !has {
			set(body, f.Name, b.guesses(m, f.Name)[0])
			added = true
		}
	}
	return added
}

// reference replaces one string by the id of what a resource needs, or of
// another one where it needs nothing: a 404 says that something that the body
// names does not exist.
func (b *bench) reference(t *target, rf *RouteFacts, body map[string]any, tries map[string]int) bool {
	if t.whose == nil {
		return false
	}
	to := t.whose
	if len(to.needs) > 0 {
		to = to.needs[0]
	}
	id, err := b.parent(to)
	if err != nil {
		return false
	}
	for _, name := range names(body, "") {
		key := "ref " + name
		v, _ := lookup(body, name)
		if _, isText := v.(string); !isText || tries[key] > 0 {
			continue
		}
		tries[key]++
		set(body, name, id)
		rf.field(claim.InBody, name).Ref = to.Kind
		return true
	}
	return false
}

// names returns the dotted names of a body, outer ones first.
func names(body map[string]any, prefix string) []string {
	var out []string
	for _, k := range sortedKeys(body) {
		out = append(out, prefix+k)
	}
	for _, k := range sortedKeys(body) {
		if m, ok := body[k].(map[string]any); ok {
			out = append(out, names(m, prefix+k+".")...)
		}
	}
	return out
}

// widen adds to the working request every documented field that it lacks, so
// that each is sent at least once.
func (b *bench) widen(t *target, rf *RouteFacts, m *claim.Model, hints []*claim.Model) error {
	for _, from := range append([]*claim.Model{m}, hints...) {
		for _, f := range from.In(claim.InBody) {
			if _, has := lookup(rf.Body, f.Name); has || f.Parent() != "" && from.Source != claim.SourcePage {
				continue
			}
			if err := b.addField(t, rf, m, f.Name); err != nil {
				return err
			}
		}
	}
	return nil
}

// maxGuesses bounds how many values of a field are tried to find one that the
// server takes.
const maxGuesses = 16

func (b *bench) addField(t *target, rf *RouteFacts, m *claim.Model, name string) error {
	for i, v := range b.guesses(m, name) {
		if i == maxGuesses {
			break
		}
		body := clone(rf.Body)
		set(body, name, v)
		c, err := b.call(t, rf, request{purpose: fmt.Sprintf("%s is sent as well", name), body: body, trial: name})
		if err != nil {
			return err
		}
		if c.OK() {
			rf.OK = c
			rf.Body, _ = c.Sent.(map[string]any)
			return nil
		}
		if hit := unknownRE.FindStringSubmatch(c.Body); hit != nil && strings.HasSuffix(name, hit[1]) || c.Names("does not support having a body") {
			rf.field(claim.InBody, name).Refused = c
			return nil
		}
		if rf.exclude(c, body) {
			return nil
		}
	}
	return nil
}
