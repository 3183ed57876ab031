// Package result is what a run found, as plain data. Whoever renders it knows
// nothing of how scenarios are run; whoever runs scenarios knows nothing of
// report formats. What a field holds that package foreign cannot know stands in
// its tag: text:"block" for several lines, text:"own" for our own words.
package result

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Outcome is what became of one scenario or one requirement.
type Outcome string

// The outcomes. Only Passed counts as proof; Waived and Skipped never do.
const (
	Passed  Outcome = "passed"
	Failed  Outcome = "failed"  // the target did not do what is required
	Error   Outcome = "error"   // the harness or the environment broke: nothing is said of the target
	Skipped Outcome = "skipped" // does not apply to this target; always with a reason
	Waived  Outcome = "waived"  // failed, and a waiver covers it
	Flaky   Outcome = "flaky"   // passed and failed in one run
	NotRun  Outcome = "not_run" // the run ended before it
)

// Outcomes lists every outcome in the order in which reports show them.
func Outcomes() []Outcome {
	return []Outcome{Failed, Flaky, Error, NotRun, Waived, Skipped, Passed}
}

// Verdict is the answer of a whole run.
type Verdict string

// The verdicts.
const (
	Conformant    Verdict = "conformant"
	Nonconformant Verdict = "nonconformant"
	Inconclusive  Verdict = "inconclusive"
)

// Exit codes, the same for every command that has a verdict.
const (
	ExitConformant    = 0
	ExitNonconformant = 1
	ExitUsage         = 2
	ExitInconclusive  = 3
	ExitWaiver        = 4
)

// Exit says an exit code, and why it is not that of the verdict.
func Exit(code int) string {
	text := fmt.Sprintf("exit code %d", code)
	if code == ExitWaiver {
		text += ": a waiver is stale or expired"
	}
	return text
}

// ExitCode returns the exit code of a verdict.
func (v Verdict) ExitCode() int {
	switch v {
	case Conformant:
		return ExitConformant
	case Nonconformant:
		return ExitNonconformant
	default:
		return ExitInconclusive
	}
}

// Message is one side of an exchange: header names in canonical form, secrets
// replaced by "<redacted>", the body as it was on the wire.
type Message struct {
	Method  string              `json:"method,omitempty"`
	Path    string              `json:"path,omitempty"` // with query
	Status  int                 `json:"status,omitempty"`
	Headers map[string][]string `json:"headers,omitempty"`
	Body    string              `json:"body,omitempty" text:"block"`
	// CutFrom is the body's length in bytes where Body holds only its start.
	CutFrom int `json:"cut_from,omitempty"`
}

// Lookup is the purpose of exchanges that only see whether something is there
// before a step makes or changes it. They are no part of what is tested.
const Lookup = "see what is there before"

// Exchange is one HTTP request and its answer. An exchange without an answer
// has an Error and a nil Response.
type Exchange struct {
	Started    time.Time `json:"started"`
	DurationMS float64   `json:"duration_ms"`
	Purpose    string    `json:"purpose,omitempty"` // the step that caused it
	Node       string    `json:"node,omitempty"`    // host and port, where the target has several
	Request    Message   `json:"request"`
	Response   *Message  `json:"response,omitempty"`
	Error      string    `json:"error,omitempty"`
	// Leased is the id of an earlier scenario that begins with the same, for which
	// it was sent: what it made was lent to this one.
	Leased string `json:"leased,omitempty" text:"own"`
}

// Step is one executed step of a scenario.
type Step struct {
	Keyword    string  `json:"keyword"`
	Text       string  `json:"text"`
	Line       int     `json:"line"`
	Outcome    Outcome `json:"outcome"` // passed, failed, error or not_run
	DurationMS float64 `json:"duration_ms"`
	Argument   string  `json:"argument,omitempty" text:"block"` // docstring or table as text
}

