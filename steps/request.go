package steps

import (
	"context"
	"fmt"
	"io/fs"
	"math/rand"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/cucumber/godog"

	"github.com/esconform/esconform/internal/wire"
)

var requestSteps = chapter{noun: "request", rows: []row{
	{"Given a name saved as \"<text>\"",
		"Makes up a name that carries the run's id and saves it. An index of that name is deleted when the scenario ends.",
		`Given a name saved as "index"`, (*requests).saveName},
	{"Given a name of <number> bytes saved as \"<text>\"",
		"Makes up a name that is that long, for nothing that is there.",
		`Given a name of 513 bytes saved as "long"`, (*requests).saveLongName},
	{`Given the next request has the header "<text>" set to "<text>"`,
		"Adds a header to the next request.",
		`Given the next request has the header "Accept" set to "application/yaml"`, (*requests).nextHeader},
	{`Given the next request has no header "<text>"`,
		"Keeps a header from being sent with the next request.",
		`Given the next request has no header "Content-Type"`, (*requests).nextNoHeader},
	{`Given the next request has the query "<text>"`,
		"Adds a query string to the next request.",
		`Given the next request has the query "pretty"`, (*requests).nextQuery},
	{`When (I|they|the service) send(s) <METHOD> "<text>"`,
		"Sends a request without a body: on behalf of the run, of the account that the scenario is about, or as the connector service does. Saved values stand in braces: {index}, {sync_job}; \\{index} is the text {index} itself. How everything of the scenario is stored is noted before. Whatever the request creates is deleted when the scenario ends, and what it changes of others is put back.",
		`When I send GET "/{index}/_doc/1"`, (*requests).send},
	{`When (I|they|the service) send(s) <METHOD> "<text>" with <body>`,
		"Sends a request with this body.",
		`When I send PUT "/{index}/_doc/1" with {"title": "one"}`, (*requests).sendWith},
	{`When (I|they|the service) send(s) <METHOD> "<text>" with the body:`,
		"Sends a request with a docstring as its body.",
		"When I send PUT \"/{index}/_doc/1?refresh=true\" with the body:\n  \"\"\"\n  {\"title\": \"one\"}\n  \"\"\"", (*requests).sendDoc},
	{`When (I|they|the service) send(s) <METHOD> "<text>" with the body of the fixture "<text>"`,
		"Sends a request with a file as its body: one of fixtures/bodies in the folder of the features, or of those that come with esconform.",
		`When I send PUT "/_connector/_sync_job/{sync_job}/_stats" with the body of the fixture "stats-required.json"`, (*requests).sendFixture},
	{"Given these requests have succeeded:",
		"Sends requests one after the other, each of which has to succeed for the scenario to go on: a table of requests and bodies.",
		"Given these requests have succeeded:\n  | PUT /{index}                      |                   |\n  | PUT /{index}/_doc/1?refresh=true  | {\"title\": \"one\"} |", (*requests).prepare},
	{`When I save the response at "<text>" as "<text>"`,
		"Saves the value at a JSON pointer; later steps use it in braces: a text as it is, anything else as JSON.",
		`When I save the response at "/id" as "job"`, (*answers).saveValue},
	{`When I save the response header "<text>" as "<text>"`,
		"Saves a header.",
		`When I save the response header "Location" as "place"`, (*answers).saveHeader},
}}

// requests sends what a scenario asks for.
type requests struct {
	*memory
	deps Deps
	rand *rand.Rand

	watcher watcher
	senders map[string]sender // by who sends

	next  nextRequest
	last  *wire.Response
	sent  []byte       // body of the last request
	again wire.Request // the last one
}

// sender sends a request on somebody's behalf.
type sender func(ctx context.Context, req wire.Request) error

// watcher takes down how things are before a request, and when it was made.
type watcher interface {
	before(ctx context.Context, req wire.Request) error
	after(req wire.Request, res *wire.Response, made span)
	forget() // what was noted: the scenario begins with what is there now
}

// span is when a request was sent and answered, by our own clock. Only
// differences are ever used.
type span struct{ sent, answered time.Time }

// nextRequest holds what steps have asked for the request that follows.
type nextRequest struct {
	header http.Header
	query  string
	habit  *habit // nil for none
}

func (r *requests) saveName(name newName) { r.saved[string(name)] = r.deps.Scope.NewID() }

// maxName bounds the names that steps make up.
const maxName = 1 << 20

func (r *requests) saveLongName(n int, name newName) error {
	if n > maxName {
		return fmt.Errorf("make up a name of %d bytes: the longest has %d", n, maxName)
	}
	r.saved[string(name)] = strings.Repeat("x", n)
	return nil
}

func (r *requests) nextHeader(name string, value filled) {
	r.setNextHeader(name, []string{string(value)})
}

func (r *requests) nextNoHeader(name string) { r.setNextHeader(name, nil) }

func (r *requests) setNextHeader(name string, values []string) {
	if r.next.header == nil {
		r.next.header = http.Header{}
	}
	r.next.header[http.CanonicalHeaderKey(name)] = values
}

func (r *requests) nextQuery(query filled) { r.next.query = string(query) }

