package steps

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/wire"
)

// answering is a server that answers reads one after the other; the last goes on.
func answering(t *testing.T, bodies ...string) string {
	t.Helper()
	var n atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Elastic-Product", "Elasticsearch")
		w.Header().Set("Content-Type", "application/json")
		body := bodies[min(int(n.Add(1)), len(bodies))-1]
		if strings.HasSuffix(r.URL.Path, "/_all") {
			n.Add(-1)
			body = `{"list":[{"id":"one"}]}`
		}
		if body == "" {
			w.WriteHeader(http.StatusNotFound)
			body = `{}`
		}
		fmt.Fprint(w, body)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// After an outage every node shows a number that may be, and all the same one;
// what comes of an open write may be seen in between, once.
func TestNodesThatDisagree(t *testing.T) {
	t.Parallel()
	res := &family.Resource{
		Name: "thing", Read: family.View{Call: family.Call{Request: family.Request{Path: "/x/{id}"}}},
		Create: []family.Creation{{}}, List: &family.View{Call: family.Call{Request: family.Request{Path: "/_all"}}, At: "/list", ID: "/id"},
		Numbered: &family.Numbered{At: "/n"},
	}
	one, two := `{"n":1}`, `{"n":2}`
	for _, tt := range []struct {
		name          string
		first, second []string
		id            string
		sent          int64
		want          Check
	}{
		{"the same", []string{one}, []string{one}, "one", 1, "none"},
		{"the same, an open write done", []string{two}, []string{two}, "one", 2, "none"},
		{"an open write done in between", []string{one, two}, []string{two}, "one", 2, "none"},
		{"an open write done on one", []string{one}, []string{two}, "one", 2, CheckOutageSplit},
		{"one that nobody sent", []string{one}, []string{two}, "one", 1, CheckLost},
		{"lost", []string{`{}`}, []string{one}, "one", 1, CheckLost},
		{"gone", []string{one}, []string{""}, "one", 1, CheckLost},
		{"not in the list", []string{one}, []string{one}, "other", 1, CheckLost},
	} {
		client, err := wire.New(wire.Config{URL: answering(t, tt.first...) + "," + answering(t, tt.second...)})
		if err != nil {
			t.Fatal(err)
		}
		o := NewWorld(Deps{Session: client.Session()}).outages
		c := &counter{thing: &thing{res: res, id: tt.id}}
		c.sent.Store(tt.sent)
		c.acknowledged.Store(1)
		o.res, o.counters = res, []*counter{c}
		got := Check("none")
		if err := o.settled(t.Context()); err != nil {
			var wrong *AssertionError
			if !errors.As(err, &wrong) {
				t.Fatalf("%s: %v", tt.name, err)
			}
			got = wrong.Check
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// Reads that nobody answered, or that there were none of, do not pass.
func TestReadsThatWereNotAnswered(t *testing.T) {
	t.Parallel()
	o := NewWorld(Deps{}).outages
	o.res = &family.Resource{}
	var wrong *AssertionError
	if err := o.fresh(); err == nil || errors.As(err, &wrong) {
		t.Errorf("none: %v, want an error that is no assertion", err)
	}
	o.read.Add(1)
	if err := o.fresh(); err != nil {
		t.Errorf("one: %v", err)
	}
}
