package steps

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/cucumber/godog"

	"github.com/esconform/esconform/internal/wire"
)

var targetSteps = chapter{noun: "target", rows: []row{
	{"When Elasticsearch is restarted",
		"Stops the target, starts it again with its data, and waits until it hands out what the scenario has in it, or else answers.",
		"", (*waits).restart},
}}

var waitSteps = chapter{noun: "target", rows: []row{
	{"When <number> milliseconds pass",
		"Waits, so that times of the server differ.",
		"When 20 milliseconds pass", (*waits).wait},
}}

var eventualSteps = chapter{noun: "comparison", rows: []row{
	{"Then eventually, within <number> s, <text>",
		"Demands what another step demands, but not at once: for what an API promises only later. Where that step looks at the response, the last request, which has to be a GET or HEAD, is sent again. What is searched is refreshed on each copy by itself, so that one may show what another does not: of several nodes, each has to answer so in a row.",
		`Then eventually, within 5 s, the response at "/count" equals 1`, (*waits).eventually},
	{"Then eventually, within <number> s, <text>:",
		"The same for a step with a docstring.",
		"Then eventually, within 5 s, the response contains the JSON:\n  \"\"\"\n  {\"count\": 1}\n  \"\"\"", (*waits).eventuallyDoc},
}}

// waits lets time pass.
type waits struct {
	*things
	world *World // whose steps are waited for
}

// readPause is the time between two attempts to read after a restart, and
// readAgain that between two looks at what is not yet as demanded.
const (
	readPause = 50 * time.Millisecond
	readAgain = 100 * time.Millisecond
)

func (w *waits) restart(ctx context.Context) error {
	if w.deps.Target == nil {
		return &SkipError{Reason: "needs a target that may be restarted"}
	}
	if err := w.deps.Target.Restart(ctx); err != nil {
		return fmt.Errorf("restart the target: %w", err)
	}
	paths := []string{"/"}
	for _, th := range w.order {
		th.current = nil
		if th.absent || th.bystander {
			continue
		}
		req, err := w.about(th, th.res.Read.Call, nil)
		if err != nil {
			return err
		}
		paths = append(paths, req.Path)
	}
	if len(paths) > 1 {
		paths = paths[1:]
	}
	for _, path := range paths {
		for node := range w.deps.Session.Client().Nodes() {
			if err := w.handedOut(ctx, wire.Request{Method: http.MethodGet, Path: path, Node: node + 1}); err != nil {
				return err
			}
		}
	}
	return nil
}

// handedOut waits until a read is answered after a restart. A shard takes a
// moment to be there again. Only this read is repeated: what it answers is
// judged by the steps that follow.
func (w *waits) handedOut(ctx context.Context, read wire.Request) error {
	for {
		res, err := w.deps.Session.Do(ctx, read)
		var te *wire.TransportError
		if err == nil && res.Status < http.StatusInternalServerError {
			return nil
		}
		if err != nil && !errors.As(err, &te) {
			return err
		}
		if pause(ctx, readPause) != nil {
			return fmt.Errorf("the target did not answer GET %s after its restart: %w", read.Path, ctx.Err())
		}
	}
}

func (w *waits) wait(ctx context.Context, ms int) error {
	return pause(ctx, time.Duration(ms)*time.Millisecond)
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *waits) eventually(ctx context.Context, seconds int, text string) error {
	return w.within(ctx, seconds, text, nil)
}

func (w *waits) eventuallyDoc(ctx context.Context, seconds int, text string, doc *godog.DocString) error {
	return w.within(ctx, seconds, text+":", doc)
}

// within carries out a step until it does not fail the target any more, or the
// time is over.
func (w *waits) within(ctx context.Context, seconds int, text string, doc *godog.DocString) error {
	step, err := w.demand(text)
	if err != nil {
		return err
	}
	end := time.Now().Add(time.Duration(seconds) * time.Second)
	for inARow := 0; ; {
		err := step.Perform(ctx, w.world, text, doc, nil)
		var wrong *AssertionError
		switch {
		case err == nil:
			if inARow++; inARow == w.deps.Session.Client().Nodes() {
				return nil
			}
		case !errors.As(err, &wrong):
			return err
		case time.Now().After(end):
			wrong.Message = fmt.Sprintf("%s, also after %d s", wrong.Message, seconds)
			return wrong
		default:
			inARow = 0
			if err := pause(ctx, readAgain); err != nil {
				return err
			}
		}
		for _, th := range w.order {
			th.current = nil
		}
		if w.again.Method == http.MethodGet || w.again.Method == http.MethodHead {
			if w.last, err = w.deps.Session.Do(ctx, w.again); err != nil {
				return err
			}
		}
	}
}

// demand returns the step that a text means, which has to be one for Then.
func (w *waits) demand(text string) (Definition, error) {
	for _, d := range w.deps.Steps {
		if d.Demands() && d.Pattern.MatchString(text) {
			return d, nil
		}
	}
	return Definition{}, fmt.Errorf("no step that demands something reads %q; see \"esconform steps\"", text)
}
