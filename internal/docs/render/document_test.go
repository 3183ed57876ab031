package render

import (
	"fmt"
	"testing"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/finding"
	"github.com/esconform/esconform/internal/docs/openapi"
	"github.com/esconform/esconform/internal/docs/operation"
)

func outcome(confirmed int) *operation.Outcome {
	out := &operation.Outcome{Claims: []*claim.Claim{{ID: "wrong", Verdict: claim.Contradicted}}}
	for i := range confirmed {
		out.Claims = append(out.Claims, &claim.Claim{ID: fmt.Sprint(i), Verdict: claim.Confirmed})
	}
	out.Coverage = []operation.Coverage{
		{Operation: "a", State: operation.Verified, Requests: 3, Accepted: 2},
		{Operation: "b", State: operation.NotRun, Why: "one"},
		{Operation: "c", State: operation.NotRun, Why: "two"},
		{Operation: "d", State: operation.NotRun, Why: "two"},
	}
	return out
}

func document(t *testing.T) *openapi.Document {
	t.Helper()
	d, err := openapi.Read("api.json", []byte(`{"openapi": "3.0.3", "paths": {}}`))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// What is confirmed of a document that is larger than anybody reads is counted,
// and not listed; everything else is.
func TestBrief(t *testing.T) {
	t.Parallel()
	for confirmed, want := range map[int]string{maxShown - 1: "3000 claims, 0 left out", maxShown: "1 claims, 3000 left out"} {
		r := &Report{}
		r.AddDocument(document(t), outcome(confirmed))
		b := r.Brief()
		if got := fmt.Sprintf("%d claims, %d left out", len(b.Claims), b.Left); got != want || len(b.page) != len(b.Claims) {
			t.Errorf("%d confirmed: %s, want %s", confirmed, got, want)
		}
		if len(r.Claims) != confirmed+1 || b.Claims[0].ID != "wrong" {
			t.Errorf("%d confirmed: the report itself has changed, or lacks its finding", confirmed)
		}
	}
}

func TestCovered(t *testing.T) {
	t.Parallel()
	r := &Report{}
	r.AddDocument(document(t), outcome(0))
	p := r.Pages[0]
	if want := "4 operations: 1 verified, 0 partly, 3 not run; 3 requests, 2 of them accepted"; p.Covered() != want {
		t.Errorf("%s, want %s", p.Covered(), want)
	}
	if reasons := p.Reasons(); len(reasons) != 2 || reasons[0].Why != "two" || len(reasons[0].Operations) != 2 {
		t.Errorf("%+v", reasons)
	}
}

// What was accepted about operations that are not asked about now is neither
// stale nor lost.
func TestBaselineOfASelection(t *testing.T) {
	t.Parallel()
	r := &Report{Pages: []Page{{ID: "openapi", Form: formOpenAPI, Asked: true, Routes: []string{"GET /_a/{id}"}, Operations: []operation.Coverage{{Operation: "get-a"}}}}}
	for id, want := range map[string]bool{
		"openapi/get-a/code/404": true, "openapi/get-a-1/code/404": false, "openapi/get-b/code/404": false,
		"openapi/route/PUT/_a/{id}/_more": true, "openapi/route/PUT/_b/{id}": false,
	} {
		if got := r.whole(finding.Entry{Claim: id, Page: "openapi"}); got != want {
			t.Errorf("%s was held against the server: %t", id, got)
		}
	}
	if r.whole(finding.Entry{Claim: "page/code/404", Page: "page"}) {
		t.Error("a page that was not given was held against the server")
	}
}
