package operation

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/openapi"
	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/wire"
)

// against holds a document with these paths against a server that answers as it
// is told, and returns what was found and what was sent.
func against(t *testing.T, paths string, answer http.HandlerFunc) (*Outcome, []string) {
	t.Helper()
	var mu sync.Mutex
	var sent []string
	hs := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		sent = append(sent, r.Method+" "+r.URL.EscapedPath())
		mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(hs.Close)
	patient := limits.Limits{Request: 1 << 37, Cleanup: 1 << 38}
	client, err := wire.New(wire.Config{URL: hs.URL, Limits: patient})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	doc, err := openapi.Read("made.yaml", []byte("openapi: 3.0.3\npaths:\n"+paths))
	if err != nil {
		t.Fatal(err)
	}
	registry := resource.NewRegistry(fmt.Sprintf("s%d", runs.Add(1)))
	registry.Know(registry.Families(), Creations(doc)...)
	out := Run(context.Background(), Config{
		Document: doc, Client: client, Registry: registry, Version: esversion.MustParse("9.0.0"), Limits: patient, Parallel: 2,
	})
	return out, sent
}

// lists has every method, and answers nothing else with a success but what says
// so.
func lists(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	switch {
	case r.Method == http.MethodOptions:
		w.Header().Set("Allow", "GET,HEAD,POST,PUT,DELETE")
	case strings.HasSuffix(r.URL.Path, "/_none"):
		w.WriteHeader(http.StatusNotFound)
		fallthrough
	default:
		_, _ = w.Write([]byte("{}"))
	}
}

const success = `{responses: {"200": {content: {application/json: {schema: {type: object, properties: {}}}}}}}`

// What reaches beyond the run's own is not made for something else either: a
// snapshot that is only to be read is one of all indices.
func TestNothingThatReachesBeyondIsMade(t *testing.T) {
	t.Parallel()
	out, sent := against(t, `
  /_snapshot/{repository}: {get: `+success+`}
  /_snapshot/{repository}/{snapshot}: {get: `+success+`}
`, lists)
	if i := slices.IndexFunc(sent, func(s string) bool { return !strings.HasPrefix(s, "OPTIONS ") && !strings.HasSuffix(s, "/_none") }); i >= 0 {
		t.Errorf("sent: %s", sent[i])
	}
	for _, c := range out.Coverage {
		if c.State != NotRun || !strings.Contains(c.Why, "--allow-cluster-wide") {
			t.Errorf("%s is %s: %s", c.Operation, c.State, c.Why)
		}
	}
}

// A server that answers everything with a success says nothing.
func TestServerThatAgreesToEverything(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{"an empty object": "{}", "a page": "<html></html>"} {
		out, sent := against(t, "  /_a: {get: "+success+"}\n  /_a/{id}: {put: "+success+", delete: "+success+"}\n",
			func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) })
		if out.Err == nil || len(sent) != 1 {
			t.Errorf("%s: %d requests, ended early for %v", name, len(sent), out.Err)
		}
		for _, c := range out.Claims {
			if c.Verdict != claim.NotRun {
				t.Errorf("%s: %s is %s: %s", name, c.ID, c.Verdict, c.Observed)
			}
		}
	}
}

// A path that cannot be sent is that of one operation, and ends nothing.
func TestPathsThatCannotBeSent(t *testing.T) {
	t.Parallel()
	out, sent := against(t, `
  "/_b/..": {get: `+success+`}
  "/_b/%2e%2e/c": {get: `+success+`}
  "/_b/a b": {get: `+success+`}
  "/_b/{": {get: `+success+`}
  "/_b?c=1": {get: `+success+`}
  "/_b//c": {get: `+success+`}
  "/_b\r\nX-A: 1": {get: `+success+`}
  "/_b": {get: `+success+`}
`, lists)
	if out.Err != nil {
		t.Fatal(out.Err)
	}
	for _, s := range sent {
		if !strings.HasSuffix(s, "/_none") && s != "GET /_b" && !strings.HasPrefix(s, "OPTIONS /_b") {
			t.Errorf("sent: %s", s)
		}
	}
	for _, c := range out.Coverage {
		if want := map[bool]string{true: Verified, false: NotRun}[c.Route == "GET /_b"]; c.State != want {
			t.Errorf("%s is %s: %s", c.Route, c.State, c.Why)
		}
	}
}

// A claim is called the same in every run, whatever the run makes is called.
func TestNamesOfAnswersAreNotThoseOfClaims(t *testing.T) {
	t.Parallel()
	own := ""
	out, _ := against(t, "  /_b: {get: {operationId: b, responses: {\"200\": {content: {application/json: {schema: {type: object}}}}}}}\n",
		func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/_none") {
				own, _, _ = strings.Cut(strings.TrimPrefix(r.URL.Path, "/_esconform_"), "/")
				own = resource.Prefix + own + "-1"
			}
			if r.URL.Path != "/_b" {
				lists(w, r)
				return
			}
			_, _ = fmt.Fprintf(w, `{%q: {}}`, own)
		})
	var ids []string
	for _, c := range out.Claims {
		if c.Finding() {
			ids = append(ids, c.ID)
		}
	}
	if got := strings.Join(ids, " "); got != "openapi/b/response/*/unknown" {
		t.Errorf("found: %s", got)
	}
}

// An answer that is no JSON is not said to fit a schema.
func TestAnswerThatIsNoJSON(t *testing.T) {
	t.Parallel()
	out, _ := against(t, "  /_b: {get: {operationId: b, responses: {\"200\": {content: {application/json: {schema: {type: object, properties: {a: {type: string}}}}}}}}}\n",
		func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/_b" {
				lists(w, r)
				return
			}
			_, _ = w.Write([]byte("<html></html>"))
		})
	for _, c := range out.Claims {
		if c.ID == "openapi/b/response" && c.Verdict != claim.Untestable {
			t.Errorf("%s is %s: %s", c.ID, c.Verdict, c.Observed)
		}
	}
}

