package target

import (
	"context"
	"errors"
	"sync"
)

// Roll is the replacement of the nodes of a cluster, one after the other, while
// scenarios go on. Those that follow it hold it up at its moments until they have
// seen what they are to see.
type Roll struct {
	mu        sync.Mutex
	followers map[*follower]bool
	over      bool
}

// follower is a scenario that follows a roll.
type follower struct {
	moments chan moment
	gone    chan struct{}
}

type moment struct {
	when string
	seen *sync.WaitGroup
}

// NewRoll returns one that nobody follows yet.
func NewRoll() *Roll { return &Roll{followers: map[*follower]bool{}} }

// ErrNoRoll says that no nodes are being replaced.
var ErrNoRoll = errors.New("no nodes are being replaced")

// FollowRoll does something at each moment of the roll that goes on, until that is
// over.
func (t *Target) FollowRoll(ctx context.Context, do func(when string) error) error {
	if t.Roll == nil {
		return ErrNoRoll
	}
	return t.Roll.follow(ctx, do)
}

func (r *Roll) follow(ctx context.Context, do func(when string) error) error {
	f := &follower{make(chan moment), make(chan struct{})}
	r.mu.Lock()
	over := r.over
	if !over {
		r.followers[f] = true
	}
	r.mu.Unlock()
	if over {
		return ErrNoRoll
	}
	defer close(f.gone)
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case m, on := <-f.moments:
			if !on {
				return nil
			}
			err := do(m.when)
			m.seen.Done()
			if err != nil {
				return err
			}
		}
	}
}

// Followed returns how many scenarios follow it.
func (r *Roll) Followed() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.followers)
}

// At tells all followers of a moment, and returns once they have seen it.
func (r *Roll) At(ctx context.Context, when string) {
	var seen sync.WaitGroup
	r.each(func(f *follower) {
		seen.Add(1)
		select {
		case f.moments <- moment{when, &seen}:
		case <-f.gone:
			seen.Done()
		case <-ctx.Done():
			seen.Done()
		}
	})
	seen.Wait()
}

// End lets the followers go.
func (r *Roll) End() {
	r.each(func(f *follower) { close(f.moments) })
	r.mu.Lock()
	defer r.mu.Unlock()
	r.over, r.followers = true, nil
}

func (r *Roll) each(do func(*follower)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for f := range r.followers {
		do(f)
	}
}
