// Package compare says what changed between two runs of the same suite: which
// requirements turned out otherwise, and which answers differ, also those that
// no requirement asks about.
package compare

import (
	"slices"

	"github.com/esconform/esconform/internal/observe"
	"github.com/esconform/esconform/internal/result"
)

// Class says what a difference means to a client.
type Class string

// The classes, the worst first.
const (
	Breaking  Class = "BREAKING"  // a client that was right may break
	Behaviour Class = "BEHAVIOUR" // something else happens than before
	Additive  Class = "ADDITIVE"  // there is something that was not there before
	Wording   Class = "WORDING"   // the text of a message
)

// Classes lists the classes, the worst first.
func Classes() []Class { return []Class{Breaking, Behaviour, Additive, Wording} }

func (c Class) rank() int { return slices.Index(Classes(), c) }

// FailOn is the mildest class that makes a comparison fail.
type FailOn string

// What a comparison may fail on.
const (
	FailOnBreaking  FailOn = "breaking"
	FailOnBehaviour FailOn = "behaviour" // and breaking
	FailOnAny       FailOn = "any"
)

// fails reports whether a difference of this class fails the gate.
func (f FailOn) fails(c Class) bool {
	switch f {
	case FailOnAny:
		return true
	case FailOnBehaviour:
		return c.rank() <= Behaviour.rank()
	}
	return c == Breaking
}

// The kinds of differences.
const (
	KindStatus    = "status"     // another status
	KindErrorType = "error_type" // another type of error
	KindWording   = "wording"    // another text of a message
	KindAdded     = "added"      // a field that was not there
	KindRemoved   = "removed"    // a field that is no longer there
	KindRenamed   = "renamed"    // a field with another name and the same value
	KindType      = "type"       // a value of another JSON type
	KindValue     = "value"      // another value
	KindOrder     = "order"      // the same elements in another order
	KindLength    = "length"     // a list with more or fewer elements
	KindHeader    = "header"     // another header
	KindFormat    = "format"     // JSON on one side only, or another text
	KindNoAnswer  = "no_answer"  // an answer on one side only
	KindRequest   = "request"    // the suite sent something else
	KindKnown     = "known"      // a documented change between the versions
)

// Comparison is what changed from one run to another.
type Comparison struct {
	Schema   int            `json:"schema"` // version of this format
	Old      Side           `json:"old"`
	New      Side           `json:"new"`
	FailOn   FailOn         `json:"fail_on"`
	Verdict  result.Verdict `json:"verdict"`
	Reason   string         `json:"reason"` // of the verdict, one sentence
	ExitCode int            `json:"exit_code"`
	// Compared counts the exchanges that both sides have, Unpaired those that
	// only one of them has.
	Compared int `json:"compared"`
	Unpaired int `json:"unpaired"`
	// Doubts say why the absence of a difference proves nothing.
	Doubts []string `json:"doubts,omitempty"`
	// OnlyOld and OnlyNew are scenarios that one side does not have at all.
	OnlyOld []string `json:"only_old,omitempty"`
	OnlyNew []string `json:"only_new,omitempty"`

	Outcomes []OutcomeChange `json:"outcomes"`
	Entries  []Entry         `json:"entries"`
	Ignored  []observe.Noise `json:"ignored,omitempty"` // noise that was learned
}

// FormatVersion is the value of Comparison.Schema that this package writes.
const FormatVersion = 1

// Side is one of the two runs.
type Side struct {
	Name      string           `json:"name"` // as it was given, such as a folder
	Target    observe.Target   `json:"target"`
	Suite     observe.Suite    `json:"suite"`
	Selection result.Selection `json:"selection"`
	Verdict   result.Verdict   `json:"verdict"`
	Reason    string           `json:"reason"`
	CutShort  string           `json:"cut_short,omitempty"`
	Scenarios int              `json:"scenarios"`
	Exchanges int              `json:"exchanges"`
}

// The changes of a requirement's outcome.
const (
	NewlyFailing  = "newly_failing"
	Fixed         = "fixed"
	NewlySkipped  = "newly_skipped"
	NewlyApplying = "newly_applying" // it was skipped, and is not any more
	Undecided     = "undecided"      // error, waived or not run on one side
	Gone          = "gone"
	New           = "new"
)

// OutcomeChange is a requirement with another outcome.
type OutcomeChange struct {
	Requirement string         `json:"requirement"`
	Statement   string         `json:"statement"`
	Profile     string         `json:"profile"`
	Change      string         `json:"change"`
	Class       Class          `json:"class"`
	Old         result.Outcome `json:"old,omitempty"`
	New         result.Outcome `json:"new,omitempty"`
	Reason      string         `json:"reason,omitempty"`
	Scenarios   []string       `json:"scenarios,omitempty"` // whose outcome changed
	// Expected says why this change had to come, or is empty.
	Expected string `json:"expected,omitempty"`
}

// Entry is one difference in behaviour: everything that has one cause.
type Entry struct {
	Class Class  `json:"class"`
	Kind  string `json:"kind"`
	// Title says what is different, in one sentence.
	Title  string   `json:"title"`
	Routes []string `json:"routes,omitempty"`
	// Pointer is where in the answer, "" where it is all of it.
	Pointer   string   `json:"pointer,omitempty"`
	Count     int      `json:"count"` // exchanges that show it
	FollowUps int      `json:"follow_ups,omitempty"`
	Scenarios []string `json:"scenarios,omitempty"`
	// Requirements are those that fail because of it, as far as their
	// scenarios show it.
	Requirements []string  `json:"requirements,omitempty"`
	Examples     []Example `json:"examples,omitempty"`
	// Expected says why the difference had to come, or is empty.
	Expected string `json:"expected,omitempty"`
	// Known is the id of the documented change that explains it.
	Known string `json:"known,omitempty"`
}

// Example is one exchange that shows a difference.
type Example struct {
	Scenario  string `json:"scenario"`
	Step      string `json:"step"`
	Old       string `json:"old"` // the value that differs
	New       string `json:"new"`
	OldCurl   string `json:"old_curl,omitempty"`
	NewCurl   string `json:"new_curl,omitempty"`
	OldAnswer string `json:"old_answer,omitempty"`
	NewAnswer string `json:"new_answer,omitempty"`
}

// Unexpected returns the entries that no documented change explains.
func (c *Comparison) Unexpected() []Entry {
	var out []Entry
	for _, e := range c.Entries {
		if e.Expected == "" {
			out = append(out, e)
		}
	}
	return out
}
