package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/lock"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/internal/target/container"
)

// ownership is what the process may leave behind when it ends before its time.
type ownership struct {
	mu       sync.Mutex
	runs     []*lock.Run
	remedies []string // commands that remove what is left
}

// begin gives a run an id, and has this machine know that it goes on.
func (a *app) begin() *resource.Registry {
	id := suite.NewRunID()
	if run, err := lock.Begin(id); err == nil { // without it, nothing of the run is taken for abandoned
		a.own.mu.Lock()
		defer a.own.mu.Unlock()
		a.own.runs = append(a.own.runs, run)
	}
	return resource.NewRegistry(id)
}

// end says that all runs of the process are over.
func (a *app) end() {
	a.own.mu.Lock()
	defer a.own.mu.Unlock()
	for _, run := range a.own.runs {
		run.End()
	}
	a.own.runs = nil
}

// remember keeps a command for somebody who does not wait for the cleanup,
// until what it returns is called.
func (a *app) remember(remedy string) (forget func()) {
	if remedy == "" {
		return func() {}
	}
	a.own.mu.Lock()
	defer a.own.mu.Unlock()
	a.own.remedies = append(a.own.remedies, remedy)
	return func() {
		a.own.mu.Lock()
		defer a.own.mu.Unlock()
		a.own.remedies = slices.DeleteFunc(a.own.remedies, func(kept string) bool { return kept == remedy })
	}
}

// heed returns a context that ends with the first signal. The second ends the
// process, with a word about what it leaves behind. Whoever has SIGHUP ignored,
// as nohup does, has it ignored.
func (a *app) heed() (context.Context, func()) {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(signals, syscall.SIGHUP)
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	go func() {
		cancel(fmt.Errorf("it was told to end (%s)", <-signals))
		<-signals
		said := make(chan struct{})
		go func() {
			a.tellRemedies()
			a.flush()
			close(said)
		}()
		select { // a terminal that takes nothing keeps nobody from ending
		case <-said:
		case <-time.After(time.Second):
		}
		os.Exit(result.ExitInconclusive)
	}()
	return ctx, func() {
		signal.Stop(signals)
		cancel(nil)
	}
}

// tellRemedies says how to remove what is left.
func (a *app) tellRemedies() {
	a.own.mu.Lock()
	defer a.own.mu.Unlock()
	for _, remedy := range a.own.remedies {
		fmt.Fprintf(a.stderr, "esconform: ended before everything was deleted; this removes what is left: %s\n", remedy)
	}
}

// remedy is the command that removes what a run has left in its target, whose
// journal is in a folder and which knew the APIs in these folders of features.
// What is in a server of the run's own ends with it.
func (t *targetFlags) remedy(folder string, features []string) string {
	if t.kind().Kind == "embedded" {
		return ""
	}
	words := []string{"esconform", "cleanup", folder}
	for _, dir := range features {
		if _, err := os.Stat(filepath.Join(dir, family.Folder)); err == nil {
			words = append(words, "--features", dir)
		}
	}
	return command(append(words, t.access()...))
}

// remedyByID is the same for a run of which nothing is known but its id.
func (t *targetFlags) remedyByID(runID string) string {
	words := []string{"esconform", "cleanup", runID}
	if t.url != "" {
		words = append(words, "--url", foreign.Bare(t.url))
	}
	return command(append(words, t.access()...))
}

// access lists the flags that say how to be let into a cluster.
func (t *targetFlags) access() []string {
	var words []string
	for _, f := range []struct{ flag, value string }{
		{"--username", t.username}, {"--password-file", t.passwordFile}, {"--api-key-file", t.apiKeyFile}, {"--ca-cert", t.caCert},
		{"--ca-fingerprint", t.fingerprint}, {"--client-cert", t.clientCert}, {"--client-key", t.clientKey},
	} {
		if f.value != "" {
			words = append(words, f.flag, f.value)
		}
	}
	if t.insecure {
		words = append(words, "--insecure")
	}
	return words
}

// plainWord is a word that no shell reads anything into.
var plainWord = regexp.MustCompile(`^[\w./:@%+=,-]+$`)

// command joins words into a line for a shell.
func command(words []string) string {
	quoted := slices.Clone(words)
	for i, w := range words {
		if !plainWord.MatchString(w) {
			quoted[i] = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
	}
	return strings.Join(quoted, " ")
}

// mostRuns is how many earlier runs are mentioned one by one.
const mostRuns = 3

// mentionOthers says what other runs have in the target, or have left of it:
// resources in a cluster, containers beside a container.
func (a *app) mentionOthers(ctx context.Context, t *targetFlags, tgt *target.Target) {
	switch tgt.Info.Kind {
	case "url":
		found := resource.Others(ctx, tgt.Client.Session(), t.runID)
		found = slices.DeleteFunc(found, func(o resource.Other) bool { return lock.Held(lock.OfRun(o.Run)) })
		for i, o := range found {
			if i == mostRuns {
				fmt.Fprintf(a.stdout, "            … and of %d more runs\n", len(found)-i)
				break
			}
			fmt.Fprintf(a.stdout, "left before  %s of the run %s; if that is over, this removes what it left: %s\n", result.Plural(o.Count, o.Name), o.Run, t.remedyByID(o.Run))
		}
	case "container":
		a.mentionContainers(ctx)
	}
}

// mentionContainers says which containers were left by runs that are over.
func (a *app) mentionContainers(ctx context.Context) {
	left, _ := container.Abandoned(ctx) // a courtesy: what it cannot learn it does not tell
	for _, c := range left {
		run := foreign.Line(c.Run)
		fmt.Fprintf(a.stdout, "left before  the %s %s of the run %s, which was killed; this removes it: esconform cleanup %s\n", c.What, foreign.Line(c.Name), run, run)
	}
}
