package reference

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/esconform/esconform/internal/reference/xcontent"
)

// TestConcurrentWriters lets many writers set the stats of one job: each is
// answered with success or a conflict, and as many versions are written as
// writers succeeded, the last one whole.
func TestConcurrentWriters(t *testing.T) {
	t.Parallel()
	for _, delay := range []time.Duration{0, 2 * time.Millisecond} {
		t.Run(delay.String(), func(t *testing.T) {
			t.Parallel()
			n := newNode(t, "")
			n.server.delay = delay
			n.connector("c")
			id := n.job("c")
			const writers, rounds = 8, 10
			codes := make([]int, writers*rounds)
			var wg sync.WaitGroup
			for w := range writers {
				wg.Go(func() {
					for r := range rounds {
						i := w*rounds + r
						body := fmt.Sprintf(`{"deleted_document_count":%d,"indexed_document_count":%d,"indexed_document_volume":%d}`, i, i, i)
						codes[i] = n.send(http.MethodPut, jobURL(id, "_stats"), body).Code
					}
				})
			}
			wg.Wait()
			successes, conflicts := 0, 0
			for i, code := range codes {
				switch code {
				case 200:
					successes++
				case 409:
					conflicts++
				default:
					t.Errorf("writer %d is answered with %d", i, code)
				}
			}
			d, _ := n.server.store.Get(JobIndex, id)
			if int64(successes) != d.Version-1 || successes == 0 {
				t.Errorf("%d writers succeeded, %d versions were written", successes, d.Version-1)
			}
			if conflicts == 0 {
				t.Error("no two writers ever met")
			}
			whole := d.Source.Get("deleted_document_count")
			for _, f := range requiredCounts {
				if !xcontent.Equal(d.Source.Get(f), whole) {
					t.Errorf("the stored counts are of different writers: %s", xcontent.JSON(d.Source))
				}
			}
		})
	}
}

// TestConcurrentEverything has nothing to say but what the race detector sees.
func TestConcurrentEverything(t *testing.T) {
	t.Parallel()
	n := newNode(t, "")
	n.connector("c")
	var wg sync.WaitGroup
	for w := range 6 {
		wg.Go(func() {
			for range 15 {
				id := n.job("c")
				n.send(http.MethodPut, jobURL(id, "_stats"), whole)
				n.send(http.MethodGet, "/_connector/_sync_job?connector_id=c", "")
				n.send(http.MethodGet, "/"+JobAlias+"/_search", "")
				n.send(http.MethodPut, jobURL(id, "_cancel"), "")
				n.send(http.MethodPut, fmt.Sprintf("/_connector/c%d", w), `{"name":"x"}`)
				if w := n.send(http.MethodDelete, "/_connector/_sync_job/"+id, ""); w.Code != 200 {
					t.Errorf("delete %s: %d", id, w.Code)
				}
			}
		})
	}
	wg.Wait()
	if have := n.server.store.Count(JobIndex); have != 0 {
		t.Errorf("%d jobs are left", have)
	}
}
