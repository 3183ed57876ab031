package observe

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/result"
)

// Of reduces a run to its observations.
func Of(run *result.Run) *Set {
	s := &Set{Header: header(run)}
	for _, r := range run.Requirements {
		s.Requirements = append(s.Requirements, Requirement{
			ID: r.ID, Outcome: r.Outcome, Reason: r.Reason, Profile: r.Profile, Versions: r.Versions, Statement: r.Statement,
		})
	}
	found, observer := masks{}, NewObserver(run.RunID, run.Started)
	for rule, pointers := range run.Masked {
		found.join([]Mask{{rule, pointers}})
	}
	for i := range run.Scenarios {
		s.Scenarios = append(s.Scenarios, observer.scenario(&run.Scenarios[i], found))
	}
	slices.SortFunc(s.Scenarios, func(a, b Scenario) int { return strings.Compare(a.ID, b.ID) })
	s.Header.Masked = found.list()
	return s
}

func header(run *result.Run) Header {
	return Header{
		Format: FormatVersion, Suite: Suite{run.Suite.Version, run.Suite.Digest}, Selection: run.Selection,
		Target:  Target{run.Target.Kind, run.Target.Version, run.Target.IsElasticsearch, run.Target.Security, run.Target.Fault},
		Verdict: run.Verdict, Reason: run.Reason, CutShort: run.CutShort,
	}
}

// exchange is an exchange whose bodies are read.
type exchange struct {
	*result.Exchange
	request, answer     any // JSON documents
	requestOK, answerOK bool
}

func (o *Observer) scenario(sc *result.Scenario, found masks) Scenario {
	out := Scenario{ID: sc.ID, Outcome: sc.Outcome, Requirements: sc.Requirements, Blames: sc.Blames, Reason: sc.Reason}
	if sc.Observed != nil { // it passed: there is no failure, and nothing else to reduce
		out.lines = unpacked(sc.Observed)
		return out
	}
	exchanges := read(settled(sc.Exchanges))
	n := newNormaliser(o.names, o.startOf(sc), exchanges, found)
	for len(exchanges) > 0 {
		step := stepOf(exchanges)
		exchanges = exchanges[len(step):]
		if races(step) {
			out.Observations = append(out.Observations, n.race(sc.ID, step)...)
			continue
		}
		for _, e := range step {
			if e.Purpose != result.Lookup && (sc.Profile == "security" || !refusedDirectRead(e)) {
				out.Observations = append(out.Observations, n.observe(sc.ID, e))
			}
		}
	}
	if f := sc.Failure; f != nil {
		text := f.Message
		if f.Expected != "" || f.Actual != "" {
			text += "; expected " + f.Expected + "; actual " + f.Actual
		}
		out.Failure = n.text(cut(strings.Join(strings.Fields(text), " "), 1000), "/failure", false)
	}
	out.Reason = n.text(out.Reason, "/reason", false)
	return out
}

// kept shortens the text of a body of which only the beginning was kept: where
// that ends depends on how long the names and times before it are.
func kept(s string, m *result.Message) string {
	if m.CutFrom == 0 {
		return s
	}
	return cut(s, 3<<10)
}

func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}

func (o *Observer) startOf(sc *result.Scenario) time.Time {
	switch {
	case !sc.Started.IsZero():
		return sc.Started
	case len(sc.Exchanges) > 0 && !sc.Exchanges[0].Started.IsZero():
		return sc.Exchanges[0].Started
	}
	return o.started
}

// settled leaves out of a read that was repeated until it was as demanded all
// answers but the last: how many there were is chance.
func settled(list []result.Exchange) []result.Exchange {
	var out []result.Exchange
	for _, e := range list {
		if n := len(out); n > 0 && waitingSteps.MatchString(e.Purpose) && e.Request.Method == out[n-1].Request.Method && e.Request.Path == out[n-1].Request.Path {
			out[n-1].Response, out[n-1].Error = e.Response, e.Error
			continue
		}
		out = append(out, e)
	}
	return out
}

func read(list []result.Exchange) []*exchange {
	out := make([]*exchange, len(list))
	for i := range list {
		e := &exchange{Exchange: &list[i]}
		e.request, e.requestOK = decode(&e.Request)
		if e.Response != nil {
			e.answer, e.answerOK = decode(e.Response)
		}
		out[i] = e
	}
	return out
}

// decode reads a body that is whole and JSON.
func decode(m *result.Message) (any, bool) {
	if m.CutFrom > 0 || strings.TrimSpace(m.Body) == "" {
		return nil, false
	}
	v, err := jsonval.Decode([]byte(m.Body))
	return v, err == nil
}

// stepOf returns the exchanges at the start that belong to one step.
func stepOf(list []*exchange) []*exchange {
	n := 1
	for n < len(list) && list[n].Purpose == list[0].Purpose {
		n++
	}
	return list[:n]
}

