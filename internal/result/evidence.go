package result

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// cappedBody is to how many bytes bodies are cut in a capped scenario.
const cappedBody = 256

// Capped returns a passed scenario with as much of its evidence as shows what
// it was about: the first exchange and the last one, long bodies cut, of the
// headers of answers the content type. Any other scenario stays as it is, and so
// does one of which nothing would be left out but how the bytes went.
func (s Scenario) Capped() Scenario {
	if s.Outcome != Passed {
		return s
	}
	kept := s.Exchanges
	if len(kept) > 2 {
		kept = []Exchange{kept[0], kept[len(kept)-1]}
		s.Evidence = EvidenceCapped
	}
	s.Exchanges = slices.Clone(kept)
	for i := range s.Exchanges {
		e := &s.Exchanges[i]
		if e.Request.cap() {
			s.Evidence = EvidenceCapped
		}
		if e.Response != nil {
			answer := *e.Response
			if e.Response = &answer; answer.cap() {
				s.Evidence = EvidenceCapped
			}
		}
	}
	for i := range s.Exchanges {
		s.Exchanges[i].capHeaders(s.Evidence == EvidenceCapped)
	}
	return s
}

// transport are the headers that say how the bytes went over the wire.
var transport = []string{"Connection", "Content-Length", "Date", "Keep-Alive", "Transfer-Encoding", "User-Agent", "Accept-Encoding"}

// capHeaders leaves out headers that say how the bytes went and, of an answer
// that is capped, all but the content type.
func (e *Exchange) capHeaders(capped bool) {
	plain := func(name string, _ []string) bool { return slices.Contains(transport, name) }
	e.Request.Headers = maps.Clone(e.Request.Headers)
	maps.DeleteFunc(e.Request.Headers, plain)
	if e.Response == nil {
		return
	}
	e.Response.Headers = maps.Clone(e.Response.Headers)
	maps.DeleteFunc(e.Response.Headers, func(name string, values []string) bool {
		return plain(name, values) || capped && name != "Content-Type"
	})
}

// Written is the scenario as files for programs have it: where evidence is
// capped, without steps and tags, which stand in the feature file.
func (s Scenario) Written() Scenario {
	if s.Evidence == EvidenceCapped {
		s.Steps, s.Tags = nil, nil
	}
	return s
}

// cap cuts a long body, letting go of the rest of it.
func (m *Message) cap() bool {
	if len(m.Body) <= cappedBody {
		return false
	}
	m.CutFrom = max(m.CutFrom, len(m.Body))
	m.Body = strings.ToValidUTF8(strings.Clone(m.Body[:cappedBody]), "")
	return true
}

// ServerTime is for how many milliseconds at least one of the exchanges waited
// for its answer.
func ServerTime(exchanges []Exchange) float64 {
	byStart := slices.SortedFunc(slices.Values(exchanges), func(a, b Exchange) int { return a.Started.Compare(b.Started) })
	var waited time.Duration
	var until time.Time
	for _, e := range byStart {
		if e.Leased != "" {
			continue
		}
		end := e.Started.Add(time.Duration(e.DurationMS * float64(time.Millisecond)))
		from := e.Started
		if from.Before(until) {
			from = until
		}
		if end.After(from) {
			waited += end.Sub(from)
			until = end
		}
	}
	return float64(waited.Microseconds()) / 1000
}

// Sent counts requests. Writes are those that can change something, as far as
// is known.
type Sent struct {
	Requests int `json:"requests"`
	Writes   int `json:"writes"`
}

// Plus adds up.
func (s Sent) Plus(o Sent) Sent { return Sent{s.Requests + o.Requests, s.Writes + o.Writes} }

// Minus is what s has more than o.
func (s Sent) Minus(o Sent) Sent { return Sent{s.Requests - o.Requests, s.Writes - o.Writes} }

// Traffic is what a run sent, and how long that took.
type Traffic struct {
	Sent
	// Outside are those of set-up and cleanup, which belong to no scenario.
	Outside Sent `json:"outside"`
	// Scenarios is how many sent something, each as often as it ran; together
	// they took ScenariosMS, and ServerMS of that they waited for answers.
	Scenarios   int     `json:"scenarios"`
	ScenariosMS float64 `json:"scenarios_ms"`
	ServerMS    float64 `json:"server_ms"`
}

// Add counts a scenario that ended.
func (t *Traffic) Add(s Scenario) {
	if s.Requests+s.Leased == 0 {
		return
	}
	t.Sent = t.Plus(s.Sent)
	t.Scenarios++
	t.ScenariosMS += s.DurationMS
	t.ServerMS += s.ServerMS
}

// Join adds what another part of the same run sent.
func (t *Traffic) Join(o Traffic) {
	t.Sent, t.Outside = t.Plus(o.Sent), t.Outside.Plus(o.Outside)
	t.Scenarios += o.Scenarios
	t.ScenariosMS += o.ScenariosMS
	t.ServerMS += o.ServerMS
}

// String says it in one line.
func (t Traffic) String() string {
	text := fmt.Sprintf("%s (%s of them for set-up and cleanup), of which %s writes", grouped(t.Requests), grouped(t.Outside.Requests), grouped(t.Writes))
	if t.Scenarios == 0 {
		return text
	}
	text += fmt.Sprintf(" (%.1f a scenario)", float64(t.Writes)/float64(t.Scenarios))
	return text + fmt.Sprintf("; the server took %.0f %% of the scenarios' time", 100*t.ServerMS/cmp.Or(t.ScenariosMS, 1))
}

// grouped writes a number with a comma between thousands.
func grouped(n int) string {
	text := strconv.Itoa(n)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}
