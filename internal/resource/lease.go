package resource

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

// NewID makes up a name that no other run uses.
func (sc *Scope) NewID() string {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	var name string
	if len(sc.names) > 0 {
		name, sc.names = sc.names[0], sc.names[1:]
	} else {
		name = sc.registry.NewID()
	}
	sc.named = append(sc.named, name)
	return name
}

// Lease is what a scenario began with, for others that begin with the same: the
// resources, the requests that made them, and how they were right after. One
// scenario uses it at a time.
type Lease struct {
	held  *Scope // holds the resources while no scenario does
	items []*item
	names []string
	tape  *wire.Tape
	state []string
}

// Held is the scope that holds the resources while no scenario does.
func (l *Lease) Held() *Scope { return l.held }

// Made are the requests that made it, reads between them too, as method and path.
func (l *Lease) Made() []string { return l.tape.Calls() }

// Lease describes what the scope holds, which was made by what is on the tape.
// The error says why it cannot be lent: reads would not show that it is as it
// was, or more than that may have been made or changed. The reads go through s.
func (sc *Scope) Lease(ctx context.Context, s *wire.Session, tape *wire.Tape) (*Lease, error) {
	l := &Lease{held: sc.registry.Scope(s), items: sc.all(), names: sc.namedSoFar(), tape: tape}
	if len(l.items) == 0 {
		return nil, errors.New("lend what a scenario begins with: it made nothing")
	}
	for _, it := range l.items {
		if !it.lasting() {
			return nil, fmt.Errorf("lend %s %s: reads do not show whether it is as it was", it.kind.name, it.id)
		}
	}
	for _, take := range tape.Writes() {
		if !slices.ContainsFunc(l.items, func(it *item) bool { return it.madeBy(take) }) {
			return nil, fmt.Errorf("lend what %s %s made: it may have changed something else", take.Request.Method, take.Request.Path)
		}
	}
	var err error
	l.state, err = l.reads(ctx)
	return l, err
}

// lasting reports whether something is there for sure, and one read shows all of
// it.
func (it *item) lasting() bool {
	return !it.unsure && !it.gone && !it.refused && !it.lost && it.kind.res != nil && it.kind.res.Whole
}

// madeBy reports whether a request made the item, or changed it: whether its id
// is a part of the path, or a value in the answer.
func (it *item) madeBy(take wire.Take) bool {
	res := take.Response
	path, _, _ := strings.Cut(take.Request.Path, "?")
	return res != nil && res.Status/100 == 2 &&
		(strings.Contains(path+"/", "/"+it.id+"/") || bytes.Contains(res.Body, jsonval.Encode(it.id)))
}

// reads are the answers that show all of what is lent, and what belongs to it.
func (l *Lease) reads(ctx context.Context) ([]string, error) {
	defer l.held.session.Forget()
	var answers []string
	for _, it := range l.items {
		paths := []string{it.kind.path}
		if it.kind.res.Stored != "" {
			paths = append(paths, it.kind.res.Stored)
		}
		if parts := l.held.registry.know.kind(it.kind.parts); parts != nil {
			paths = append(paths, parts.members.paths[0])
		}
		for _, path := range paths {
			res, err := l.held.session.Do(ctx, wire.Request{Method: http.MethodGet, Path: fill(path, it.id), Purpose: lending})
			if err != nil {
				return nil, err
			}
			if res.Status != http.StatusOK {
				return nil, l.held.answerError("a read of what is to be lent", res)
			}
			answers = append(answers, string(res.Body))
		}
	}
	return answers, nil
}

// lending is the purpose of the requests about a lease.
const lending = "lease"

// Take has the scope hold what is lent to it, and the session play how it was
// made. It is an error that it is not as it was.
func (sc *Scope) Take(ctx context.Context, l *Lease) error {
	state, err := l.reads(ctx)
	if err != nil {
		return err
	}
	if !slices.Equal(state, l.state) {
		return errors.New("take what another scenario began with: it is not as it was")
	}
	sc.take(l.held, func(*item) bool { return true })
	sc.takeUp(l.names)
	sc.session.Play(l.tape)
	return nil
}

// Taken ends the playing of how it was made, and reports whether the scenario
// has asked for exactly that.
func (sc *Scope) Taken(l *Lease) bool {
	sc.takeUp(nil)
	fits := sc.session.Played()
	if fits {
		sc.registry.lent(len(l.items))
	}
	return fits
}

// takeUp has the scope take up these names before any is made up.
func (sc *Scope) takeUp(names []string) {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	sc.names = names
}

// Return has what was lent, or is to be lent, held for others, and reports
// whether it is still there, for all that the scope has seen.
func (sc *Scope) Return(l *Lease) bool {
	for _, it := range l.items {
		if !it.lasting() || !sc.has(it) {
			return false
		}
	}
	l.held.take(sc, l.covers)
	return true
}

// covers reports whether something is lent, or finds what belongs to that.
func (l *Lease) covers(it *item) bool {
	return slices.ContainsFunc(l.items, func(of *item) bool {
		return of == it || it.kind.isPart && it.id == of.id && it.kind.name == of.kind.parts
	})
}

func (sc *Scope) namedSoFar() []string {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	return slices.Clone(sc.named)
}

// lent counts what was lent.
func (r *Registry) lent(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.leased += n
}