// Failure says why a scenario did not pass, with everything a reader needs.
type Failure struct {
	// Kind is "assertion" for outcome failed; "setup", "transport",
	// "timeout", "cancelled", "undefined", "panic" or "harness" for error.
	Kind     string `json:"kind" text:"own"`
	Message  string `json:"message"`
	Expected string `json:"expected,omitempty" text:"block"`
	Actual   string `json:"actual,omitempty" text:"block"`
	Step     string `json:"step,omitempty"`     // keyword and text
	Location string `json:"location,omitempty"` // file:line of the step
	// Exchange is the index in Scenario.Exchanges of the exchange that shows
	// it, or nil.
	Exchange *int `json:"exchange,omitempty"`
	// Check is what the failed assertion looked at, such as "header.allow";
	// Call is method and path, without query, of the request that it judged.
	Check string `json:"check,omitempty"`
	Call  string `json:"call,omitempty"`
}

// Scenario is what became of one scenario or one row of an outline.
type Scenario struct {
	ID           string   `json:"id" text:"own"`
	Name         string   `json:"name"`
	Feature      string   `json:"feature"`
	File         string   `json:"file"`
	Line         int      `json:"line"`
	Profile      string   `json:"profile" text:"own"`
	Requirements []string `json:"requirements" text:"own"`
	Tags         []string `json:"tags,omitempty"`

	Outcome Outcome `json:"outcome"`
	// Blames are the requirements that a failure is held against. Others that
	// the scenario is there for are not proven by it, and not disproven.
	Blames     []string   `json:"blames,omitempty"`
	Reason     string     `json:"reason,omitempty"` // why skipped, waived, flaky or not run
	Started    time.Time  `json:"started,omitzero"`
	DurationMS float64    `json:"duration_ms"`
	Steps      []Step     `json:"steps,omitempty"`
	Failure    *Failure   `json:"failure,omitempty"`
	Exchanges  []Exchange `json:"exchanges,omitempty"`
	// Sent counts all exchanges but those that are leased, and ServerMS is how long
	// they were waited for, whatever is kept of them; Evidence is EvidenceCapped
	// where it is not all.
	Sent
	Leased   int     `json:"leased,omitempty"`
	ServerMS float64 `json:"server_ms"`
	Evidence string  `json:"evidence,omitempty" text:"own"`
	// Observed is what package observe makes of all exchanges, where not all are
	// kept.
	Observed []byte `json:"-"`
	// Attempts holds the runs of a repeated scenario whose outcomes differ.
	Attempts []Attempt `json:"attempts,omitempty"`
}

// EvidenceCapped is the Evidence of a scenario that not all is kept of.
const EvidenceCapped = "capped"

// Blamed are the requirements that a scenario which did not pass speaks
// against: those that its failure is held against or, where nobody can tell,
// as after an error, those that it is there for.
func (s *Scenario) Blamed() []string {
	if len(s.Blames) > 0 {
		return s.Blames
	}
	return s.Requirements
}

// Attempt is one run of a scenario that was run more than once.
type Attempt struct {
	Outcome    Outcome    `json:"outcome"`
	Count      int        `json:"count"` // how many runs ended like this
	DurationMS float64    `json:"duration_ms"`
	Failure    *Failure   `json:"failure,omitempty"`
	Exchanges  []Exchange `json:"exchanges,omitempty"`
}

// RestAPI begins the ids of the requirements that are APIs of a REST
// specification; NoTest is why one of them is not run that no test calls.
const (
	RestAPI = "rest."
	NoTest  = "no test calls it"
)

// Requirement is what became of one requirement: the worst outcome among the
// scenarios that prove it. A scenario that failed counts only where its failure
// is held against the requirement.
type Requirement struct {
	ID        string   `json:"id" text:"own"`
	Statement string   `json:"statement"`
	Profile   string   `json:"profile" text:"own"`
	Sources   []string `json:"sources,omitempty"`
	Versions  string   `json:"versions,omitempty"`
	Outcome   Outcome  `json:"outcome"`
	Reason    string   `json:"reason,omitempty"`
	Scenarios []string `json:"scenarios,omitempty" text:"own"`
}

