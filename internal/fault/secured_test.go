package fault

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/reftest"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// TestEverySecurityFaultShows repeats the recording with each fault of
// security, until an answer or what is stored differs.
func TestEverySecurityFaultShows(t *testing.T) {
	t.Parallel()
	clean := sync.OnceValue(func() []string { return securedLog(t, "", nil) })
	for _, f := range All() {
		if !f.Security || onlyInSuite(f) {
			continue
		}
		t.Run(f.ID, func(t *testing.T) {
			t.Parallel()
			want := clean()
			if got := securedLog(t, f.ID, want); len(got) == len(want) && got[len(got)-1] == want[len(want)-1] {
				t.Error("nothing differs from a server without the fault")
			}
		})
	}
}

// unrecorded are requests that faults show with and the recording has not.
var unrecorded = []struct{ name, method, path, auth, body string }{
	{"nowhere", http.MethodPut, "/_connector/_sync_job/x/_nosuch/y", "no credentials", ""},
	{"check_in", http.MethodPut, "/_connector/_sync_job/nope/_check_in", "nobody", ""},
	{"delete connector", http.MethodDelete, "/_connector/nope", "nobody", ""},
	{"update", http.MethodPost, "/" + reference.JobAlias + "/_update/<job>", "nobody", `{"doc":{"worker_hostname":"w"}}`},
	{"update", http.MethodPost, "/" + reference.JobAlias + "/_update/<job>", "writer+index read,write", `{"doc":{"worker_hostname":"w"}}`},
}

// securedLog writes down what each exchange of the recording is answered and
// does, up to the first difference from another log.
func securedLog(t *testing.T, fault string, other []string) (log []string) {
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	o := reference.Options{Seed: 1, Now: func() time.Time { return now }}
	if err := Into(&o, fault); err != nil {
		t.Fatal(err)
	}
	r := reftest.NewReplay(t, o)
	exchanges := reftest.LoadSecured(t)
	for _, u := range unrecorded {
		e := reftest.Exchange{Name: u.name}
		e.Request.Method, e.Request.Path, e.Request.Auth = u.method, u.path, u.auth
		if u.body != "" {
			e.Request.Body = u.body
		}
		if r.Auth[u.auth] != nil {
			e.Request.Headers = map[string]string{"Authorization": "<credentials>"}
		}
		exchanges = append(exchanges, e)
	}
	for i, e := range exchanges {
		if reftest.NotReproduced[e.Name] != "" || strings.HasPrefix(e.Name, "tls ") {
			continue
		}
		job := r.Prepare(e)
		now = now.Add(time.Second)
		w := r.Repeat(e, job)
		stored := "none"
		if d, found := r.Server.Store().Get(reference.JobIndex, job); found {
			stored = fmt.Sprint(d.Version, string(xcontent.JSON(d.Source)))
		}
		entry := fmt.Sprint(e.Name, w.Code, w.Header(), w.Body, stored, r.Server.Documents())
		if log = append(log, entry); other != nil && entry != other[len(log)-1] {
			t.Logf("shows in exchange %d, %s", i, e.Name)
			return log
		}
		_, _, _ = r.Server.Store().Delete(reference.JobIndex, job, store.Any) // which may be gone already
	}
	return log
}
