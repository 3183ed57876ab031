package resource

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/esconform/esconform/internal/result"
	"github.com/google/go-cmp/cmp"
)

func TestCreateAndCleanup(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		server *fake
		want   []string // the requests of the cleanup
	}{
		{"soft and hard deletion", &fake{soft: true}, []string{
			"DELETE /_connector/_sync_job/job-1", "GET /_connector/_sync_job/job-1",
			"DELETE /_connector/esconform-r1-1?hard=true", "GET /_connector/esconform-r1-1", "GET /.elastic-connectors/_doc/esconform-r1-1",
		}},
		{"without hard deletion", &fake{noHard: true}, []string{
			"DELETE /_connector/_sync_job/job-1", "GET /_connector/_sync_job/job-1",
			"DELETE /_connector/esconform-r1-1?hard=true", "DELETE /_connector/esconform-r1-1", "GET /_connector/esconform-r1-1", "GET /.elastic-connectors/_doc/esconform-r1-1",
		}},
		{"documents hidden", &fake{soft: true, hidden: true}, []string{
			"DELETE /_connector/_sync_job/job-1", "GET /_connector/_sync_job/job-1",
			"DELETE /_connector/esconform-r1-1?hard=true", "GET /_connector/esconform-r1-1", "GET /.elastic-connectors/_doc/esconform-r1-1",
		}},
		{"conflicts that pass", &fake{conflicts: 2}, []string{
			"DELETE /_connector/_sync_job/job-1", "DELETE /_connector/_sync_job/job-1", "DELETE /_connector/_sync_job/job-1", "GET /_connector/_sync_job/job-1",
			"DELETE /_connector/esconform-r1-1?hard=true", "GET /_connector/esconform-r1-1", "GET /.elastic-connectors/_doc/esconform-r1-1",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			registry, sc := serve(t, tt.server)
			create(t, sc)
			before := len(tt.server.requests)
			if err := sc.Cleanup(t.Context()); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, tt.server.requests[before:]); diff != "" {
				t.Errorf("requests -want +got\n%s", diff)
			}
			if diff := cmp.Diff(result.Resources{Created: 2, Deleted: 2}, registry.Summary()); diff != "" {
				t.Errorf("summary -want +got\n%s", diff)
			}
			if err := sc.Cleanup(t.Context()); err != nil || len(tt.server.requests) != before+len(tt.want) {
				t.Errorf("a second cleanup did something (%v)", err)
			}
		})
	}
}

// What is gone is not left behind, whatever the deletion was answered.
func TestDeletedAgainstTheAnswer(t *testing.T) {
	t.Parallel()
	registry, sc := serveThrough(t, &fake{}, func(next http.Handler) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodDelete {
				next.ServeHTTP(httptest.NewRecorder(), r)
				w.WriteHeader(http.StatusInternalServerError)
				return
			}
			next.ServeHTTP(w, r)
		}
	})
	create(t, sc)
	if err := sc.Cleanup(t.Context()); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(result.Resources{Created: 2, Deleted: 2}, registry.Summary()); diff != "" {
		t.Errorf("summary -want +got\n%s", diff)
	}
}

func TestWhatTheTargetLacksIsAskedOnce(t *testing.T) {
	t.Parallel()
	server := &fake{noHard: true, hidden: true}
	_, sc := serve(t, server)
	for range 3 {
		create(t, sc)
	}
	if err := sc.Cleanup(t.Context()); err != nil {
		t.Fatal(err)
	}
	all := strings.Join(server.requests, "\n")
	if strings.Count(all, "hard=true") != 1 || strings.Count(all, ".elastic-connectors/") != 1 {
		t.Errorf("requests:\n%s", all)
	}
}

func TestLeftovers(t *testing.T) {
	t.Parallel()
	t.Run("deletion without effect", func(t *testing.T) {
		t.Parallel()
		registry, sc := serve(t, &fake{immortal: true})
		create(t, sc)
		err := sc.Cleanup(t.Context())
		if err == nil || !strings.Contains(err.Error(), "delete sync_job job-1: a read after the deletion was answered 200 {}") {
			t.Errorf("got error %v", err)
		}
		want := result.Resources{Created: 2, Leftovers: []result.Leftover{
			{Kind: "connector", ID: "esconform-r1-1", Why: "a read after the deletion was answered 200 {}", Command: `curl -X DELETE "$ES/_connector/esconform-r1-1?hard=true"`},
			{Kind: "sync_job", ID: "job-1", Why: "a read after the deletion was answered 200 {}", Command: `curl -X DELETE "$ES/_connector/_sync_job/job-1"`},
		}}
		if diff := cmp.Diff(want, registry.Summary()); diff != "" {
			t.Errorf("summary -want +got\n%s", diff)
		}
	})
	t.Run("marked only", func(t *testing.T) {
		t.Parallel()
		registry, sc := serve(t, &fake{soft: true, noHard: true})
		create(t, sc)
		if err := sc.Cleanup(t.Context()); err == nil || !strings.Contains(err.Error(), "its stored document is still there") {
			t.Errorf("got error %v", err)
		}
		if sum := registry.Summary(); sum.Deleted != 1 || len(sum.Leftovers) != 1 {
			t.Errorf("summary %+v", sum)
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		t.Parallel()
		registry, sc := serve(t, &fake{})
		create(t, sc)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := sc.Cleanup(ctx); err == nil {
			t.Error("a cancelled cleanup said nothing")
		}
		if sum := registry.Summary(); len(sum.Leftovers) != 2 {
			t.Errorf("summary %+v", sum)
		}
	})
	t.Run("never cleaned up", func(t *testing.T) {
		t.Parallel()
		registry, sc := serve(t, &fake{})
		create(t, sc)
		sum := registry.Summary()
		if sum.Created != 2 || sum.Deleted != 0 || len(sum.Leftovers) != 2 || sum.Leftovers[0].Why != "the run ended before it was deleted" {
			t.Errorf("summary %+v", sum)
		}
	})
}

// The sync jobs of a connector go at the same time, and before the connector.
func TestDeletionsAtOnce(t *testing.T) {
	t.Parallel()
	f := &fake{}
	var now, most atomic.Int32
	reg, sc := serveThrough(t, f, func(next http.Handler) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodDelete {
				n := now.Add(1)
				defer now.Add(-1)
				for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
				}
				if !strings.Contains(r.URL.Path, "_sync_job") && n > 1 {
					t.Error("the connector is deleted while its sync jobs are")
				}
				time.Sleep(10 * time.Millisecond)
			}
			next.ServeHTTP(w, r)
		}
	})
	connector, _ := create(t, sc)
	for range 9 {
		if _, err := sc.Create(t.Context(), "sync_job", New{Of: map[string]string{"connector": connector}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := sc.Cleanup(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := most.Load(); got != atOnce {
		t.Errorf("%d deletions at the same time, want %d", got, atOnce)
	}
	if s := reg.Summary(); s.Created != 11 || s.Deleted != 11 {
		t.Errorf("got %+v", s)
	}
}
