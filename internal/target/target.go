// Package target brings up or reaches the server that is tested: one in this
// process, or an existing cluster. Package container adds official images.
package target

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

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

	hooks     Hooks
	restartMu sync.Mutex
	closeOnce sync.Once
	closeErr  error
}

// Hooks are what a kind of target can do beyond answering requests.
type Hooks struct {
	// Restart stops the server and starts it again with its data, and returns
	// its host and port. Nil: it cannot be restarted.
	Restart func(context.Context) (host string, err error)
	// Close stops the server and removes everything of it. Nil: nothing to do.
	Close func(context.Context) error
	// Reference is the embedded server.
	Reference *reference.Server
}

// New asks the server behind client who it is and returns the target. info
// holds what is known without asking: Kind, Image and the like. The error is
// a *StartError; the client is left open.
func New(ctx context.Context, client *wire.Client, info result.Target, hooks Hooks) (*Target, error) {
	t := &Target{Info: info, Client: client, hooks: hooks}
	t.Info.URL = client.URL()
	if err := t.identify(ctx); err != nil {
		return nil, err
	}
	return t, nil
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
	host, err := t.hooks.Restart(ctx)
	if err != nil {
		return fmt.Errorf("restart the %s target: %w", t.Info.Kind, err)
	}
	t.Client.Move(host)
	return nil
}

// CanRestart reports whether Restart may succeed.
func (t *Target) CanRestart() bool { return t.hooks.Restart != nil }

// Reference returns the embedded server, or nil for other kinds of targets.
func (t *Target) Reference() *reference.Server { return t.hooks.Reference }

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
