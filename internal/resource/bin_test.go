package resource

import (
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/esconform/esconform/internal/result"
)

// What several scopes are done with is deleted at once; what is not gone then is
// deleted as ever.
func TestBin(t *testing.T) {
	t.Parallel()
	bulk := func(w http.ResponseWriter, r *http.Request, status int, body string) bool {
		if !strings.HasSuffix(r.URL.Path, "/_bulk") {
			return false
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
		return true
	}
	for name, tc := range map[string]struct {
		before answering
		bulks  int
		single int // deletions through the API
		again  bool
	}{
		"at once":     {nil, 2, 0, true},
		"not allowed": {func(w http.ResponseWriter, r *http.Request) bool { return bulk(w, r, 403, `{}`) }, 2, 6, false},
		"no such thing": {func(w http.ResponseWriter, r *http.Request) bool {
			return bulk(w, r, 200, `{"items":[{"delete":{"_id":"x","result":"deleted"}}]}`)
		}, 2, 6, true},
		"not understood": {func(w http.ResponseWriter, r *http.Request) bool { return bulk(w, r, 200, `[]`) }, 2, 6, true},
		"said, not done": {lying, 2, 6, true},
		"without answers": {func(_ http.ResponseWriter, r *http.Request) bool {
			return aborts(strings.HasSuffix(r.URL.Path, "/_bulk"))
		}, 2, 6, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, registry, first := serveCounted(t)
			var gone atomic.Int64
			registry.Journal(func(e result.ResourceEvent) error {
				if e.Event == result.ResourceGone {
					gone.Add(1)
				}
				return nil
			})
			bin := registry.Bin(first.session.Client().Session())
			for range 3 {
				sc := registry.Scope(first.session.Client().Session())
				if _, err := makeBoth(t.Context(), sc); err != nil {
					t.Fatal(err)
				}
				if bin.Take(sc); len(sc.all()) > 0 || bin.Full() {
					t.Errorf("%d things are not taken, full %t", len(sc.all()), bin.Full())
				}
			}
			server.put(tc.before)
			if err := bin.Empty(t.Context()); err != nil {
				t.Fatal(err)
			}
			single := slices.DeleteFunc(server.written(), func(w string) bool { return strings.HasSuffix(w, "/_bulk") })
			if bulks := len(server.written()) - len(single); bulks != tc.bulks || len(single) != tc.single {
				t.Errorf("deleted by %q", server.written())
			}
			if sum := registry.Summary(); sum.Created != 6 || sum.Deleted != 6 || len(sum.Leftovers) > 0 || gone.Load() != 6 {
				t.Errorf("the run says %+v, the journal has %d gone", sum, gone.Load())
			}
			if _, err := makeBoth(t.Context(), first); err != nil {
				t.Fatal(err)
			}
			if bin.Take(first); (len(first.all()) == 0) != tc.again {
				t.Errorf("%d things are left to the scope then", len(first.all()))
			}
		})
	}
}

// What is in the bin goes to one of those who find it full, and so is deleted and
// counted once.
func TestBinIsEmptiedOnce(t *testing.T) {
	t.Parallel()
	_, registry, sc := serveCounted(t)
	bin := registry.Bin(sc.session)
	for range 200 {
		for i := range full {
			bin.scope.add(&item{kind: registry.know.kind("connector"), id: strconv.Itoa(i)})
		}
		var all sync.WaitGroup
		var got atomic.Int64
		for range 8 {
			all.Go(func() { got.Add(int64(len(bin.takeOut().all()))) })
		}
		if all.Wait(); got.Load() != full {
			t.Fatalf("of %d things, %d are taken out", full, got.Load())
		}
	}
}

// lying says of connectors and sync jobs alike that they are deleted.
func lying(w http.ResponseWriter, r *http.Request) bool {
	if !strings.HasSuffix(r.URL.Path, "/_bulk") {
		return false
	}
	body, _ := io.ReadAll(r.Body)
	var items []string
	for line := range strings.Lines(string(body)) {
		items = append(items, strings.Replace(strings.TrimSpace(line), `"}`, `","result":"deleted"}`, 1))
	}
	_, _ = io.WriteString(w, `{"items":[`+strings.Join(items, ",")+`]}`)
	return true
}

func aborts(yes bool) bool {
	if yes {
		panic(http.ErrAbortHandler)
	}
	return false
}

// What may have to be found first, or is no document, is for its scope to delete.
func TestNotForTheBin(t *testing.T) {
	t.Parallel()
	server, registry, sc := serveCounted(t)
	bin := registry.Bin(sc.session.Client().Session())
	m, err := makeBoth(t.Context(), sc)
	if err != nil {
		t.Fatal(err)
	}
	do(sc, "PUT", "/_connector/"+sc.NewID(), "[]") // refused: it is looked for
	if bin.Take(sc); len(sc.all()) != 1 || len(bin.scope.all()) != 2 {
		t.Errorf("the scope keeps %d, the bin has %d", len(sc.all()), len(bin.scope.all()))
	}
	server.put(func(_ http.ResponseWriter, r *http.Request) bool {
		return aborts(r.Method == http.MethodPost && r.URL.Path == "/_connector/_sync_job")
	})
	other := registry.Scope(sc.session)
	c, err := other.Create(t.Context(), "connector", New{})
	if err != nil {
		t.Fatal(err)
	}
	do(other, "POST", "/_connector/_sync_job", `{"id":"`+c+`"}`) // it may be there
	if bin.Take(other); len(other.all()) != 2 {
		t.Errorf("the scope keeps %d, the bin has %d", len(other.all()), len(bin.scope.all()))
	}
	server.put(nil)
	for _, s := range []*Scope{sc, other} {
		_ = s.Cleanup(t.Context())
	}
	if sum := registry.Summary(); len(sum.Leftovers) != 2 || !slices.ContainsFunc(sum.Leftovers, func(l result.Leftover) bool { return l.ID == m.job }) {
		t.Errorf("what is in the bin is not named as left: %+v", sum)
	}
	if err := bin.Empty(t.Context()); err != nil || len(registry.Summary().Leftovers) > 0 {
		t.Errorf("%v, the run says %+v", err, registry.Summary())
	}
	var none *Bin
	if none.Take(sc); none.Full() || none.Empty(t.Context()) != nil {
		t.Error("a bin that is none takes something")
	}
}
