package steps

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

// How Elasticsearch's own clients and the connector service send requests.

var clientSteps = chapter{noun: "client", rows: []row{
	{`Given a client that "<text>"`,
		"Has what they send be sent as clients of Elasticsearch do, by the account of the run; see client.go for the habits.",
		`Given a client that "speaks the media type of version 8"`, (*service).asClient},
	{"Then they are answered in kind",
		"Demands an answer in the media type that the client asked for.",
		"", (*service).answeredInKind},
}}

var serviceSteps = chapter{noun: "connector service", family: connectorAPI, rows: []row{
	{`Then the search finds exactly "<text>" in this order`,
		"Demands these documents (names separated by commas) as the hits of a search, each as it is stored, and that the search counts them.",
		`Then the search finds exactly "b, a" in this order`, (*service).searchFindsExactly},
	{"Then the write is refused as one of a stale document",
		"Demands status 409 and version_conflict_engine_exception.",
		"", (*service).writeIsStale},
}}

// service sends requests as clients and the connector service do.
type service struct {
	*accounts
	lists *lists
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

func (s *service) asClient(name string) error {
	h, ok := habits[name]
	if !ok {
		return fmt.Errorf("no client %q; clients are such as %s", name, strings.Join(slices.Sorted(maps.Keys(habits)), ", "))
	}
	if !s.knows(h.since) {
		return &SkipError{Reason: fmt.Sprintf("needs Elasticsearch %s or later: no client of an earlier one %s", h.since, name)}
	}
	s.actor = &actor{account: &account{}, habit: &h}
	return nil
}

func (s *service) answeredInKind(res *wire.Response) error {
	if s.actor == nil || s.actor.habit == nil {
		return errors.New(`no client has sent anything yet; begin with "Given a client that ..."`)
	}
	want := cmp.Or(s.actor.habit.media, "application/json")
	if got := res.Header.Get("Content-Type"); mediaType(got) != mediaType(want) {
		return CheckContentType.failf(res, "Content-Type: "+want, "Content-Type: "+got, "the client is answered in another media type than it asked for")
	}
	return nil
}

// asService sends a request as the connector service does. An account that may
// not do that skips the scenario.
func (s *service) asService(ctx context.Context, req wire.Request) error {
	s.next.habit = &theService
	res, err := s.write(ctx, req)
	if err != nil {
		return err
	}
	if res.Status == http.StatusForbidden {
		return &SkipError{Reason: "needs an account that may do what the connector service does: " + req.Method + " " + req.Path}
	}
	s.strange(req)
	return nil
}

// strange notes that what is written past the API may have any shape.
func (j *jobs) strange(req wire.Request) {
	for _, th := range j.order {
		if index := th.res.StoredIn(); index != "" && !safe(req.Method) && strings.HasPrefix(req.Path, index+"/") {
			th.foreign = true
		}
	}
}

func (s *service) searchFindsExactly(ctx context.Context, res *wire.Response, names several) error {
	want, err := s.lists.named(names)
	if err != nil {
		return err
	}
	hits, err := hits(res)
	if err != nil {
		return err
	}
	got := hitIDs(hits)
	if !slices.Equal(got, want) {
		return failf(res, "the hits "+strings.Join(names, ", "), "the hits "+s.lists.nicknames(got), "the search finds something else")
	}
	if _, n, _, err := s.at("/hits/total/value"); err != nil || fmt.Sprint(n) != fmt.Sprint(len(want)) {
		return failf(res, fmt.Sprint("/hits/total/value ", len(want)), fmt.Sprint("/hits/total/value ", n), "the search counts something else than it finds")
	}
	for i, hit := range hits {
		index, _ := jsonval.Pointer(hit, "/_index")
		if err := s.hitIsStored(ctx, res, fmt.Sprintf("/%v/_doc/%s", index, got[i]), hit); err != nil {
			return err
		}
	}
	return nil
}

// hitIsStored demands that a search shows a document as it is stored.
func (s *service) hitIsStored(ctx context.Context, res *wire.Response, path string, hit any) error {
	stored, err := s.deps.Session.Do(ctx, wire.Request{Method: http.MethodGet, Path: path})
	if err != nil {
		return err
	}
	doc, err := s.document(stored, "the document that the search found", http.StatusOK, "")
	if err != nil {
		return err
	}
	source, _ := jsonval.Pointer(doc, "/_source")
	found, _ := jsonval.Pointer(hit, "/_source")
	if diff := jsonval.Diff(source, found); len(diff) > 0 {
		return failf(res, sides(diff, false), sides(diff, true), "the search shows something else than what is stored")
	}
	return nil
}

func (s *service) writeIsStale(res *wire.Response) error {
	_, err := s.rejected(res, http.StatusConflict, "version_conflict_engine_exception")
	return err
}
