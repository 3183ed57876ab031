package steps

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/cucumber/godog"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/wire"
)

// How Elasticsearch's own clients and the connector service send requests.

func clientSteps() []Definition {
	const (
		client  = "client"
		service = "connector service"
	)
	return []Definition{
		define(client, `a client that `+quoted,
			"Has what follows be sent as clients of Elasticsearch do, by the account of the run; see client.go for the habits.",
			`Given a client that "speaks the media type of version 8"`,
			func(w *World) any { return w.asClient }),
		define(client, `they are answered in kind`,
			"Demands an answer in the media type that the client asked for.",
			"Then they are answered in kind",
			func(w *World) any { return w.answeredInKind }),
		define(service, `the service sends `+method+` `+quoted,
			"Sends a request without a body as the connector service does. Saved values stand in braces. How the sync job is stored is noted before; an account that may not do it skips the scenario.",
			`When the service sends HEAD "/.elastic-connectors-sync-jobs-v1"`,
			func(w *World) any { return w.serviceSends }),
		define(service, `the service sends `+method+` `+quoted+` with the body:`,
			"Sends a request with a docstring as its body, as the connector service does.",
			"When the service sends POST \"/.elastic-connectors-sync-jobs/_search\" with the body:\n  \"\"\"\n  {\"query\": {\"term\": {\"status\": \"pending\"}}}\n  \"\"\"",
			func(w *World) any { return w.serviceSendsBody }),
		define(service, `the search finds exactly `+quoted+` in this order`,
			"Demands these sync jobs (names separated by commas) as the hits of a search, and that it counts them.",
			`Then the search finds exactly "b, a" in this order`,
			func(w *World) any { return w.searchFindsExactly }),
		define(service, `the write is refused as one of a stale document`,
			"Demands status 409 and version_conflict_engine_exception.",
			"Then the write is refused as one of a stale document",
			func(w *World) any { return w.writeIsStale }),
	}
}

const (
	vendor8  = "application/vnd.elasticsearch+json; compatible-with=8"
	vendor9  = "application/vnd.elasticsearch+json; compatible-with=9"
	octets   = "application/octet-stream"
	ofOrigin = "X-Elastic-Product-Origin"
)

// habit is how a client sends requests.
type habit struct {
	media  string // of what it sends and accepts, "" for plain JSON
	empty  string // Content-Type of a request without a body, where it has one
	origin string
	gzip   bool
	since  esversion.Version
}

// habits are those of elasticsearch-py (the media types, compression) and of
// the connector service, which is built on it (the others).
var habits = map[string]habit{
	"speaks the media type of version 8":                    {media: vendor8},
	"speaks the media type of version 9":                    {media: vendor9, since: esversion.MustParse("9.0.0")},
	"sends its bodies in gzip":                              {gzip: true},
	"calls the lack of a body octet-stream":                 {empty: octets},
	"says that it is the connector service":                 {origin: "connectors"},
	"does all that the connector service and its client do": theService,
}

var theService = habit{media: vendor8, empty: octets, origin: "connectors"}

// apply puts a request into the form that the habit has.
func (h habit) apply(req wire.Request) wire.Request {
	req.Header = maps.Clone(req.Header)
	if req.Header == nil {
		req.Header = http.Header{}
	}
	if h.media != "" {
		req.Header.Set("Accept", h.media)
	}
	if h.origin != "" {
		req.Header.Set(ofOrigin, h.origin)
	}
	switch {
	case len(req.Body) > 0 && h.media != "":
		req.Header.Set("Content-Type", h.media)
	case len(req.Body) == 0 && h.empty != "" && req.Method != http.MethodGet && req.Method != http.MethodHead:
		req.Header.Set("Content-Type", h.empty)
	}
	req.Gzip = h.gzip && len(req.Body) > 0
	return req
}

func (w *World) asClient(name string) error {
	h, ok := habits[name]
	if !ok {
		return fmt.Errorf("no client %q; clients are such as %s", name, strings.Join(slices.Sorted(maps.Keys(habits)), ", "))
	}
	if !w.knows(h.since) {
		return &SkipError{Reason: fmt.Sprintf("needs Elasticsearch %s or later: no client of an earlier one %s", h.since, name)}
	}
	w.actor = &actor{account: &account{}, habit: &h}
	return nil
}

func (w *World) answeredInKind() error {
	res, err := w.answered()
	if err != nil {
		return err
	}
	if w.actor == nil || w.actor.habit == nil {
		return fmt.Errorf(`no client has sent anything yet; begin with "Given a client that ..."`)
	}
	want := "application/json"
	if w.actor.habit.media != "" {
		want = w.actor.habit.media
	}
	if got := res.Header.Get("Content-Type"); mediaType(got) != mediaType(want) {
		return CheckContentType.failf(res, "Content-Type: "+want, "Content-Type: "+got, "the client is answered in another media type than it asked for")
	}
	return nil
}

func (w *World) serviceSends(ctx context.Context, method, path string) error {
	return w.asService(ctx, method, path, nil)
}

func (w *World) serviceSendsBody(ctx context.Context, method, path string, doc *godog.DocString) error {
	return w.asService(ctx, method, path, w.expandBody(doc.Content))
}

func (w *World) asService(ctx context.Context, method, path string, body []byte) error {
	path, err := w.expand(path)
	if err != nil {
		return err
	}
	w.next.habit = &theService
	if err := w.requestAt(ctx, method, path, body); err != nil {
		return err
	}
	if w.last.Status == http.StatusForbidden {
		return &SkipError{Reason: "needs an account that may do what the connector service does: " + method + " " + path}
	}
	if w.job != nil && method != http.MethodGet && strings.HasPrefix(path, jobsIndex+"/") {
		w.foreign[w.job.id] = true // it may have any shape from now on
	}
	return nil
}

func (w *World) searchFindsExactly(names string) error {
	want, err := w.named(names)
	if err != nil {
		return err
	}
	res, err := w.answered()
	if err != nil {
		return err
	}
	got, err := hitIDs(res)
	if err != nil {
		return err
	}
	if !slices.Equal(got, want) {
		return failf(res, "the hits "+names, "the hits "+w.nicknames(got), "the search finds something else")
	}
	if _, n, _, err := w.at("/hits/total/value"); err != nil || fmt.Sprint(n) != fmt.Sprint(len(want)) {
		return failf(res, fmt.Sprint("/hits/total/value ", len(want)), fmt.Sprint("/hits/total/value ", n), "the search counts something else than it finds")
	}
	return nil
}

func (w *World) writeIsStale() error {
	r, err := w.rejection(http.StatusConflict)
	if err != nil {
		return err
	}
	return r.is("version_conflict_engine_exception")
}
