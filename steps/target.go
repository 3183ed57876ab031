package steps

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/esconform/esconform/internal/wire"
)

func targetSteps() []Definition {
	return []Definition{
		define("target", `Elasticsearch is restarted`,
			"Stops the target, starts it again with its data, and waits until it hands out the sync job.",
			"When Elasticsearch is restarted",
			func(w *World) any { return w.restart }),
		generic("target", number+` milliseconds pass`,
			"Waits, so that times of the server differ.",
			"When 20 milliseconds pass",
			func(w *World) any { return w.wait }),
	}
}

// readPause is the time between two attempts to read after a restart.
const readPause = 50 * time.Millisecond

func (w *World) restart(ctx context.Context) error {
	if w.job == nil {
		return errNoJob
	}
	if err := w.deps.Target.Restart(ctx); err != nil {
		return fmt.Errorf("restart the target: %w", err)
	}
	// A shard takes a moment to be there again. Only this read is repeated:
	// what it answers is judged by the steps that follow.
	for {
		res, err := w.get(ctx, jobPath(w.job.id))
		var te *wire.TransportError
		if err == nil && res.Status < http.StatusInternalServerError {
			w.job.current = nil
			return nil
		}
		if err != nil && !errors.As(err, &te) {
			return err
		}
		if pause(ctx, readPause) != nil {
			return fmt.Errorf("the target did not hand out the sync job after its restart: %w", ctx.Err())
		}
	}
}

func (w *World) wait(ctx context.Context, ms int) error {
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
