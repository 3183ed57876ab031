package esconform_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"testing"

	"github.com/esconform/esconform"
)

// The suite against a server of one's own; here, the reference server plays
// that part.
func ExampleCheck() {
	handler, err := esconform.Reference("9.5.3")
	if err != nil {
		fmt.Println(err)
		return
	}
	server := httptest.NewServer(handler)
	defer server.Close()

	run, err := esconform.Check(context.Background(), esconform.Options{
		URL: server.URL, IDs: []string{"stats.code.200", "stats.code.404"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(run.Verdict)
	// Output: conformant
}

// From a test of one's own, each scenario is a subtest.
func TestOwnServer(t *testing.T) {
	t.Parallel()
	handler, err := esconform.Reference("8.19.21")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	esconform.Test(t, esconform.Options{URL: server.URL, IDs: []string{"stats.code.404"}})
}

// Features of one's own run beside those of the suite, or alone.
func TestOwnFeatures(t *testing.T) {
	t.Parallel()
	handler, err := esconform.Reference("9.5.3")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	o := esconform.Options{URL: server.URL, Features: []string{"docs/examples/features"}, OnlyFeatures: true, IDs: []string{"documents.*"}}
	run, err := esconform.Check(t.Context(), o)
	if err != nil || run.Verdict != "conformant" || len(run.Scenarios) != 2 {
		t.Fatalf("%v: %+v", err, run)
	}
	o.Features = []string{"no-such-folder"}
	if _, err := esconform.Check(t.Context(), o); err == nil {
		t.Error("a folder that is not there is no error")
	}
}

func TestCheckRefuses(t *testing.T) {
	t.Parallel()
	if _, err := esconform.Check(t.Context(), esconform.Options{URL: "http://127.0.0.1:1"}); err == nil {
		t.Error("a server that is not there is no error")
	}
	if _, err := esconform.Reference("nine"); err == nil {
		t.Error("a version that is none is no error")
	}
}
