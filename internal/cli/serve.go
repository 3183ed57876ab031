package cli

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"net"
	"time"

	"github.com/spf13/cobra"

	"github.com/esconform/esconform/internal/certs"
	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/fault"
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/security"
)

// serveFlags are the flags of "esconform serve".
type serveFlags struct {
	addr, emulate, fault, data string
	writeDelay, templatesAfter time.Duration
	security                   bool
	caOut                      string
}

// superuserVariable holds the password of the superuser, as in the official
// images of Elasticsearch.
const superuserVariable = "ELASTIC_PASSWORD"

func (a *app) serveCommand() *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the embedded reference server, for clients and curl",
		Long: `Serve the embedded reference implementation of the connector and sync-job API.
It is not Elasticsearch. It keeps its documents in memory. With --data they are
in a file besides, in a format of its own: every change is in it before it is
answered, so that it is there again after the next start, however this one ends.
Any other file is refused and left as it is.

With --security it speaks TLS and demands credentials. The superuser is
"elastic"; its password is taken from ` + superuserVariable + `, or made up and printed.`,
		Example: `  esconform serve --addr 127.0.0.1:9200
  esconform serve --addr 127.0.0.1:9200 --emulate 8.12.0
  esconform serve --addr 127.0.0.1:9200 --security --ca-out ca.crt
  esconform serve --addr 127.0.0.1:9200 --fault stats.values.deleted-document-count-off-by-one`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.serve(cmd.Context(), f)
		},
	}
	cmd.Flags().StringVar(&f.addr, "addr", "127.0.0.1:9200", "`host:port` to listen on; port 0 takes a free one")
	cmd.Flags().StringVar(&f.emulate, "emulate", "", "behave like this Elasticsearch `version`")
	cmd.Flags().StringVar(&f.fault, "fault", "", "`id` of a defect to have; see \"esconform list --faults\"")
	cmd.Flags().StringVar(&f.data, "data", "", "`file` that keeps every change; made where it is not there")
	cmd.Flags().DurationVar(&f.writeDelay, "write-delay", 0, "take this long for each write")
	cmd.Flags().DurationVar(&f.templatesAfter, "templates-after", 0, "install the index templates this long after the start, as a node does that has just come up: what is written before makes an index without alias and mapping")
	cmd.Flags().BoolVar(&f.security, "security", false, "speak TLS, and demand credentials and privileges")
	cmd.Flags().StringVar(&f.caOut, "ca-out", "http_ca.crt", "`file` for the certificate authority of --security, its key beside it; both are used again where they are there")
	return cmd
}

func (a *app) serve(ctx context.Context, f serveFlags) error {
	opt := reference.Options{WriteDelay: f.writeDelay, TemplatesAfter: f.templatesAfter}
	if err := fault.Into(&opt, f.fault); err != nil {
		return err
	}
	if f.writeDelay < 0 {
		return fmt.Errorf("--write-delay %s: cannot be negative", f.writeDelay)
	}
	if f.templatesAfter < 0 {
		return fmt.Errorf("--templates-after %s: cannot be negative", f.templatesAfter)
	}
	if f.emulate != "" {
		v, err := esversion.Parse(f.emulate)
		if err != nil {
			return fmt.Errorf("--emulate: %w", err)
		}
		opt.Version = v
	}
	var secured *tls.Config
	if f.security {
		var err error
		if secured, err = a.secureServe(&opt, f); err != nil {
			return err
		}
	}
	server, err := reference.New(opt)
	if err != nil {
		return err
	}
	if f.data != "" {
		if err := server.Open(f.data); err != nil {
			return fmt.Errorf("use --data %s: %w; name a file that this command made, or a new one", f.data, err)
		}
		defer server.Close()
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", f.addr)
	if err != nil {
		return fmt.Errorf("listen on --addr %s: %w; choose another port, or 0 for a free one", f.addr, err)
	}
	scheme := "http"
	if secured != nil {
		scheme, listener = "https", tls.NewListener(listener, secured)
		fmt.Fprintf(a.stdout, "certificate authority: %s\n", f.caOut)
	}
	fmt.Fprintf(a.stdout, "serving on %s://%s (esconform's reference server, not Elasticsearch); stop with Ctrl-C\n", scheme, listener.Addr())
	web := server.HTTPServer()
	stopped := make(chan error, 1)
	go func() { stopped <- web.Serve(listener) }()
	select {
	case err = <-stopped:
		return fmt.Errorf("serve on %s: %w", f.addr, err)
	case <-ctx.Done():
	}
	shutdown, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_ = web.Shutdown(shutdown) // a client that holds on is cut off
	return nil
}

// secureServe makes what TLS needs, and finds the superuser's password.
func (a *app) secureServe(opt *reference.Options, f serveFlags) (*tls.Config, error) {
	host, _, err := net.SplitHostPort(f.addr)
	if err != nil {
		return nil, fmt.Errorf("--addr %s: %w; want host:port", f.addr, err)
	}
	authority, err := certs.Open(f.caOut)
	if err != nil {
		return nil, err
	}
	certificate, err := authority.Issue(certs.LocalHosts(host)...)
	if err != nil {
		return nil, err
	}
	if opt.Password = a.getenv(superuserVariable); opt.Password == "" {
		opt.Password = rand.Text()
		fmt.Fprintf(a.stdout, "password of the user %s: %s (made up; %s chooses another)\n", security.Superuser, opt.Password, superuserVariable)
	}
	return &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}, nil
}
