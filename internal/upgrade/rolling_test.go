package upgrade_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/internal/testkit/doors"
	"github.com/esconform/esconform/internal/testkit/race"
	"github.com/esconform/esconform/internal/upgrade"
	"github.com/esconform/esconform/internal/wire"
)

// rolling is a cluster of three doors of one embedded server: behind each is a
// node of its own version, and the server is of the lowest of them.
type rolling struct {
	from, to string
	// answer, if set, answers a write in the place of the server, if it returns true.
	answer func(w http.ResponseWriter, now moment) bool
	sick   bool // no newer node starts
	alone  bool // nothing is asked while a node is away

	doors    []*doors.Door
	mu       sync.RWMutex // write: no request is under way
	server   *reference.Server
	replaced int
	away     bool
	asked    atomic.Int64 // for what the selected scenario is about
}

// moment is when a write is answered, and whether it is that of the scenario which is
// selected, or one of the writers.
type moment struct{ both, away, selected bool }

func (r *rolling) start(t *testing.T) func(context.Context) (*target.Target, error) {
	return func(ctx context.Context) (*target.Target, error) {
		var err error
		if r.server, err = reference.New(reference.Options{Version: esversion.MustParse(r.from)}); err != nil {
			return nil, err
		}
		var urls []string
		for node := range 3 {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) { r.serve(node, w, req) }))
			t.Cleanup(s.Close)
			urls = append(urls, s.URL)
		}
		if r.doors, err = doors.Open(urls...); err != nil {
			return nil, err
		}
		t.Cleanup(func() { doors.Shut(r.doors) })
		client, err := wire.New(wire.Config{URL: doors.URLs(r.doors), Limits: limits.Limits{Start: 5 * time.Second}})
		if err != nil {
			return nil, err
		}
		return target.New(ctx, client, result.Target{Kind: "embedded"}, target.Hooks{Leave: r.leave, Succeed: r.succeed})
	}
}

// serve answers as a node.
func (r *rolling) serve(node int, w http.ResponseWriter, req *http.Request) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	body, _ := io.ReadAll(req.Body) // what is cut off is refused
	req.Body = io.NopCloser(bytes.NewReader(body))
	both := 0 < r.replaced && r.replaced < 3
	selected := bytes.Contains(body, []byte(`"total_document_count": 2000`))
	if selected {
		r.asked.Add(1)
	}
	now := moment{both, r.away, selected}
	switch {
	case req.URL.Path == "/_cluster/health":
		fmt.Fprint(w, `{"status":"green","delayed_unassigned_shards":0}`)
	case r.answer != nil && strings.HasSuffix(req.URL.Path, "/_stats") && r.answer(w, now):
	case req.URL.Path == "/" && both && node < r.replaced:
		req.Header.Del("Accept-Encoding")
		rec := httptest.NewRecorder()
		r.server.ServeHTTP(rec, req)
		say(w, rec.Code, strings.ReplaceAll(rec.Body.String(), r.from, r.to))
	default:
		r.server.ServeHTTP(w, req)
	}
}

func (r *rolling) leave(_ context.Context, node int) error {
	r.mu.Lock()
	r.away = true
	r.mu.Unlock()
	r.doors[node].Shut()
	return nil
}

