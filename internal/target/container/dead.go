package container

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/container"

	"github.com/esconform/esconform/internal/target"
)

// killed is the exit code of a process that was ended by SIGKILL.
const killed = 137

// died returns why the container no longer runs although the run still goes
// on, or nil.
func (i *instance) died(ctx context.Context) error {
	i.deathMu.Lock()
	defer i.deathMu.Unlock()
	if i.death == nil {
		ctx, cancel := context.WithTimeout(ctx, tailLimit)
		defer cancel()
		i.death = i.dead(ctx, "during the run")
	}
	return i.death
}

// dead returns why the container no longer runs, as a *target.StartError, or
// nil while it does. when says when it ended: "before it was ready".
func (i *instance) dead(ctx context.Context, when string) error {
	image := i.cfg.image()
	state, err := i.ctr.State(ctx)
	if errdefs.IsNotFound(err) {
		return &target.StartError{What: fmt.Sprintf("the container of image %s was removed %s", image, when), Advice: "somebody else did that, or the engine was restarted"}
	}
	if err != nil || state.Running || state.Status == container.StateRestarting {
		return nil //nolint:nilerr // what cannot be asked now is asked again
	}
	state = i.settled(ctx, state)
	log := i.tail()
	e := &target.StartError{
		What:   fmt.Sprintf("the container of image %s exited with code %d %s", image, state.ExitCode, when),
		Advice: cmp.Or(log.advice, log.look(image)),
		Log:    log.lines,
	}
	switch {
	case state.OOMKilled:
		e.What = fmt.Sprintf("the container of image %s was killed because the memory ran out (exit code %d) %s", image, state.ExitCode, when)
		e.Advice = moreMemory
	case state.ExitCode == killed && log.advice == "":
		e.Advice = "it was killed, by somebody or for want of memory: raise --memory, or " + log.look(image)
	}
	return e
}

// settled waits a little for what engines learn beside the end of a container,
// sometimes after it: that it lacked memory.
func (i *instance) settled(ctx context.Context, state *container.State) *container.State {
	for try := 0; state.ExitCode == killed && !state.OOMKilled && try < 10; try++ {
		time.Sleep(200 * time.Millisecond)
		if again, err := i.ctr.State(ctx); err == nil {
			state = again
		}
	}
	return state
}
