// Package observe reduces the exchanges of a run to what should be the same
// the next time: what versions of Elasticsearch are compared by. Names,
// instants, sequence numbers and the like are replaced by rule, and everything
// that was replaced is listed.
package observe

import (
	"encoding/json"

	"github.com/esconform/esconform/internal/result"
)

// Set is what was observed in one run.
type Set struct {
	Header       Header
	Requirements []Requirement // in the order of the catalogue
	Scenarios    []Scenario    // sorted by id
}

// Header says where the observations come from.
type Header struct {
	Format    int              `json:"esconform_observations"`
	Suite     Suite            `json:"suite"`
	Selection result.Selection `json:"selection"`
	Target    Target           `json:"target"`
	Verdict   result.Verdict   `json:"verdict"`
	Reason    string           `json:"reason"`
	CutShort  string           `json:"cut_short,omitempty"`
	// Masked lists what the rules replaced.
	Masked []Mask `json:"masked,omitempty"`
	// Noise lists what differed between two runs on the same target and is
	// therefore not compared.
	Noise []Noise `json:"noise,omitempty"`
}

// FormatVersion is the value of Header.Format that this package writes.
const FormatVersion = 1

// Suite names the suite: the digest of its features and the version of the
// program.
type Suite struct {
	Version string `json:"version"`
	Digest  string `json:"digest"`
}

// Target is the part of a target that tells one from another of its kind.
// Addresses and cluster names are left out: they say nothing of behaviour.
type Target struct {
	Kind            string `json:"kind"`
	Version         string `json:"version"`
	IsElasticsearch bool   `json:"is_elasticsearch"`
	Security        bool   `json:"security"`
	Fault           string `json:"fault,omitempty"`
}

// Mask is one rule and where it replaced something. Pointers begin with
// /request or /answer; * stands for any index of an array.
type Mask struct {
	Rule     string   `json:"rule"`
	Pointers []string `json:"pointers"`
}

// Noise is a place that differs by itself.
type Noise struct {
	Scenario string `json:"scenario"`
	Step     string `json:"step"`
	Method   string `json:"method"`
	Path     string `json:"path"`
	Pointer  string `json:"pointer"` // in the answer, such as /body/took; "" is the whole exchange
}

// Requirement is what became of one requirement.
type Requirement struct {
	ID        string         `json:"requirement"`
	Outcome   result.Outcome `json:"outcome"`
	Reason    string         `json:"reason,omitempty"`
	Profile   string         `json:"profile"`
	Versions  string         `json:"versions,omitempty"`
	Statement string         `json:"statement"`
}

// Scenario is what became of one scenario, with what was observed in it.
type Scenario struct {
	ID           string         `json:"scenario"`
	Outcome      result.Outcome `json:"outcome"`
	Reason       string         `json:"reason,omitempty"`
	Failure      string         `json:"failure,omitempty"` // in one line, names and instants replaced
	Requirements []string       `json:"requirements"`
	Blames       []string       `json:"blames,omitempty"` // those that a failure is held against

	// Observations is empty in a scenario that was read from a file: see
	// Exchanges.
	Observations []Observation `json:"-"`

	lines [][]byte
}

// Observation is one exchange. Exchanges of a step that sends several requests
// at once have no order: they are sorted, and those that are the same are one.
type Observation struct {
	Scenario string  `json:"observed"` // the scenario's id
	Step     string  `json:"step"`
	AtOnce   bool    `json:"at_once,omitempty"`
	Request  Request `json:"request"`
	Answer   Answer  `json:"answer"`
}

// Request is the request of an observation.
type Request struct {
	Method  string            `json:"method"`
	Path    string            `json:"path"`
	Headers map[string]string `json:"headers,omitempty"`
	Body    json.RawMessage   `json:"body,omitempty"` // where it is JSON
	Text    string            `json:"text,omitempty"` // where it is not
}

// Answer is the answer of an observation, or why there is none.
type Answer struct {
	Status  int               `json:"status,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
	Body    json.RawMessage   `json:"body,omitempty"`
	Text    string            `json:"text,omitempty"`
	Error   string            `json:"error,omitempty"`
}

// Count returns the number of observations.
func (s *Set) Count() int {
	n := 0
	for i := range s.Scenarios {
		n += s.Scenarios[i].Count()
	}
	return n
}

// Scenario returns the scenario with this id, or nil.
func (s *Set) Scenario(id string) *Scenario {
	for i := range s.Scenarios {
		if s.Scenarios[i].ID == id {
			return &s.Scenarios[i]
		}
	}
	return nil
}

// Whole reports whether the run came to its end and to a verdict, and if not,
// why.
func (s *Set) Whole() (string, bool) {
	switch {
	case s.Header.CutShort != "":
		return "the run was cut short: " + s.Header.CutShort, false
	case s.Header.Verdict == result.Inconclusive:
		return "the run was inconclusive: " + s.Header.Reason, false
	}
	return "", true
}
