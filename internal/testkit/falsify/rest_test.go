package falsify_test

import (
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/esconform/esconform/features"
	"github.com/esconform/esconform/internal/restspec"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/testkit/falsify"
	"github.com/esconform/esconform/internal/testkit/realnode"
)

const examples = "../../../docs/examples/rest/"

// wrongs are what a real server is made to say that is not so, each with what
// the failure of a REST test has to say of it.
var wrongs = []struct {
	change falsify.Change
	want   []string
}{
	{change("GET /example-documents/_doc/1 200 changed /_source/size"), []string{"match _source", "9007199254740993", "9007199254740994"}},
	{change("GET /example-documents/_doc/1 200 removed /_source/name"), []string{"match _source", "one"}},
	{change("GET /example-documents/_doc/1 200 changed /found"), []string{"is_true found", "false"}},
	{change("GET /example-documents/_doc/1 200 changed /_version"), []string{"match _version", "1", "2"}},
	{change("GET /example-documents/_doc/1 404 status 400"), []string{"the error is not missing", "status 404", "status 400"}},
	{change("GET /example-documents/_doc/1 404 status 200"), []string{"the error is not missing", "status 200"}},
	{change("GET /example-documents/_doc/1 404 changed /found"), []string{"is_false found", "true"}},
	{change("HEAD /example-documents/_doc/1 200 status 404"), []string{"is_true", "false"}},
	{change("HEAD /example-documents/_doc/1 404 status 200"), []string{"is_false", "true"}},
	{change("POST /example-documents/_search 200 changed /hits/total/value"), []string{"match hits.total.value", "(search)"}},
	{change("POST /example-documents/_search 200 changed /hits/total/relation"), []string{"match hits.total.relation", `"eq"`, `"eqx"`}},
	{change("POST /example-documents/_search 200 lost /hits/hits"), []string{"hits.hits"}},
	{change("POST /example-documents/_search 200 removed /hits"), []string{"match hits.total.value", "nothing is there"}},
	{change("POST /example-documents/_search 200 changed /aggregations/mean/value"), []string{"close_to aggregations.mean.value", "2.5"}},
	{change("POST /example-documents/_search 200 lost /aggregations/names/buckets"), []string{"length aggregations.names.buckets", "length 2", "length 1"}},
	{change("POST /example-documents/_search 400 changed /status"), []string{"match status", "400", "401"}},
	{change("POST /example-documents/_search 400 emptied"), []string{`unknown query \[nonsense\]`}},
	{change("GET /example-documents/_search 200 lost /hits/hits"), []string{"length hits.hits", "length 2", "length 1"}},
	{change("POST /_search/scroll 200 lost /hits/hits"), []string{"length hits.hits", "length 1", "length 0"}},
	{change("GET /example-documents/_count 200 changed /count"), []string{"match count", "3", "4"}},
	{change("GET /example-documents/_count 200 status 500"), []string{"the call is refused", "status 500"}},
	{change("POST /example-documents/_mget 200 changed /docs/0/found"), []string{"is_true docs.0.found", "false"}},
	{change("POST /_bulk 200 changed /errors"), []string{"is_false errors", "true"}},
	{change("POST /_bulk 200 changed /items/0/index/status"), []string{"match items.0.index.status", "201", "202"}},
	{change("PUT /example-documents/_create/1 409 status 200"), []string{"the error is not conflict", "status 409", "status 200"}},
	{change("PUT /example-documents/_create/1 409 changed /error/type"), []string{"match error.type", "version_conflict_engine_exceptionx"}},
	{change("POST /example-documents/_update/2 200 changed /result"), []string{"match result", `"updated"`, `"updatedx"`}},
	{change("DELETE /example-documents/_doc/1 404 changed /result"), []string{"match result", `"not_found"`, `"not_foundx"`}},
	{change("PUT /example-index 400 status 200"), []string{"the error is not bad_request", "status 400"}},
	{change("GET /_alias/example-alias 200 changed /example-aliased/aliases"), []string{"match $body", "surprise"}},
	{change("GET /_cat/count/example-counted 200 emptied"), []string{"match $body", "nothing but an empty text"}},
	{change("PUT /_index_template/example-newer 200 header Warning"), []string{"a warning is missing", "will take precedence", "no warning"}},
	{change("GET /_index_template/example-template 200 changed /index_templates/0/index_template/priority"), []string{"priority", "7", "8"}},
}

// change reads "GET /path 200 changed /pointer".
func change(text string) falsify.Change {
	words := append(strings.Fields(text), "")
	status := 0
	for _, digit := range words[2] {
		status = 10*status + int(digit-'0')
	}
	return falsify.Change{Route: falsify.Route(words[0], words[1]), Status: status, Kind: words[3], Pointer: words[4]}
}

// Whatever a real server says that is not so turns a REST test red, which says
// what is wrong.
func TestRestTestsNotice(t *testing.T) {
	cfg := realnode.Config(t)
	proxy := falsify.New(passOn(t, cfg))
	web := httptest.NewServer(proxy)
	t.Cleanup(web.Close)
	cfg.URL, cfg.CACert = web.URL, nil
	s := restSuite(t)
	all := suite.Selection{Tags: suite.RestTag}
	base := performReal(t, s, cfg, all)
	if base.Verdict != result.Conformant {
		t.Fatalf("without a change: %s: %s", base.Verdict, base.Reason)
	}
	for i, w := range wrongs {
		if testing.Short() && i%8 != 0 {
			continue
		}
		proxy.Set(&w.change)
		run := performReal(t, s, cfg, meeting(base, w.change, all))
		if failures := failuresOf(run); !anyHasAll(failures, w.want) {
			t.Errorf("%s: the failures do not say %q:\n%s", w.change, w.want, strings.Join(append(failures, run.Reason), "\n"))
		}
	}
}

func restSuite(t *testing.T) *suite.Suite {
	t.Helper()
	s, err := suite.Load(suite.Source{Name: "features", FS: features.FS})
	if err != nil {
		t.Fatal(err)
	}
	spec, err := restspec.Open(examples + "spec")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.AddRest("tests", os.DirFS(examples+"tests"), "spec", spec); err != nil {
		t.Fatal(err)
	}
	return s
}

func failuresOf(run *result.Run) []string {
	var said []string
	if run == nil {
		return nil
	}
	for _, sc := range run.Scenarios {
		if f := sc.Failure; f != nil {
			said = append(said, strings.Join([]string{string(sc.Outcome), f.Location, f.Message, f.Expected, f.Actual}, " | "))
		}
	}
	return said
}

func anyHasAll(texts, parts []string) bool {
	for _, text := range texts {
		all := strings.HasPrefix(text, string(result.Failed))
		for _, part := range parts {
			all = all && strings.Contains(text, part)
		}
		if all {
			return true
		}
	}
	return false
}
