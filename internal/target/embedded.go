package target

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/esconform/esconform/internal/certs"
	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/fault"
	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/security"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
)

// EmbeddedConfig chooses how the embedded server behaves.
type EmbeddedConfig struct {
	Emulate    esversion.Version // unknown: the newest
	Fault      string            // id of a fault, or empty
	WriteDelay time.Duration     // added to every write
	// Security has it speak TLS and demand credentials: the client has those
	// of a superuser with a password that is made up.
	Security bool
	// CAFile, if set, is where the certificate authority is written to that
	// is made up for TLS.
	CAFile string
	// ClusterPrivileges has a version before 9.0 judge by cluster privileges.
	ClusterPrivileges bool
	// Disk, if set, holds what the server begins with, unless it is empty, and
	// what there is when it has stopped: the next one finds it there.
	Disk *bytes.Buffer

	Limits      limits.Limits
	MaxInFlight int
	Secrets     *foreign.Secrets // see wire.Config
}

// Embedded starts the reference server on a loopback port. An error that is
// no *StartError is one of the configuration.
func Embedded(ctx context.Context, cfg EmbeddedConfig) (*Target, error) {
	opt := reference.Options{Version: cfg.Emulate, WriteDelay: cfg.WriteDelay, ClusterPrivileges: cfg.ClusterPrivileges}
	if err := fault.Into(&opt, cfg.Fault); err != nil {
		return nil, err
	}
	access := wire.Config{Limits: cfg.Limits, MaxInFlight: cfg.MaxInFlight, Secrets: cfg.Secrets}
	e := &embedded{}
	if cfg.Security {
		if err := e.secure(&opt, &access, cfg.CAFile); err != nil {
			return nil, err
		}
	}
	handler, err := reference.New(opt)
	if err != nil {
		return nil, err
	}
	e.handler = handler
	if cfg.Disk != nil && cfg.Disk.Len() > 0 {
		if err := handler.Load(cfg.Disk); err != nil {
			return nil, &StartError{What: "start the embedded server on the data of another", Err: err}
		}
	}
	if err := e.listen(ctx, "127.0.0.1:0"); err != nil {
		return nil, &StartError{What: "start the embedded server", Err: err}
	}
	access.URL = e.scheme() + "://" + e.address
	client, err := wire.New(access)
	if err != nil {
		return nil, errors.Join(err, e.stop(ctx))
	}
	t, err := New(ctx, client, result.Target{Kind: "embedded", Fault: cfg.Fault, Security: cfg.Security}, Hooks{
		Restart:   e.restart,
		Stop:      func(ctx context.Context) error { return e.leave(ctx, cfg.Disk) },
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
	tls     *tls.Config // nil: plain HTTP
	address string
	http    *http.Server
	done    chan struct{} // closed when the server has stopped serving
}

// secure makes up an authority, a certificate and a password, for the server
// and for the client.
func (e *embedded) secure(opt *reference.Options, access *wire.Config, caFile string) error {
	authority, err := certs.New()
	if err != nil {
		return err
	}
	certificate, err := authority.Issue("localhost", "127.0.0.1", "::1")
	if err != nil {
		return err
	}
	if caFile != "" {
		if err := os.WriteFile(caFile, authority.PEM, 0o644); err != nil { //nolint:gosec // a certificate is public
			return fmt.Errorf("write the certificate authority: %w", err)
		}
	}
	e.tls = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	opt.Password = rand.Text()
	access.CACert, access.Auth = authority.PEM, wire.Auth{Username: security.Superuser, Password: opt.Password}
	return nil
}

func (e *embedded) scheme() string {
	if e.tls != nil {
		return "https"
	}
	return "http"
}

func (e *embedded) listen(ctx context.Context, address string) error {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", address)
	if err != nil {
		return err
	}
	e.address = listener.Addr().String()
	if e.tls != nil {
		listener = tls.NewListener(listener, e.tls)
	}
	e.http = e.handler.HTTPServer()
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

// leave stops the server and leaves what it has stored on a disk, if it has one.
func (e *embedded) leave(ctx context.Context, disk *bytes.Buffer) error {
	if err := e.stop(ctx); err != nil || disk == nil {
		return err
	}
	disk.Reset()
	return e.handler.Save(disk)
}

// restart does what a restart of a node does: connections end, and what was
// stored goes to disk and back.
func (e *embedded) restart(ctx context.Context) ([]string, error) {
	if err := e.stop(ctx); err != nil {
		return nil, err
	}
	var disk bytes.Buffer
	if err := e.handler.Save(&disk); err != nil {
		return nil, fmt.Errorf("save the documents: %w", err)
	}
	if err := e.handler.Load(&disk); err != nil {
		return nil, fmt.Errorf("load the documents: %w", err)
	}
	if err := e.listen(ctx, e.address); err != nil {
		// Somebody took the port meanwhile; any other one will do.
		if err = e.listen(ctx, "127.0.0.1:0"); err != nil {
			return nil, err
		}
	}
	return []string{e.address}, nil
}