// Target is the server that was tested.
type Target struct {
	Kind            string `json:"kind" text:"own"` // embedded, container, url
	URL             string `json:"url"`
	IsElasticsearch bool   `json:"is_elasticsearch"`
	Version         string `json:"version"`
	BuildHash       string `json:"build_hash,omitempty"`
	BuildFlavor     string `json:"build_flavor,omitempty"`
	BuildDate       string `json:"build_date,omitempty"`
	ClusterName     string `json:"cluster_name,omitempty"`
	Image           string `json:"image,omitempty"`
	Nodes           int    `json:"nodes,omitempty"` // where there are several
	Security        bool   `json:"security"`
	InsecureTLS     bool   `json:"insecure_tls,omitempty"`
	Fault           string `json:"fault,omitempty"`
	Note            string `json:"note,omitempty"`
	// Unmapped are fields that an API searches for and the target's mapping
	// lacks, as .elastic-connectors: deleted.
	Unmapped []string `json:"unmapped,omitempty"`
	// Log is the end of the log of a server that died.
	Log []string `json:"log,omitempty"`
}

// Suite names what was run against the target.
type Suite struct {
	Version string `json:"version"`
	Commit  string `json:"commit,omitempty"`
	Digest  string `json:"digest" text:"own"` // sha256 over features and catalogue
}

// Selection says which scenarios the user asked for.
type Selection struct {
	Profiles []string `json:"profiles,omitempty" text:"own"`
	Tags     string   `json:"tags,omitempty"`
	IDs      []string `json:"ids,omitempty" text:"own"`
	Shard    string   `json:"shard,omitempty"`
	Lineages []string `json:"lineages,omitempty" text:"own"` // whose documents lay in the target
	Features []string `json:"features,omitempty"`            // folders added by the user
	// OnlyFeatures: the scenarios that come with esconform were left out.
	OnlyFeatures bool `json:"only_features,omitempty"`
	// RestTests is the folder of REST tests, RestSpec that of their specification.
	RestTests string `json:"rest_tests,omitempty"`
	RestSpec  string `json:"rest_spec,omitempty"`
}

// RestFolders lists the folder of REST tests, if there is one.
func (s Selection) RestFolders() []string {
	if s.RestTests == "" {
		return nil
	}
	return []string{s.RestTests}
}

// Flags writes a selection as the flags that make it.
func (s Selection) Flags() string {
	var parts []string
	for _, list := range []struct {
		flag   string
		values []string
	}{{"--profile", s.Profiles}, {"--id", s.IDs}, {"--features", s.Features}, {"--lineage", s.Lineages}, {"--rest-tests", s.RestFolders()}} {
		values := slices.Sorted(slices.Values(list.values))
		for _, v := range values {
			parts = append(parts, list.flag+" "+v)
		}
	}
	if s.Tags != "" {
		parts = append(parts, fmt.Sprintf("--tags %q", s.Tags))
	}
	if s.Shard != "" {
		parts = append(parts, "--shard "+s.Shard)
	}
	if len(parts) == 0 {
		return "everything"
	}
	return strings.Join(parts, " ")
}

// Resources counts what the run created in the target and what became of it.
type Resources struct {
	Created int `json:"created"`
	Deleted int `json:"deleted"`
	Kept    int `json:"kept"`
	// Leased is how often something was lent to a scenario that would have
	// created it.
	Leased int `json:"leased,omitempty"`
	// Restored counts what was there before, was changed, and was put back.
	Restored  int        `json:"restored,omitempty"`
	Leftovers []Leftover `json:"leftovers,omitempty"`
	// Command removes all of the leftovers. It is empty where they end with
	// the target.
	Command string `json:"command,omitempty"`
}

