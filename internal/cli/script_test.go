package cli_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/esconform/esconform/internal/cli"
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/testkit/race"
	"github.com/esconform/esconform/internal/userfile"
)

func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) != "esconform" {
		// What the tests start is not to ignore it where they run under nohup.
		signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
	}
	testscript.Main(m, map[string]func(){
		"esconform": func() { os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// concurrent are the scripts that do more than one thing at a time, in every
// command that does.
var concurrent = []string{"run", "interrupt", "shards", "leftovers", "serve", "rest_tools", "openapi", "docs", "matrix", "nodes"}

// scripts are the files that TestScripts runs.
func scripts(t *testing.T) (files []string) {
	t.Helper()
	names := []string{"*"}
	if race.Brief() {
		names = concurrent
	}
	for _, name := range names {
		found, err := filepath.Glob(filepath.Join("testdata", "script", name+".txtar"))
		if err != nil || len(found) == 0 {
			t.Fatalf("there is no script %s (%v)", name, err)
		}
		files = append(files, found...)
	}
	return files
}

// TestScripts runs the command line as a user does: each script is a folder of
// files and commands with what they have to print.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Files: scripts(t),
		Setup: func(env *testscript.Env) error {
			root, err := filepath.Abs("../..")
			env.Setenv("ROOT", root)
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"address":  freeAddress,
			"ask":      ask,
			"code":     code,
			"server":   startServer,
			"secured":  startSecured,
			"nosecret": noSecret,
			"bom":      addMark,
			"nodes":    openNodes,
		},
	})
}

// code runs esconform and demands an exit code: code 3 run --url …
func code(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N arguments of esconform")
	}
	err := ts.Exec("esconform", args[1:]...)
	got := "0"
	if err != nil {
		got = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if got != args[0] {
		ts.Fatalf("exit code %s, want %s", got, args[0])
	}
}

// addMark puts a byte order mark before the text of files: bom FILE…
func addMark(ts *testscript.TestScript, _ bool, files []string) {
	for _, name := range files {
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(userfile.BOM+ts.ReadFile(name)), 0o600))
	}
}

// servers are the ways in which a server can be the wrong one.
var servers = map[string]http.HandlerFunc{
	"html": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<html><body>It works!</body></html>")
	},
	"other": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"version":{"number":"9.5.3"}}`)
	},
	"empty-objects": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Elastic-Product", "Elasticsearch")
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{}`)
	},
	"redirects": func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://elsewhere.example/", http.StatusFound)
	},
	"closes": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	"hangs":  func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
}

// embeddedServers are the embedded server, right or in a state.
var embeddedServers = map[string]reference.Options{
	"reference":            {},
	"stats-stores-nothing": {},
	"slow":                 {WriteDelay: 300 * time.Millisecond},
	"started-just-now":     {TemplatesAfter: 700 * time.Millisecond},
	"without-templates":    {TemplatesAfter: time.Hour},
	"written-to-too-early": {TemplatesAfter: time.Hour},
}

// startServer puts the address of a server of a kind into $URL.
func startServer(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: server KIND")
	}
	if args[0] == "nothing" {
		ts.Setenv("URL", "http://"+unusedAddress(ts))
		return
	}
	handler, ok := servers[args[0]]
	if opt, embedded := embeddedServers[args[0]]; embedded {
		ref, err := reference.New(opt)
		ts.Check(err)
		handler, ok = ref.ServeHTTP, true
		switch args[0] {
		case "stats-stores-nothing":
			handler = statsStoresNothing(ref)
		case "written-to-too-early":
			early := httptest.NewRequest(http.MethodPut, "/_connector/early", nil)
			ref.ServeHTTP(httptest.NewRecorder(), early)
		}
	}
	if !ok {
		ts.Fatalf("there is no server %q", args[0])
	}
	web := httptest.NewUnstartedServer(handler)
	web.Config.ReadHeaderTimeout = time.Minute
	web.Start()
	ts.Defer(func() {
		web.CloseClientConnections()
		web.Close()
	})
	ts.Setenv("URL", web.URL)
	ts.Setenv("HOSTPORT", strings.TrimPrefix(web.URL, "http://"))
	ts.Setenv("PORT", strings.TrimPrefix(web.URL, "http://127.0.0.1:"))
}

// statsStoresNothing is right but for a stats endpoint that says 200 {}.
func statsStoresNothing(next http.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPut || !strings.HasSuffix(r.URL.Path, "/_stats") {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("X-Elastic-Product", "Elasticsearch")
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{}`)
	}
}

// unusedAddress is one that nobody listens on: taken and given back.
func unusedAddress(ts *testscript.TestScript) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	defer l.Close()
	return l.Addr().String()
}
