package steps

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/wire"
)

func TestObjectsHaveTheirSize(t *testing.T) {
	t.Parallel()
	for _, n := range []int{14, 15, 8192, 65536, 1 << 20, 1<<20 + 14, 1<<20 + 17, 3<<20 + 5, 20 << 20} {
		b := appendObject(nil, n)
		// A further text takes three bytes beside its letters.
		if len(b) > n || len(b) < n-3 {
			t.Errorf("an object of %d bytes has %d", n, len(b))
		}
		if _, err := jsonval.Decode(b); err != nil {
			t.Errorf("an object of %d bytes: %v", n, err)
		}
	}
}

// A node with little memory refuses a write that another one takes: that says
// nothing of the API.
func TestLargeWritesNeedMemory(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) }))
	t.Cleanup(server.Close)
	client, err := wire.New(wire.Config{URL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	for size, skips := range map[int]bool{100: false, 2 << 20: true} {
		session := client.Session()
		w := NewWorld(Deps{Session: session, Scope: resource.NewRegistry("r1").Scope(session)})
		err := w.callOfSize(context.Background(), nobodys(t, w), "_claim", "sync_cursor", size)
		var skip *SkipError
		if errors.As(err, &skip) != skips || err != nil && !skips {
			t.Errorf("%d bytes that are refused with 429: %v", size, err)
		}
	}
}

// nobodys is a sync job that is not there.
func nobodys(t *testing.T, w *World) theJob {
	t.Helper()
	set, err := family.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	w.things.deps.Families = set
	if err := w.givenNone("sync job", ""); err != nil {
		t.Fatal(err)
	}
	job, err := w.jobs.job()
	if err != nil {
		t.Fatal(err)
	}
	return job
}

func TestSizesAreBounded(t *testing.T) {
	t.Parallel()
	w := NewWorld(Deps{Scope: resource.NewRegistry("r1").Scope(nil)})
	job := nobodys(t, w)
	for _, field := range []string{"metadata", "error"} {
		if err := w.callOfSize(context.Background(), job, "_stats", field, 1<<62); err == nil {
			t.Errorf("%s of 4 EB is sent", field)
		}
	}
}

func TestHabits(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		body string
		want http.Header
	}{
		"speaks the media type of version 8":                    {`{}`, http.Header{"Accept": {vendor8}, "Content-Type": {vendor8}}},
		"speaks the media type of version 9":                    {``, http.Header{"Accept": {vendor9}}},
		"calls the lack of a body octet-stream":                 {``, http.Header{"Content-Type": {octets}}},
		"says that it is the connector service":                 {`{}`, http.Header{ofOrigin: {"connectors"}}},
		"sends its bodies in gzip":                              {`{}`, http.Header{}},
		"does all that the connector service and its client do": {``, http.Header{"Accept": {vendor8}, "Content-Type": {octets}, ofOrigin: {"connectors"}}},
	} {
		req := habits[name].apply(wire.Request{Method: http.MethodPut, Body: []byte(tt.body)})
		if len(req.Header) != len(tt.want) || req.Gzip != habits[name].gzip {
			t.Errorf("a client that %s sends %v, gzip %t", name, req.Header, req.Gzip)
		}
		for header, values := range tt.want {
			if got := req.Header.Get(header); got != values[0] {
				t.Errorf("a client that %s sends %s: %q, want %q", name, header, got, values[0])
			}
		}
	}
}