// What a body of a catalogue refers to is named in lists, too.
func TestReferencesInLists(t *testing.T) {
	t.Parallel()
	r := runnerFor(t, false, "PUT /_security/role_mapping/{name}")
	b := &bench{runner: r, op: r.ops[0], subject: &subject{}, parents: map[string]map[string]string{"role_mapping": {}}}
	found, _ := b.catalogued()
	body, err := b.freshen(&instance{of: map[string]string{"id": "esconform-t-9"}}, decoded(found.Call.Body), "")
	if role, _ := jsonval.Pointer(body, "/roles/0"); err != nil || role != "esconform-t-9" {
		t.Errorf("%v %v", body, err)
	}
}

// A status that is due to what the server lacks is none that the document leaves
// out.
func TestWhatTheLicenseForbidsIsNoStatus(t *testing.T) {
	t.Parallel()
	out, _ := against(t, "  /_b: {get: {operationId: b, parameters: [{in: query, name: q, schema: {type: string}}], responses: {\"200\": {content: {application/json: {schema: {type: object, properties: {}}}}}}}}\n",
		func(w http.ResponseWriter, r *http.Request) {
			if r.URL.RawQuery != "" {
				w.WriteHeader(http.StatusForbidden)
				_, _ = w.Write([]byte(`{"error":{"type":"security_exception","reason":"current license is non-compliant for [field and document level security]"}}`))
				return
			}
			lists(w, r)
		})
	for _, c := range out.Claims {
		if c.Finding() {
			t.Errorf("%s is %s: %s", c.ID, c.Verdict, c.Observed)
		}
	}
}

// The members of a value are those of the alternative that it is of, and what
// another does not require is not required.
func TestFieldsOfTheAlternativeThatFits(t *testing.T) {
	t.Parallel()
	doc, err := openapi.Read("made.yaml", []byte(`
openapi: 3.0.3
paths: {/_b: {put: {responses: {}, requestBody: {content: {application/json: {schema: {oneOf: [
  {type: object, required: [type], properties: {type: {type: string, enum: [binary]}, doc_values: {type: boolean}}},
  {type: object, properties: {type: {type: string, enum: [object]}, enabled: {type: boolean}}},
  {type: object, required: [type, size], properties: {type: {type: string, enum: [text]}, size: {type: number}}}]}}}}}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	s := newOp(doc.Operations()[0]).load().body.Schema
	for value, want := range map[string]string{`{"type":"text","size":1}`: "type size ", `{"enabled":true}`: "type enabled ", `{"type":"binary"}`: "type doc_values "} {
		got := ""
		for _, f := range (field{schema: s, value: decoded(value), present: true}).inner(0) {
			got += f.name + " "
			if f.name == "type" && f.required {
				t.Errorf("%s: type is not optional", value)
			}
		}
		if got != want {
			t.Errorf("%s has %s, want %s", value, got, want)
		}
	}
}

// What a server has no time for says nothing of the request.
func TestServerThatIsBusy(t *testing.T) {
	t.Parallel()
	for _, status := range busy {
		out, _ := against(t, "  /_b: {get: {operationId: b, parameters: [{in: query, name: q, schema: {type: string}}], responses: {\"200\": {content: {application/json: {schema: {type: object, properties: {}}}}}}}}\n",
			func(w http.ResponseWriter, r *http.Request) {
				if r.URL.RawQuery != "" {
					w.WriteHeader(status)
					return
				}
				lists(w, r)
			})
		for _, c := range out.Claims {
			if c.Finding() || c.Kind == claim.KindQueryParam && c.Verdict != claim.NotRun {
				t.Errorf("%d: %s is %s: %s", status, c.ID, c.Verdict, c.Observed)
			}
		}
		if c := out.Coverage[0]; c.State != Partly || !strings.Contains(c.Why, "too busy") {
			t.Errorf("%d: %s: %s", status, c.State, c.Why)
		}
	}
}

// A key has a name of the run's, whatever an example calls it: where the answer
// is lost, nothing else finds it.
func TestKeysHaveNamesOfTheRun(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var bodies []string
	_, _ = against(t, `
  /_security/api_key:
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {name: {type: string}}}, examples: {one: {value: {name: of-the-example}}}}}}
      responses: {"200": {description: ""}}
  /_security/api_key/grant:
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {api_key: {type: object, properties: {name: {type: string}}}}}, examples: {one: {value: {api_key: {name: of-the-example}}}}}}}
      responses: {"200": {description: ""}}
`, func(w http.ResponseWriter, r *http.Request) {
		if body, _ := io.ReadAll(r.Body); r.Method == http.MethodPost {
			mu.Lock()
			bodies = append(bodies, r.URL.Path+" "+string(body))
			mu.Unlock()
		}
		lists(w, r)
	})
	for _, path := range []string{"/_security/api_key ", "/_security/api_key/grant "} {
		named := slices.ContainsFunc(bodies, func(b string) bool { return strings.HasPrefix(b, path) && strings.Contains(b, `"name":"esconform-`) })
		if !named {
			t.Errorf("%sis sent with no name of the run: %q", path, bodies)
		}
	}
	if i := slices.IndexFunc(bodies, func(b string) bool { return strings.Contains(b, "of-the-example") }); i >= 0 {
		t.Errorf("sent: %s", bodies[i])
	}
}