func (r *requests) send(ctx context.Context, who, method string, path filled) error {
	return r.sendAs(ctx, who, wire.Request{Method: method, Path: string(path)})
}

func (r *requests) sendWith(ctx context.Context, who, method string, path filled, body template) error {
	return r.sendAs(ctx, who, wire.Request{Method: method, Path: string(path), Body: []byte(body)})
}

func (r *requests) sendDoc(ctx context.Context, who, method string, path filled, doc *godog.DocString) error {
	body, err := r.body(doc.Content)
	if err != nil {
		return err
	}
	return r.sendAs(ctx, who, wire.Request{Method: method, Path: string(path), Body: body})
}

func (r *requests) sendFixture(ctx context.Context, who, method string, path filled, name string) error {
	body, err := r.fixture("bodies", name)
	if err != nil {
		return err
	}
	return r.sendAs(ctx, who, wire.Request{Method: method, Path: string(path), Body: body})
}

// fixture reads a file of a folder of fixtures.
func (r *requests) fixture(folder, name string) ([]byte, error) {
	raw, err := fs.ReadFile(r.deps.Fixtures, path.Join(folder, name))
	if err != nil {
		return nil, fmt.Errorf("read the fixture %s: %w", name, err)
	}
	return r.body(string(raw))
}

// sendAs sends a request on somebody's behalf.
func (r *requests) sendAs(ctx context.Context, who string, req wire.Request) error {
	if send := r.senders[who]; send != nil {
		return send(ctx, req)
	}
	_, err := r.write(ctx, req)
	return err
}

// write sends a request, before which everything is noted as it is.
func (r *requests) write(ctx context.Context, req wire.Request) (*wire.Response, error) {
	if err := r.watcher.before(ctx, req); err != nil {
		return nil, err
	}
	made := span{sent: r.deps.Session.Now()}
	asSent := r.asAsked(req)
	res, err := r.deps.Scope.Do(ctx, asSent)
	made.answered = r.deps.Session.Now()
	r.watcher.after(req, res, made)
	if err != nil {
		return nil, err
	}
	r.last, r.sent, r.again = res, req.Body, asSent
	return res, nil
}

// do sends a request as earlier steps asked for. What it creates is deleted when
// the scenario ends.
func (r *requests) do(ctx context.Context, req wire.Request) (*wire.Response, error) {
	return r.deps.Scope.Do(ctx, r.asAsked(req))
}

// asAsked is a request with the headers and the query that earlier steps asked
// for.
func (r *requests) asAsked(req wire.Request) wire.Request {
	next := r.next
	r.next = nextRequest{}
	if next.query != "" {
		sep := "?"
		if strings.Contains(req.Path, "?") {
			sep = "&"
		}
		req.Path += sep + next.query
	}
	for name, values := range next.header {
		if req.Header == nil {
			req.Header = http.Header{}
		}
		req.Header[name] = values
	}
	if next.habit != nil {
		req = next.habit.apply(req)
	}
	return req
}

// get reads something for the harness itself.
func (r *requests) get(ctx context.Context, path string) (*wire.Response, error) {
	return r.deps.Session.Do(ctx, wire.Request{Method: http.MethodGet, Path: path})
}

func (r *requests) prepare(ctx context.Context, t *godog.Table) error {
	for _, f := range tableFields(t) {
		method, path, ok := strings.Cut(f.name, " ")
		if !ok || !strings.HasPrefix(path, "/") {
			return fmt.Errorf("read the request %q: it is not of the form PUT /path", f.name)
		}
		path, err := r.expand(path)
		if err != nil {
			return err
		}
		body, err := r.body(f.raw)
		if err != nil {
			return err
		}
		if err := r.setUp(ctx, wire.Request{Method: method, Path: path, Body: body}); err != nil {
			return err
		}
	}
	return nil
}

// setUp sends a request that the scenario needs to have succeeded.
func (r *requests) setUp(ctx context.Context, req wire.Request) error {
	res, err := r.deps.Scope.Do(ctx, req)
	if err != nil {
		return err
	}
	r.watcher.after(req, res, span{})
	r.watcher.forget()
	if res.Status/100 != 2 {
		return setupFailed(res, req.Method+" "+req.Path, "200")
	}
	return nil
}

// safe reports whether a request of a method changes nothing.
func safe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}

// field is one field of a body, its value as JSON text.
type field struct{ name, raw string }

// tableFields reads a table of two columns: name and JSON text.
func tableFields(t *godog.Table) []field {
	var fields []field
	for _, row := range t.Rows {
		f := field{name: row.Cells[0].Value}
		if len(row.Cells) > 1 {
			f.raw = row.Cells[1].Value
		}
		fields = append(fields, f)
	}
	return fields
}

// madeUp is an id that nothing has.
func (r *requests) madeUp() string {
	return fmt.Sprintf("esconform-no-such-%012x", r.rand.Int63n(1<<48))
}

// list splits "a, b and c".
func list(names string) []string {
	names = strings.ReplaceAll(names, " and ", ",")
	var out []string
	for _, n := range strings.Split(names, ",") {
		if n = strings.TrimSpace(n); n != "" {
			out = append(out, n)
		}
	}
	return out
}
