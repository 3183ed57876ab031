package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/reference"
)

// serveFlags are the flags of "esconform serve".
type serveFlags struct {
	addr, emulate, fault, data string
	writeDelay                 time.Duration
}

func (a *app) serveCommand() *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the embedded reference server, for clients and curl",
		Long: `Serve the embedded reference implementation of the connector and sync-job API.
It is not Elasticsearch. It keeps its documents in memory; with --data they are
read from a file at the start and written to it at the end.`,
		Example: `  esconform serve --addr 127.0.0.1:9200
  esconform serve --addr 127.0.0.1:9200 --emulate 8.12.0
  esconform serve --addr 127.0.0.1:9200 --fault stats.count.off-by-one`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.serve(cmd.Context(), f)
		},
	}
	cmd.Flags().StringVar(&f.addr, "addr", "127.0.0.1:9200", "`host:port` to listen on; port 0 takes a free one")
	cmd.Flags().StringVar(&f.emulate, "emulate", "", "behave like this Elasticsearch `version`")
	cmd.Flags().StringVar(&f.fault, "fault", "", "have this defect; see \"esconform selftest --list\"")
	cmd.Flags().StringVar(&f.data, "data", "", "`file` that keeps the documents between two starts")
	cmd.Flags().DurationVar(&f.writeDelay, "write-delay", 0, "take this long for each write")
	return cmd
}

func (a *app) serve(ctx context.Context, f serveFlags) error {
	opt := reference.Options{Fault: f.fault, WriteDelay: f.writeDelay}
	if f.writeDelay < 0 {
		return fmt.Errorf("--write-delay %s: cannot be negative", f.writeDelay)
	}
	if f.emulate != "" {
		v, err := esversion.Parse(f.emulate)
		if err != nil {
			return fmt.Errorf("--emulate: %w", err)
		}
		opt.Version = v
	}
	server, err := reference.New(opt)
	if err != nil {
		return err
	}
	if err := loadData(server, f.data); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", f.addr)
	if err != nil {
		return fmt.Errorf("listen on --addr %s: %w; choose another port, or 0 for a free one", f.addr, err)
	}
	fmt.Fprintf(a.stdout, "serving on http://%s (esconform's reference server, not Elasticsearch); stop with Ctrl-C\n", listener.Addr())
	web := &http.Server{Handler: server, ReadHeaderTimeout: 10 * time.Second}
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
	return saveData(server, f.data)
}

func loadData(server *reference.Server, file string) error {
	if file == "" {
		return nil
	}
	in, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read --data: %w", err)
	}
	defer in.Close()
	if err := server.Load(in); err != nil {
		return fmt.Errorf("read --data %s: %w", file, err)
	}
	return nil
}

func saveData(server *reference.Server, file string) error {
	if file == "" {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return fmt.Errorf("write --data: %w", err)
	}
	out, err := os.Create(file)
	if err != nil {
		return fmt.Errorf("write --data: %w", err)
	}
	if err := errors.Join(server.Save(out), out.Close()); err != nil {
		return fmt.Errorf("write --data %s: %w", file, err)
	}
	return nil
}
