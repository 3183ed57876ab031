package html

import (
	"maps"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
)

// details is what the page's script builds an opened scenario from.
type details struct {
	Where     string        `json:"where"`
	Tags      []string      `json:"tags,omitempty"`
	Steps     []result.Step `json:"steps,omitempty"`
	Reason    string        `json:"reason,omitempty"`
	Capped    int           `json:"capped,omitempty"` // how many exchanges there were, where not all is kept
	Evidences []evidence    `json:"evidences"`
}

// evidence is one ending of a scenario: that of its only run, or one of the
// different endings of a repeated one.
type evidence struct {
	Outcome   result.Outcome  `json:"outcome,omitempty"` // of a repeated scenario only
	Count     int             `json:"count,omitempty"`
	Failure   *result.Failure `json:"failure,omitempty"`
	Exchanges []exchange      `json:"exchanges,omitempty"`
}

type exchange struct {
	DurationMS float64  `json:"ms"`
	Purpose    string   `json:"purpose,omitempty"`
	Node       string   `json:"node,omitempty"`
	Leased     string   `json:"leased,omitempty"`
	Curl       string   `json:"curl"`
	Request    message  `json:"request"`
	Response   *message `json:"response,omitempty"`
	Error      string   `json:"error,omitempty"`
}

type message struct {
	Method  string   `json:"method,omitempty"`
	Path    string   `json:"path,omitempty"`
	Status  int      `json:"status,omitempty"`
	Headers []string `json:"headers,omitempty"`
	Body    string   `json:"body,omitempty"`
	CutFrom int      `json:"cutFrom,omitempty"`
}

func newDetails(s *result.Scenario) details {
	d := details{Where: location(s), Tags: s.Tags, Steps: s.Steps, Reason: s.Reason}
	if s.Evidence == result.EvidenceCapped {
		d.Capped = s.Requests + s.Leased
		d.Steps = slices.Clone(d.Steps)
		for i := range d.Steps {
			d.Steps[i].DurationMS = 0 // a report that is drawn again does not know it
		}
	}
	if len(s.Attempts) == 0 {
		d.Evidences = []evidence{{Failure: s.Failure, Exchanges: exchanges(s.Exchanges)}}
	}
	for _, a := range s.Attempts {
		d.Evidences = append(d.Evidences, evidence{Outcome: a.Outcome, Count: a.Count, Failure: a.Failure, Exchanges: exchanges(a.Exchanges)})
	}
	return d
}

func exchanges(list []result.Exchange) []exchange {
	out := make([]exchange, len(list))
	for i, e := range list {
		out[i] = exchange{
			DurationMS: e.DurationMS, Purpose: e.Purpose, Node: e.Node, Leased: e.Leased, Curl: wire.Curl(e, "$ES"),
			Request: newMessage(e.Request), Error: e.Error,
		}
		if e.Response != nil {
			m := newMessage(*e.Response)
			out[i].Response = &m
		}
	}
	return out
}

func newMessage(m result.Message) message {
	out := message{Method: m.Method, Path: m.Path, Status: m.Status, Body: m.Body, CutFrom: m.CutFrom}
	for _, name := range slices.Sorted(maps.Keys(m.Headers)) {
		out.Headers = append(out.Headers, name+": "+strings.Join(m.Headers[name], ", "))
	}
	return out
}
