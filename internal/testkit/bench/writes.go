package bench

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/suite"
)

// ReadDelay is what anything costs on a small real node that is no write, or is
// refused (measured).
const ReadDelay = 2 * time.Millisecond

// oneShard is a server that carries out one write at a time, as a shard does.
type oneShard struct {
	next    http.Handler
	writing sync.Mutex
}

func (o *oneShard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rec := httptest.NewRecorder()
	o.next.ServeHTTP(rec, r)
	if rec.Code < http.StatusBadRequest && !family.EmbeddedPaths().Reads(r.Method, r.URL.Path) {
		o.writing.Lock()
		time.Sleep(WriteDelay)
		o.writing.Unlock()
	} else {
		time.Sleep(ReadDelay)
	}
	for name, values := range rec.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(rec.Code)
	_, _ = w.Write(rec.Body.Bytes())
}

// Written is what a run of the suite wrote, and how long it took.
type Written struct {
	Writes int
	Took   time.Duration
}

func (w Written) String() string { return fmt.Sprintf("%d writes, %.1f s", w.Writes, w.Took.Seconds()) }

// Writes runs the suite, n scenarios at a time, against a server that carries
// out one write at a time, with leases or without.
func Writes(ctx context.Context, s *suite.Suite, n int, noLease bool) (Written, error) {
	server, err := reference.New(reference.Options{})
	if err != nil {
		return Written{}, err
	}
	web := httptest.NewServer(&oneShard{next: server})
	defer web.Close()
	started := time.Now()
	run, err := perform(ctx, web.URL, suite.Plan{Suite: s, Parallel: n, NoLease: noLease})
	if err != nil {
		return Written{}, err
	}
	return Written{run.Traffic.Writes, time.Since(started)}, nil
}
