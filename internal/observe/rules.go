package observe

import (
	"regexp"
	"slices"
	"time"
)

// The rules: what is replaced, because it is another one the next time.
const (
	ruleName      = "name"           // a name that carries the run's id
	ruleID        = "id"             // an id that the target made up
	ruleUnknownID = "unknown id"     // a made-up id of something that does not exist
	ruleInstant   = "instant"        // a time that the target set, or one of about now
	ruleSequence  = "sequence"       // sequence numbers, durations, scores
	ruleNode      = "node"           // names and ids of nodes, clusters and indices
	rulePosition  = "position"       // line and column in a message about a body
	ruleGenerated = "generated"      // a number that a step made up
	ruleRace      = "race"           // what depends on which of several writers wins
	ruleForeign   = "foreign"        // what other scenarios put into a shared list
	ruleSecret    = "secret"         // credentials that the target made up
	ruleLong      = "long body"      // bodies too long to be compared by reading
	ruleSet       = "set"            // the order of a set in a text
	ruleAddress   = "address"        // addresses and ports in transport errors
	ruleHeader    = "header"         // header values that differ each time
	longBody      = 8 << 10          // bytes
	about         = 24 * time.Hour   // how far from the run an instant is still "now"
	minGenerated  = 1000             // generated counts are this or more
	placeInstant  = "<instant>"      // set by the target
	placeSent     = "<now, as sent>" // an instant of about now that the scenario sent
	placeFar      = "<instant, more than a day off>"
)

// sequenceFields are numbers that the target counts up or measures, by the
// name of their field.
var sequenceFields = []string{"_seq_no", "_primary_term", "took", "_score", "max_score", "took_ms"}

// nodeFields name nodes, clusters and indices.
var nodeFields = []string{"node", "node_id", "node_name", "cluster_uuid", "cluster_name", "index_uuid", "stack_trace"}

// secretFields hold credentials.
var secretFields = []string{"api_key", "encoded", "access_token", "refresh_token"}

// transportHeaders say how the bytes went over the wire, or who sent them;
// they are no part of the behaviour.
var transportHeaders = []string{
	"Authorization", "Connection", "Content-Length", "Date", "Keep-Alive", "Transfer-Encoding",
	"User-Agent", "X-Elastic-Client-Meta", "Accept-Encoding", "X-Opaque-Id",
}

// plainContentType is left out of requests: it is on nearly every one.
const plainContentType = "application/json"

// generatingSteps are steps that make up numbers at random.
var generatingSteps = regexp.MustCompile(`writers .*at once|updates in a row is (accepted|shown)|updated at once|updates sees either of two states`)

// racingSteps are steps that send several requests at the same time. Where
// exchanges overlap in time, a step is taken for one in any case.
var racingSteps = regexp.MustCompile(`requests are sent at once|writers .*at once|updated at once|updates sees either of two states`)

// waitingSteps repeat a read until it is as demanded.
var waitingSteps = regexp.MustCompile(`eventually, within`)

// mixedSteps are those in which each of the requests is another call: any of them
// may lose, and what is there afterwards depends on which.
var mixedSteps = regexp.MustCompile(`requests are sent at once`)

const (
	placeEither = "<success, or a version conflict>"
	placeRaced  = "<what was there after the race>"
)

// textRules replace parts of texts. A pattern is looked for only where its hint
// is found.
var textRules = []struct {
	rule    string
	hint    string
	pattern *regexp.Regexp
	with    string
}{
	// A parser quotes the start of what it read and counts the rest; both
	// change with the length of the times in it.
	{rulePosition, "[Source: ", regexp.MustCompile(`(?s)\[Source: .*?; line: \d+, column: \d+\]`), "[Source: <body>; line: N, column: N]"},
	{rulePosition, "byte offset: #", regexp.MustCompile(`\[Source: [^]]*byte offset: #\d+\]`), "[Source: <body>; byte offset: #N]"},
	{rulePosition, "[", regexp.MustCompile(`\[\d+:\d+\]`), "[line:column]"},
	{ruleSequence, "seqNo [", regexp.MustCompile(`seqNo \[\d+\]`), "seqNo [N]"},
	{ruleSequence, "primary term [", regexp.MustCompile(`primary term \[\d+\]`), "primary term [N]"},
	// In a path, and in a body that was cut and is therefore read as text.
	{ruleSequence, "if_seq_no=", regexp.MustCompile(`\bif_seq_no=\d+`), "if_seq_no=N"},
	{ruleSequence, "if_primary_term=", regexp.MustCompile(`\bif_primary_term=\d+`), "if_primary_term=N"},
	{ruleSequence, `"_seq_no":`, regexp.MustCompile(`"_seq_no":\d+`), `"_seq_no":N`},
	{ruleNode, "index [", regexp.MustCompile(`\bindex \[([^]/]+)/[\w-]{22}\]`), "index [$1/<node>]"},
	{ruleUnknownID, "esconform-no-such-", regexp.MustCompile(`esconform-no-such-[0-9a-f]{12}`), "<unknown id>"},
}

// errorRules replace parts of the text of a request without an answer.
var errorRules = []struct {
	pattern *regexp.Regexp
	with    string
}{
	{regexp.MustCompile(`(\d{1,3}\.){3}\d{1,3}(:\d+)?|\[[0-9a-f:]+\]:\d+|localhost:\d+`), "<address>"},
	{regexp.MustCompile(`\b\d+(\.\d+)?(ms|µs|s|m)\b`), "<duration>"},
	{regexp.MustCompile(`\b\d+ bytes\b`), "<bytes>"},
}

// instantText finds date-times inside a text.
var instantText = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d([.,]\d+)?)?(Z|[+-]\d\d(:?\d\d)?)?`)

// wholeInstant is a string that is a date-time and nothing else, and
// epochMillis one of milliseconds since 1970.
var (
	wholeInstant = regexp.MustCompile(`^` + instantText.String() + `$`)
	epochMillis  = regexp.MustCompile(`^\d{12,13}$`)
)

var instantLayouts = []string{
	"2006-01-02T15:04:05.999999999Z07:00", "2006-01-02T15:04:05.999999999", "2006-01-02T15:04:05.999999999Z0700",
	"2006-01-02T15:04:05.999999999Z07", "2006-01-02T15:04Z07:00", "2006-01-02T15:04",
}

// listPointers are where answers list documents.
var listPointers = []string{"/results", "/hits/hits"}

// countPointers are where answers say how many documents there are.
var countPointers = []string{"/count", "/hits/total/value"}

func isTransportHeader(name string) bool { return slices.Contains(transportHeaders, name) }
