package target

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"time"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
)

// EmbeddedConfig chooses how the embedded server behaves.
type EmbeddedConfig struct {
	Emulate     esversion.Version // unknown: the newest
	Fault       string            // id of a fault, or empty
	WriteDelay  time.Duration     // added to every write
	Limits      limits.Limits
	MaxInFlight int
}

// Embedded starts the reference server on a loopback port. An error that is
// no *StartError is one of the configuration.
func Embedded(ctx context.Context, cfg EmbeddedConfig) (*Target, error) {
	handler, err := reference.New(reference.Options{Version: cfg.Emulate, Fault: cfg.Fault, WriteDelay: cfg.WriteDelay})
	if err != nil {
		return nil, err
	}
	e := &embedded{handler: handler}
	if err := e.listen(ctx, "127.0.0.1:0"); err != nil {
		return nil, &StartError{What: "start the embedded server", Err: err}
	}
	client, err := wire.New(wire.Config{URL: "http://" + e.address, Limits: cfg.Limits, MaxInFlight: cfg.MaxInFlight})
	if err != nil {
		return nil, errors.Join(err, e.stop(ctx))
	}
	t, err := New(ctx, client, result.Target{Kind: "embedded", Fault: cfg.Fault}, Hooks{
		Restart:   e.restart,
		Close:     e.stop,
		Reference: handler,
	})
	if err != nil {
		client.Close()
		return nil, errors.Join(err, e.stop(context.WithoutCancel(ctx)))
	}
	return t, nil
}

// embedded is the reference server behind a listener.
type embedded struct {
	handler *reference.Server
	address string
	http    *http.Server
	done    chan struct{} // closed when the server has stopped serving
}

func (e *embedded) listen(ctx context.Context, address string) error {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", address)
	if err != nil {
		return err
	}
	e.address = listener.Addr().String()
	e.http = &http.Server{
		Handler:           e.handler,
		ReadHeaderTimeout: time.Minute,
		ErrorLog:          silent,
	}
	e.done = make(chan struct{})
	go func(server *http.Server, done chan<- struct{}) {
		defer close(done)
		_ = server.Serve(listener) // always ends with ErrServerClosed
	}(e.http, e.done)
	return nil
}

// stop lets requests in flight finish as long as ctx allows.
func (e *embedded) stop(ctx context.Context) error {
	if err := e.http.Shutdown(ctx); err != nil {
		_ = e.http.Close() // ctx is over: whoever is still served is cut off
	}
	<-e.done
	return nil
}

// restart does what a restart of a node does: connections end, and what was
// stored goes to disk and back.
func (e *embedded) restart(ctx context.Context) (string, error) {
	if err := e.stop(ctx); err != nil {
		return "", err
	}
	var disk bytes.Buffer
	if err := e.handler.Save(&disk); err != nil {
		return "", fmt.Errorf("save the documents: %w", err)
	}
	if err := e.handler.Load(&disk); err != nil {
		return "", fmt.Errorf("load the documents: %w", err)
	}
	if err := e.listen(ctx, e.address); err != nil {
		// Somebody took the port meanwhile; any other one will do.
		if err = e.listen(ctx, "127.0.0.1:0"); err != nil {
			return "", err
		}
	}
	return e.address, nil
}

// silent takes what net/http has to say about connections: what goes wrong
// shows in the exchanges.
var silent = log.New(io.Discard, "", 0)
