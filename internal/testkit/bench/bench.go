// Package bench measures what the suite itself costs: a run against the
// embedded server, held against the same requests fired blindly.
package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/internal/wire"
)

// WriteDelay is what a write costs on a small real node (measured).
const WriteDelay = 20 * time.Millisecond

// request is one request as the server saw it, and what it cost.
type request struct {
	method, path string
	header       http.Header
	body, answer []byte
	status       int
	took         time.Duration
}

// tape records every request that passes, in the order of their arrival.
type tape struct {
	next http.Handler
	mu   sync.Mutex
	all  []*request
}

func (t *tape) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	req := &request{method: r.Method, path: r.RequestURI, header: r.Header.Clone(), body: body}
	t.mu.Lock()
	t.all = append(t.all, req)
	t.mu.Unlock()
	r.Body = io.NopCloser(bytes.NewReader(body))
	rec := httptest.NewRecorder()
	started := time.Now()
	t.next.ServeHTTP(rec, r)
	req.took, req.status, req.answer = time.Since(started), rec.Code, rec.Body.Bytes()
	for name, values := range rec.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(rec.Code)
	_, _ = w.Write(req.answer)
}

// Pair is one measurement.
type Pair struct {
	Suite, Blind time.Duration
	Requests     int
	Scenarios    int
}

// Ratio is how much longer the suite takes than its requests.
func (p Pair) Ratio() float64 { return float64(p.Suite) / float64(p.Blind) }

// Measure runs the suite once, n scenarios and at most n requests at a time,
// and then fires the same requests, n at a time, at a server that does nothing
// but take as long for each as the first one did.
func Measure(ctx context.Context, s *suite.Suite, n int) (Pair, error) {
	server, err := reference.New(reference.Options{WriteDelay: WriteDelay})
	if err != nil {
		return Pair{}, err
	}
	rec := &tape{next: server}
	web := httptest.NewServer(rec)
	defer web.Close()
	started := time.Now()
	run, err := perform(ctx, web.URL, suite.Plan{Suite: s, Parallel: n})
	if err != nil {
		return Pair{}, err
	}
	p := Pair{Suite: time.Since(started), Requests: len(rec.all), Scenarios: run.Counts[result.Passed]}
	p.Blind, err = fire(ctx, rec.all, n)
	return p, err
}

// perform runs the suite, or what can be run of it against a cluster, with the
// same seed each time.
func perform(ctx context.Context, url string, plan suite.Plan) (*result.Run, error) {
	tgt, err := target.URL(ctx, wire.Config{URL: url, Limits: limits.Default(), MaxInFlight: plan.Parallel})
	if err != nil {
		return nil, err
	}
	plan.Target, plan.Limits, plan.Seed = tgt, limits.Default(), 1
	plan.Selection = suite.Selection{Tags: "not @restart"}
	run, err := suite.Perform(ctx, plan)
	err = errors.Join(err, tgt.Close(ctx))
	if err == nil && run.Verdict != result.Conformant {
		err = fmt.Errorf("run the suite: %s: %s", run.Verdict, run.Reason)
	}
	return run, err
}

// fire sends the requests in their order, n at a time.
func fire(ctx context.Context, requests []*request, n int) (time.Duration, error) {
	blind := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var i int
		_, _ = fmt.Sscan(r.Header.Get("X-Index"), &i)
		_, _ = io.Copy(io.Discard, r.Body)
		if took := requests[i].took; took >= WriteDelay {
			time.Sleep(WriteDelay)
		}
		w.WriteHeader(requests[i].status)
		_, _ = w.Write(requests[i].answer)
	}))
	defer blind.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: n, DisableCompression: true}}
	queue := make(chan int)
	failures := make(chan error, n)
	var workers sync.WaitGroup
	started := time.Now()
	for range n {
		workers.Go(func() {
			for i := range queue {
				if err := send(ctx, client, blind.URL, i, requests[i]); err != nil {
					select {
					case failures <- err:
					default:
					}
				}
			}
		})
	}
	for i := range requests {
		queue <- i
	}
	close(queue)
	workers.Wait()
	took := time.Since(started)
	close(failures)
	return took, <-failures
}

func send(ctx context.Context, client *http.Client, url string, i int, r *request) error {
	req, err := http.NewRequestWithContext(ctx, r.method, url+"/", bytes.NewReader(r.body))
	if err != nil {
		return err
	}
	req.Header = r.header.Clone()
	req.Header.Set("X-Index", fmt.Sprint(i))
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	return errors.Join(err, resp.Body.Close())
}

// Long runs the suite repeatedly against the embedded server without a delay.
// It returns how many scenarios passed and how long all of them took.
func Long(ctx context.Context, s *suite.Suite, repeat int) (scenarios int, took time.Duration, err error) {
	server, err := reference.New(reference.Options{})
	if err != nil {
		return 0, 0, err
	}
	web := httptest.NewServer(server)
	defer web.Close()
	started := time.Now()
	run, err := perform(ctx, web.URL, suite.Plan{Suite: s, Parallel: suite.DefaultParallel, Repeat: repeat})
	if err != nil {
		return 0, 0, err
	}
	return run.Counts[result.Passed] * repeat, time.Since(started), nil
}
