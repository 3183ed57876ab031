package steps_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/internal/wire"
)

// A cluster in use holds sync jobs of others: many, and some with cursors of
// megabytes. None of them may end a run.
func TestSuitePassesOnABusyServer(t *testing.T) {
	t.Parallel()
	server, err := reference.New(reference.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(server)
	t.Cleanup(h.Close)
	ctx := context.Background()
	tgt, err := target.URL(ctx, wire.Config{URL: h.URL, Limits: patient()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tgt.Close(ctx) })
	foreign := fill(t, tgt.Client, append(make([]int, 60), sizes(100, 25<<10, 3<<20)...))

	selection := suite.Selection{}
	if testing.Short() { // what looks beyond the resources of a scenario
		selection.Tags = "@serial or @service"
	}
	run, err := suite.Perform(ctx, suite.Plan{Suite: loadSuite(t), Selection: selection, Target: tgt, Limits: patient(), Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	conforms(t, run)
	if n := server.Documents(); n != foreign {
		t.Errorf("%d documents are stored, want the %d of others", n, foreign)
	}
}

// sizes are n of one size, and one of another.
func sizes(n, size, last int) []int {
	out := make([]int, n, n+1)
	for i := range out {
		out[i] = size
	}
	return append(out, last)
}

// fill stores a connector and claimed sync jobs with cursors of these sizes,
// and returns how many documents that makes.
func fill(t *testing.T, client *wire.Client, cursors []int) int {
	t.Helper()
	session := client.Session()
	send := func(method, path, body string, want int) *wire.Response {
		res, err := session.Do(t.Context(), wire.Request{Method: method, Path: path, Body: []byte(body)})
		if err != nil || res.Status != want {
			t.Fatalf("%s %s: %v %v", method, path, res, err)
		}
		return res
	}
	send(http.MethodPut, "/_connector/others", `{"index_name":"others","service_type":"s","name":"others"}`, 201)
	for _, size := range cursors {
		doc, err := send(http.MethodPost, "/_connector/_sync_job", `{"id":"others"}`, 201).JSON()
		if err != nil {
			t.Fatal(err)
		}
		path := fmt.Sprintf("/_connector/_sync_job/%s/_claim", doc.(map[string]any)["id"])
		send(http.MethodPut, path, `{"worker_hostname":"w","sync_cursor":{"page":"`+strings.Repeat("x", size)+`"}}`, 200)
	}
	return 1 + len(cursors)
}