// races reports whether a step sends requests at the same time.
func races(step []*exchange) bool {
	if len(step) < 2 {
		return false
	}
	if racingSteps.MatchString(step[0].Purpose) {
		return true
	}
	byStart := slices.Clone(step)
	slices.SortStableFunc(byStart, func(a, b *exchange) int { return a.Started.Compare(b.Started) })
	for i := 1; i < len(byStart); i++ {
		end := byStart[i-1].Started.Add(time.Duration(byStart[i-1].DurationMS * float64(time.Millisecond)))
		if byStart[i].Started.Before(end) && !byStart[i].Started.IsZero() {
			return true
		}
	}
	return false
}

// refusedDirectRead finds reads of an index that the account may not do: the
// run notices once, in whichever scenario comes first, and asks no more.
func refusedDirectRead(e *exchange) bool {
	return e.Response != nil && e.Response.Status == http.StatusForbidden && family.EmbeddedPaths().Stored(e.Request.Path)
}

func (n *normaliser) observe(id string, e *exchange) Observation {
	o := Observation{Scenario: id, Step: n.text(e.Purpose, "/step", false)}
	o.Request = Request{Method: e.Request.Method, Path: n.path(e.Request.Path), Headers: n.headers(e.Request.Headers, true)}
	if e.requestOK {
		o.Request.Body, o.Request.Text = n.body(n.requestBody(e.request), "/request/body")
	} else {
		o.Request.Text = n.longText(kept(n.text(e.Request.Body, "/request/body", true), &e.Request), "/request/body")
	}
	if e.Response == nil {
		o.Answer.Error = n.failure(e.Error)
		return o
	}
	o.Answer.Status = e.Response.Status
	o.Answer.Headers = n.headers(e.Response.Headers, false)
	if e.Error != "" {
		o.Answer.Error = n.failure(e.Error)
	}
	if n.raced && e.Request.Method == http.MethodGet {
		n.found.add(ruleRace, "/answer/body")
		o.Answer.Text = placeRaced
		return o
	}
	if e.answerOK {
		o.Answer.Body, o.Answer.Text = n.body(n.answerBody(e), "/answer/body")
	} else {
		o.Answer.Text = n.longText(kept(n.text(e.Response.Body, "/answer/body", false), e.Response), "/answer/body")
	}
	return o
}

// race reduces a step that sends several requests at once to the set of what
// was seen: who wins is chance, and so is how many are refused.
func (n *normaliser) race(id string, step []*exchange) []Observation {
	n.racingFields(step)
	mixed := mixedSteps.MatchString(step[0].Purpose)
	n.raced = n.raced || mixed
	var out []Observation
	for _, e := range step {
		if !mixed && lostRace(e) && slices.ContainsFunc(step, func(won *exchange) bool { return wonRace(won, e) }) {
			n.found.add(ruleRace, "/answer")
			continue
		}
		if e.requestOK && e.Request.Method != http.MethodGet {
			e.request = kinds(e.request)
			n.found.add(ruleRace, "/request/body")
		}
		o := n.observe(id, e)
		o.AtOnce = true
		if mixed && e.Request.Method != http.MethodGet && (lostRace(e) || o.Answer.Status == http.StatusOK) {
			n.found.add(ruleRace, "/answer")
			o.Answer = Answer{Text: placeEither}
		}
		out = append(out, o)
	}
	slices.SortFunc(out, func(a, b Observation) int { return bytes.Compare(encode(a), encode(b)) })
	return slices.CompactFunc(out, func(a, b Observation) bool { return bytes.Equal(encode(a), encode(b)) })
}

// lostRace finds the refusal of a writer that another one was faster than.
func lostRace(e *exchange) bool {
	return e.Response != nil && e.Response.Status == http.StatusConflict && strings.Contains(e.Response.Body, "version_conflict_engine_exception")
}

func wonRace(e, loser *exchange) bool {
	return e.Response != nil && e.Response.Status == http.StatusOK && e.Request.Method == loser.Request.Method && e.Request.Path == loser.Request.Path
}

// kinds replaces the members of an object by what kind of value they are.
func kinds(doc any) any {
	object, ok := doc.(map[string]any)
	if !ok {
		return kind(doc)
	}
	out := make(map[string]any, len(object))
	for key, v := range object {
		out[key] = kind(v)
	}
	return out
}

func kind(v any) any {
	switch v.(type) {
	case map[string]any:
		return "<object>"
	case []any:
		return "<array>"
	case string:
		return "<string>"
	case json.Number:
		return "<number>"
	}
	return v
}

// encode writes a value in one line, < and > as themselves.
func encode(v any) []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v) // these types hold nothing that cannot be encoded
	return foreign.Escape(bytes.TrimSuffix(buf.Bytes(), []byte("\n")))
}

// unescaped returns the path with percent-encoding undone, or as it is.
func unescaped(path string) string {
	if plain, err := url.PathUnescape(path); err == nil {
		return plain
	}
	return path
}
