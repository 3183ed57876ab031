package reference

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/esconform/esconform/internal/reference/xcontent"
)

// TestWhatClientsSend sends calls of the connector API in the forms that
// clients of it use.
func TestWhatClientsSend(t *testing.T) {
	t.Parallel()
	const stats = `{"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3}`
	asValue, err := xcontent.ParseObject([]byte(stats))
	if err != nil {
		t.Fatal(err)
	}
	const updated = `{"result":"updated"}`
	for name, c := range map[string]struct {
		body    string
		headers []string
		status  int
		want    string // in the answer
	}{
		"gzip":      {string(packed(t, "gzip", stats)), []string{"Content-Encoding", "gzip"}, 200, updated},
		"deflate":   {string(packed(t, "deflate", stats)), []string{"Content-Encoding", "deflate"}, 200, updated},
		"with mark": {"\ufeff" + stats, nil, 200, updated},
		"utf-16":    {strings.Join(strings.Split(stats, ""), "\x00") + "\x00", nil, 200, updated},
		"cbor": {
			string(xcontent.CBOR(asValue)), []string{"Content-Type", "application/cbor"}, 200,
			string(xcontent.CBOR(xcontent.NewObject("result", "updated"))),
		},
		"smile": {
			string(xcontent.Smile(asValue)), []string{"Content-Type", "application/vnd.elasticsearch+smile"}, 200,
			string(xcontent.Smile(xcontent.NewObject("result", "updated"))),
		},
		"answer in cbor": {stats, []string{"Accept", "application/cbor"}, 200, string(xcontent.CBOR(xcontent.NewObject("result", "updated")))},
		"blanks": {
			" \n ", nil, 400, `"reason":"[1:0] [connector_sync_job_update_ingestion_stats] Expected START_OBJECT but was: null"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newNode(t, "")
			n.connector("c")
			id := n.job("c")
			w := n.send(http.MethodPut, jobURL(id, "_stats"), c.body, append([]string{"X-Opaque-Id", "mine"}, c.headers...)...)
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) {
				t.Errorf("%d %q, want %d %q", w.Code, w.Body, c.status, c.want)
			}
			if got := w.Header().Get("X-Opaque-Id"); got != "mine" {
				t.Errorf("X-Opaque-Id %q", got)
			}
			if got := n.source(id).Get("indexed_document_volume"); c.status == 200 && got != xcontent.Number("3") {
				t.Errorf("stored %v, want 3", got)
			}
		})
	}
}

// TestListsMayEndInCommas splits job types as Java does.
func TestListsMayEndInCommas(t *testing.T) {
	t.Parallel()
	n := newNode(t, "")
	n.connector("c")
	n.job("c")
	for types, want := range map[string]int{"full": 200, "full,": 200, "full,,": 200, ",": 200, "": 200, ",full": 400, "full,,incremental": 400} {
		if w := n.send(http.MethodGet, "/_connector/_sync_job?job_type="+types, ""); w.Code != want {
			t.Errorf("job_type=%s: %d %s, want %d", types, w.Code, w.Body, want)
		}
	}
}

// TestServerTimesHaveNanoseconds has a clock tell them.
func TestServerTimesHaveNanoseconds(t *testing.T) {
	t.Parallel()
	for nanos, want := range map[int]string{
		123456789: ".123456789Z", 123456780: ".12345678Z", 123456000: ".123456Z", 123000000: ".123Z", 120000000: ".120Z", 0: ".000Z", 1: ".000000001Z",
	} {
		s, err := New(Options{Now: func() time.Time { return time.Date(2026, 1, 1, 10, 0, 0, nanos, time.UTC) }})
		if err != nil {
			t.Fatal(err)
		}
		n := &node{t, s}
		n.connector("c")
		if got := n.source(n.job("c")).String("created_at"); got != "2026-01-01T10:00:00"+want {
			t.Errorf("created_at %s, want %s", got, want)
		}
	}
}

// TestAliasesTakeIndicesOptions reads an alias as clients do that send the
// options of indices everywhere.
func TestAliasesTakeIndicesOptions(t *testing.T) {
	t.Parallel()
	n := newNode(t, "")
	n.connector("c")
	for options, want := range map[string]int{"ignore_unavailable=true&expand_wildcards=all&allow_no_indices": 200, "expand_wildcards=x": 400, "x": 400} {
		if w := n.send(http.MethodGet, "/_alias/.elastic-connectors?"+options, ""); w.Code != want {
			t.Errorf("%s: %d %s, want %d", options, w.Code, w.Body, want)
		}
	}
}
