// Package target brings up or reaches the server that is tested: one in this
// process, or an existing cluster. Package container adds official images.
package target

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
)

// Target is a server that answers.
type Target struct {
	Info    result.Target
	Version esversion.Version // unknown where the account may not read it
	Client  *wire.Client
	// Disposable: nothing in it is anybody's, or its owner says so.
	Disposable bool
	// Roll, if set, goes on: nodes are replaced while scenarios follow it.
	Roll *Roll

	hooks     Hooks
	restartMu sync.Mutex
	closeOnce sync.Once
	closeErr  error
}

// Hooks are what a kind of target can do beyond answering requests.
type Hooks struct {
	// Restart stops the server and starts it again with its data, and returns
	// its host and port, or those of all nodes. Nil: it cannot be restarted.
	Restart func(context.Context) (hosts []string, err error)
	// Kill ends one of several nodes at once, Revive starts it again with its
	// data and returns its host and port, and Master says which one is the
	// elected master. Nil: they are not ours to stop.
	Kill   func(ctx context.Context, node int) error
	Revive func(ctx context.Context, node int) (host string, err error)
	Master func(context.Context) (node int, err error)
	// Leave stops one of several nodes in an orderly way, and Succeed starts a newer
	// one of the image Next on its data and returns its host and port. Nil: there is
	// no newer one.
	Leave   func(ctx context.Context, node int) error
	Succeed func(ctx context.Context, node int) (host string, err error)
	Next    string
	// Died returns why the server that was started no longer runs, nil while
	// it does. Nil: that cannot be known.
	Died func(context.Context) error
	// Stop stops the server in an orderly way: what is to outlive it does. Nil:
	// it cannot be stopped.
	Stop func(context.Context) error
	// Close stops the server and removes everything of it. Nil: nothing to do.
	Close func(context.Context) error
	// Reference is the embedded server.
	Reference *reference.Server
}

// New asks the server behind client who it is and returns the target. info
// holds what is known without asking: Kind, Image and the like. The error is
// a *StartError, or one of the configuration; the client is left open.
func New(ctx context.Context, client *wire.Client, info result.Target, hooks Hooks) (*Target, error) {
	t := &Target{Info: info, Client: client, hooks: hooks}
	if err := t.ask(ctx); err != nil {
		return nil, err
	}
	return t, nil
}

// ask asks all nodes who they are.
func (t *Target) ask(ctx context.Context) error {
	t.Info.URL = t.Client.URL()
	err := t.identify(ctx)
	if err == nil && t.Client.Nodes() > 1 {
		err = t.oneCluster(ctx)
	}
	return err
}

// ErrCannotRestart says that the target is not ours to restart.
var ErrCannotRestart = errors.New("a target that was started by somebody else cannot be restarted")

// Restart stops the server and starts it again with its data. It returns once
// the server answers.
func (t *Target) Restart(ctx context.Context) error {
	if t.hooks.Restart == nil {
		return ErrCannotRestart
	}
	t.restartMu.Lock()
	defer t.restartMu.Unlock()
	t.Client.CloseIdle() // a server that stops waits for connections
	hosts, err := t.hooks.Restart(ctx)
	if err != nil {
		return fmt.Errorf("restart the %s target: %w", t.Info.Kind, err)
	}
	t.Client.Move(hosts...)
	return nil
}

// CanRestart reports whether Restart may succeed.
func (t *Target) CanRestart() bool { return t.hooks.Restart != nil }

// deathNotice is how long an engine may take to learn that a server died whose
// port is closed already.
const deathNotice = 5 * time.Second

// Died returns why the server that was started for the run no longer runs: an
// error that is a *StartError, nil while it runs and where nobody knows. It
// answers also after the end of ctx.
func (t *Target) Died(ctx context.Context) error {
	if t.hooks.Died == nil {
		return nil
	}
	ctx = context.WithoutCancel(ctx)
	for end := time.Now().Add(deathNotice); ; time.Sleep(pause) {
		if died := t.hooks.Died(ctx); died != nil {
			return died
		}
		if t.listens(ctx) || time.Now().After(end) {
			return nil
		}
	}
}

// listens reports whether somebody takes requests, whatever comes of them.
func (t *Target) listens(ctx context.Context) bool {
	_, err := t.Client.Session().Do(ctx, wire.Request{Method: http.MethodGet, Path: "/", Purpose: "see whether the target is up"})
	var transport *wire.TransportError
	return !errors.As(err, &transport) || transport.Kind != wire.KindRefused && transport.Kind != wire.KindClosed
}

// Reference returns the embedded server, or nil for other kinds of targets.
func (t *Target) Reference() *reference.Server { return t.hooks.Reference }

// Stop stops a server that was started in an orderly way, so that the next one
// may go on with its data, and removes the rest of it.
func (t *Target) Stop(ctx context.Context) error {
	if t.hooks.Stop == nil {
		return ErrCannotRestart
	}
	t.Client.CloseIdle() // a server that stops waits for connections
	err := t.hooks.Stop(ctx)
	return errors.Join(err, t.Close(ctx))
}

// Close closes the client and removes what was started. Further calls do
// nothing and return the same error.
func (t *Target) Close(ctx context.Context) error {
	t.closeOnce.Do(func() {
		t.Client.Close()
		if t.hooks.Close != nil {
			t.closeErr = t.hooks.Close(ctx)
		}
	})
	return t.closeErr
}

// StartError says why a target cannot be tested at all.
type StartError struct {
	What   string   // "start the container: the image cannot be pulled"
	Advice string   // what to do about it, or empty
	Log    []string // the last lines of the server's log, where there is one
	Err    error    // the cause, or nil
	// Refused is the call, method and path, that a target whose API is there
	// answered otherwise than it has to: what is required of it can be tested
	// all the same. It is empty for every other cause.
	Refused string
}

// Error returns one line: what happened, why, and what to do next.
func (e *StartError) Error() string {
	text := e.What
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	if e.Advice != "" {
		text += " (" + e.Advice + ")"
	}
	return strings.Join(strings.Fields(text), " ")
}

// Unwrap returns the cause.
func (e *StartError) Unwrap() error { return e.Err }