// succeed opens the door again; the last one has the server be of the new version.
func (r *rolling) succeed(ctx context.Context, node int) (string, error) {
	if r.sick {
		return "", &target.StartError{What: "it does not start"}
	}
	if r.alone {
		time.Sleep(500 * time.Millisecond) // several rounds
	}
	before := r.asked.Load() // a second round shows that the first one has ended
	for end := time.Now().Add(10 * time.Second); !r.alone && r.asked.Load() < before+2 && time.Now().Before(end) && ctx.Err() == nil; {
		time.Sleep(10 * time.Millisecond)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.away, r.replaced = false, node+1
	if node == 2 {
		var disk bytes.Buffer
		next, err := reference.New(reference.Options{Version: esversion.MustParse(r.to)})
		if err = errors.Join(err, r.server.Save(&disk), next.Load(&disk)); err != nil {
			return "", err
		}
		r.server = next
	}
	return r.doors[node].Host(), r.doors[node].Reopen()
}

func say(w http.ResponseWriter, status int, body string) bool {
	w.Header().Set("X-Elastic-Product", "Elasticsearch")
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprint(w, body)
	return true
}

// Whenever it is told to end, it does, and says why.
func TestInterruptedRolling(t *testing.T) {
	t.Parallel()
	reason := errors.New("it was told to end")
	for _, at := range []string{"rolling", "replaced"} {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			p, _ := plan(t, "8.19.21", "9.5.3", "")
			r := &rolling{from: "8.19.21", to: "9.5.3"}
			p.Rolling, p.Old.Start = true, r.start(t)
			ctx, cancel := context.WithCancelCause(t.Context())
			p.Say = func(format string, _ ...any) {
				if strings.HasPrefix(format, at+" ") {
					cancel(reason)
				}
			}
			if _, err := upgrade.Run(ctx, p); !errors.Is(err, reason) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// A suite without scenarios that write says so, and what else there is runs.
func TestRollingWithoutWriters(t *testing.T) {
	t.Parallel()
	p, _ := plan(t, "8.19.21", "9.5.3", "")
	p.Suite.Suite = p.Suite.Suite.Part(slices.DeleteFunc(slices.Clone(p.Suite.Suite.Cases), func(c *suite.Case) bool { return slices.Contains(c.Needs, "roll") }))
	r := &rolling{from: "8.19.21", to: "9.5.3"}
	p.Rolling, p.Old.Start = true, r.start(t)
	got := run(t, p)
	i := slices.IndexFunc(got.Scenarios, func(sc result.Scenario) bool { return sc.ID == "upgrade/what-is-written/rolling.either-version" })
	if i < 0 || got.Scenarios[i].Outcome != result.Skipped || got.Verdict != result.Conformant {
		t.Errorf("%s: %s; said of writers at %d", got.Verdict, got.Reason, i)
	}
}

// That nothing was seen while nodes were replaced is said, once of each time.
func TestRollingWithNothingBeside(t *testing.T) {
	t.Parallel()
	p, _ := plan(t, "8.19.21", "9.5.3", "")
	p.Suite.Selection = suite.Selection{Tags: "@serial and not @restart"}
	r := &rolling{from: "8.19.21", to: "9.5.3", alone: true}
	p.Rolling, p.Old.Start = true, r.start(t)
	got := run(t, p)
	said := map[string]int{}
	for _, sc := range got.Scenarios {
		if strings.HasSuffix(sc.ID, "/rolling.either-version") && sc.Outcome == result.Skipped {
			said[sc.ID]++
		}
	}
	want := map[string]int{}
	for _, when := range []string{"node-1-away", "1-of-3-nodes-replaced", "node-2-away", "2-of-3-nodes-replaced", "node-3-away"} {
		want["upgrade/"+when+"/rolling.either-version"] = 1
	}
	if !maps.Equal(said, want) {
		t.Errorf("%s: %s; said %v, want %v", got.Verdict, got.Reason, said, want)
	}
}

// What goes wrong while nodes are replaced is held against the requirement that is
// about it; an honest error while one is away is against none.
func TestRolling(t *testing.T) {
	t.Parallel()
	const updated = `{"result":"updated"}`
	var refused atomic.Int64
	for name, tt := range map[string]struct {
		server  *rolling
		blamed  []string // exactly
		verdict result.Verdict
	}{
		"right": {&rolling{}, nil, result.Conformant},
		"refuses some while a node is away": {&rolling{answer: func(w http.ResponseWriter, now moment) bool {
			return now.away && refused.Add(1)%20 == 0 && say(w, 503, `{"error":{"type":"unavailable_shards_exception"},"status":503}`)
		}}, nil, result.Conformant},
		"answers as no version does": {&rolling{answer: func(w http.ResponseWriter, now moment) bool {
			return now.both && !now.away && now.selected && say(w, 201, updated)
		}}, []string{"upgrade.rolling.either-version"}, result.Nonconformant},
		"answers so while a node is away": {&rolling{answer: func(w http.ResponseWriter, now moment) bool {
			return now.away && now.selected && say(w, 201, updated)
		}}, []string{"upgrade.rolling.either-version"}, result.Nonconformant},
		"is not there for some with all nodes": {&rolling{answer: func(w http.ResponseWriter, now moment) bool {
			return now.both && !now.away && now.selected && say(w, 503, `{"error":{"type":"x"},"status":503}`)
		}}, []string{"upgrade.rolling.either-version"}, result.Inconclusive},
		"loses what it acknowledges": {&rolling{answer: func(w http.ResponseWriter, now moment) bool {
			return now.away && !now.selected && say(w, 200, updated)
		}}, []string{"nodes.acknowledged", "nodes.reads"}, result.Nonconformant},
		"does not start": {&rolling{sick: true}, []string{"upgrade.starts"}, result.Nonconformant},
	} {
		if race.Brief() && tt.blamed != nil && tt.server.answer != nil {
			continue // they take one path, whatever is answered
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, _ := plan(t, "8.19.21", "9.5.3", "")
			r := tt.server
			r.from, r.to = "8.19.21", "9.5.3"
			p.Rolling, p.Old.Start = true, r.start(t)
			var said []string
			p.Say = func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) }
			got := run(t, p)
			found := failing(got)
			for req, why := range found {
				if !slices.Contains(tt.blamed, req) {
					t.Errorf("%s fails: %s", req, why)
				}
			}
			if got.Verdict != tt.verdict || tt.blamed != nil && len(found) == 0 {
				t.Errorf("%s: %s, want %s; said %q", got.Verdict, got.Reason, tt.verdict, said)
			}
			if tt.verdict == result.Conformant && !slices.Contains(said, "replaced   node 3 of 3 by one of 9.5.3") {
				t.Errorf("it never came to the third node: %q", said)
			}
		})
	}
}
