package claim

import (
	"github.com/esconform/esconform/internal/docs/jsonpatch"
	"github.com/esconform/esconform/internal/result"
)

// Verdict is what became of one claim.
type Verdict string

// The verdicts. Only Confirmed is fine; Untestable, Skipped and NotRun say
// nothing about the page and are never counted as if they did.
const (
	Confirmed    Verdict = "CONFIRMED"
	Contradicted Verdict = "CONTRADICTED"
	Undocumented Verdict = "UNDOCUMENTED" // observed, not on the page
	Untestable   Verdict = "UNTESTABLE"
	Skipped      Verdict = "SKIPPED"
	NotRun       Verdict = "NOT_RUN"
)

// Verdicts lists the verdicts in the order in which reports show them.
func Verdicts() []Verdict {
	return []Verdict{Contradicted, Undocumented, NotRun, Untestable, Skipped, Confirmed}
}

// Kind says what a claim is about.
type Kind string

// The kinds of claims.
const (
	KindRoute         Kind = "route"
	KindPathParam     Kind = "path-param"
	KindQueryParam    Kind = "query-param"
	KindBodyField     Kind = "body-field"
	KindType          Kind = "type"
	KindRequired      Kind = "required"
	KindDefault       Kind = "default"
	KindValues        Kind = "values"
	KindList          Kind = "list-of-values"
	KindWidth         Kind = "integer-width"
	KindMerge         Kind = "merge"
	KindCode          Kind = "response-code"
	KindResponseBody  Kind = "response-body"
	KindResponseField Kind = "response-field"
	KindExample       Kind = "example"
	KindExampleResult Kind = "example-result"
	KindExampleText   Kind = "example-text"
	KindCoverage      Kind = "example-coverage"
	KindMarker        Kind = "test-marker"
	KindStability     Kind = "stability"
	KindProse         Kind = "prose"
	KindMarkup        Kind = "markup"
	KindConsistency   Kind = "consistency"
	KindSpecification Kind = "specification"
	KindUnread        Kind = "unread"
	KindOperation     Kind = "operation"
	KindNull          Kind = "null"
	KindTogether      Kind = "together"
	KindPrivilege     Kind = "privilege"
)

// Proof is the exchange that shows a verdict.
type Proof struct {
	Curl     string           `json:"curl" text:"block"`
	Exchange *result.Exchange `json:"exchange,omitempty"`
}

// Opinion is what a specification says on the same point.
type Opinion struct {
	Source string `json:"source"` // openapi, rest-api-spec
	File   string `json:"file"`
	Says   string `json:"says" text:"block"`
	Line   int    `json:"line"`
	// Holds reports whether the server agrees with it: yes, no, or "" where
	// nothing was observed.
	Holds string `json:"holds,omitempty"`
}

// Edit changes whole lines of the page: Delete lines from Line on give way to
// Insert. With Delete 0 the lines go in after Line. With Swap, the first of the
// lines that holds the first word gets the second in its place, and the others
// stay.
type Edit struct {
	File   string // set once the claim is judged
	Line   int
	Delete int
	Insert []string
	Swap   [2]string
	// Append adds words to the end of the line; nothing else is set then.
	Append string
	// Blank also takes away a blank line behind the deleted ones.
	Blank bool
}

// Claim is one statement and what became of it.
type Claim struct {
	ID      string `json:"id"`
	Kind    Kind   `json:"kind"`
	File    string `json:"file"`
	Line    int    `json:"line"`
	EndLine int    `json:"end_line,omitempty"`
	// Pointer is the JSON pointer of the place, in documents that have them.
	Pointer    string    `json:"pointer,omitempty"`
	Quote      string    `json:"quote" text:"block"`
	Documented string    `json:"documented" text:"block"`
	Observed   string    `json:"observed" text:"block"`
	Verdict    Verdict   `json:"verdict"`
	Reason     string    `json:"reason,omitempty"` // why untestable, skipped, not run; or a remark
	Proof      []Proof   `json:"proof,omitempty"`
	Opinions   []Opinion `json:"opinions,omitempty"`
	// OddOneOut names which of page, specification and server stands alone.
	OddOneOut string `json:"odd_one_out,omitempty"`
	Waived    string `json:"waived,omitempty"` // reason of the waiver
	Edits     []Edit `json:"-"`
	// Changes are those of a JSON patch that would make a document true, Patch
	// what became of them.
	Changes []*jsonpatch.Change `json:"-"`
	Patch   string              `json:"patch,omitempty"`
	// Aspect is what the claim is about, the same for every document on the
	// same API: body/last_seen/type.
	Aspect string `json:"-"`
	// Cause is the same for claims that say one thing of several places.
	Cause string `json:"-"`
	// Operations are those of a document that the claim holds for.
	Operations []string `json:"operations,omitempty"`
}

// Finding reports whether the claim is something that a writer has to act on.
func (c Claim) Finding() bool {
	return c.Verdict == Contradicted || c.Verdict == Undocumented
}