// String counts what was created, deleted and put back.
func (r Resources) String() string {
	text := fmt.Sprintf("%d created, ", r.Created)
	if r.Leased > 0 {
		text += fmt.Sprintf("%d leased, ", r.Leased)
	}
	text += fmt.Sprintf("%d deleted", r.Deleted)
	if r.Restored > 0 {
		text += fmt.Sprintf(", %d put back as it was", r.Restored)
	}
	return text
}

// Left says in one line what is left and how to remove it; it is empty where
// nothing is. The leftovers themselves say more.
func (r Resources) Left() string {
	if len(r.Leftovers) == 0 {
		return ""
	}
	counts := map[string]int{}
	for _, l := range r.Leftovers {
		counts[l.Kind]++
	}
	var kinds []string
	for _, kind := range slices.Sorted(maps.Keys(counts)) {
		kinds = append(kinds, fmt.Sprintf("%d %s", counts[kind], kind))
	}
	text := strings.Join(kinds, ", ") + ": " + r.Leftovers[0].Why
	if len(r.Leftovers) > 1 {
		text += ", …"
	}
	if r.Command == "" {
		return text + "; the report says how to remove each"
	}
	return text + "; this removes what is left: " + r.Command
}

// ResourceEvent is an event in the life of something that a run creates.
type ResourceEvent struct {
	Event string `json:"event"`
	Kind  string `json:"kind"`
	ID    string `json:"id"`
}

// The events of a resource.
const (
	ResourceCreating = "creating" // the request that creates it is about to be sent
	ResourceCreated  = "created"  // the target says that it did not exist before
	ResourceGone     = "gone"     // it was seen not to be there, or was never made
)

// Leftover is something that the run created and could not delete.
type Leftover struct {
	Kind    string `json:"kind" text:"own"`
	ID      string `json:"id"`
	Why     string `json:"why"`
	Command string `json:"command" text:"block"` // removes it
	Kept    bool   `json:"kept,omitempty"`
}

// WaiverUse says what became of one waiver in this run.
type WaiverUse struct {
	Line      int      `json:"line"`
	ID        string   `json:"id" text:"own"`
	Reason    string   `json:"reason"`
	Link      string   `json:"link,omitempty"`
	Owner     string   `json:"owner"`
	Expires   string   `json:"expires"`
	State     string   `json:"state" text:"own"` // used, stale, expired, not_applicable
	Why       string   `json:"why,omitempty"`
	Scenarios []string `json:"scenarios,omitempty" text:"own"`
}

// Run is a whole run.
type Run struct {
	Schema       int               `json:"schema"` // version of this format
	RunID        string            `json:"run_id" text:"own"`
	Suite        Suite             `json:"suite"`
	Target       Target            `json:"target"`
	Selection    Selection         `json:"selection"`
	Seed         int64             `json:"seed"`
	Parallel     int               `json:"parallel"`
	Repeat       int               `json:"repeat"`
	Started      time.Time         `json:"started"`
	DurationMS   float64           `json:"duration_ms"`
	Verdict      Verdict           `json:"verdict"`
	Reason       string            `json:"reason"` // of the verdict, one sentence
	ExitCode     int               `json:"exit_code"`
	CutShort     string            `json:"cut_short,omitempty"` // why the run ended early
	Counts       map[Outcome]int   `json:"counts"`
	Causes       []Cause           `json:"causes,omitempty"`
	Requirements []Requirement     `json:"requirements"`
	Traffic      Traffic           `json:"traffic"`
	Resources    Resources         `json:"resources"`
	Waivers      []WaiverUse       `json:"waivers,omitempty"`
	Environment  map[string]string `json:"environment,omitempty"`
	// Masked is what package observe replaced in what Scenario.Observed holds,
	// by rule.
	Masked    map[string][]string `json:"-"`
	Scenarios []Scenario          `json:"scenarios"` // last: they are written one by one
}

// FormatVersion is the value of Run.Schema that this package writes.
const FormatVersion = 1

// Plural counts things: "1 scenario", "2 scenarios".
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
