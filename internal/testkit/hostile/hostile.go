// Package hostile is a table of servers that misbehave, and what a run against
// each of them has to end in: the right outcome and exit code, within its time
// limits, in bounded memory, and with no credential sent anywhere else.
package hostile

import (
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/esconform/esconform/internal/result"
)

// Stage is when a server misbehaves.
type Stage string

// The stages.
const (
	Always      Stage = "every request"
	OnStats     Stage = "PUT …/_stats" // right otherwise
	NowAndThen  Stage = "every 7th request, after a good start"
	HalfwayDown Stage = "from the 100th request on"
)

// Case is one row of the table.
type Case struct {
	Name  string
	Does  string // what the server does, in words: "Resets the connection"
	Stage Stage
	// Verdict is what the run ends in, Outcome that of scenarios that meet
	// the misbehaviour. Such a scenario never passes.
	Verdict result.Verdict
	Outcome result.Outcome

	act action
}

// action answers a request wrongly.
type action func(w http.ResponseWriter, r *http.Request, env *Env)

// Env is what a hostile server works with.
type Env struct {
	Healthy  http.Handler // an Elasticsearch as it should be
	OtherURL string       // a server that must never hear of the run
}

// misbehaviours are what a server can do to a request, with what has to become
// of a scenario that meets it. An answer that did not arrive says nothing of
// the target; one that arrived and is wrong says that it does not conform.
var misbehaviours = []struct {
	name, does string
	act        action
	outcome    result.Outcome
}{
	{"silent", "Takes the request and never answers", silent, result.Error},
	{"hang-in-headers", "Sends half of the headers and then nothing", hangInHeaders, result.Error},
	{"hang-in-body", "Sends half of the body and then nothing", hangInBody, result.Error},
	{"drip", "Sends the body byte by byte, far too slowly", drip, result.Error},
	{"close", "Closes the connection without a byte", closeAtOnce, result.Error},
	{"reset", "Resets the connection in the middle of the body", reset, result.Error},
	{"endless-body", "Sends a body that never ends", endlessBody, result.Error},
	{"huge-body", "Announces a body of 1 GB and sends it", hugeBody, result.Error},
	{"endless-headers", "Sends headers that never end", endlessHeaders, result.Error},
	{"gzip-bomb", "Sends 1 MB of gzip that unpack to 1 GB, though nobody asked for it", gzipBomb, result.Error},
	{"length-too-long", "Announces more bytes than it sends", lengthTooLong, result.Error},
	{"not-http", "Answers in another protocol", notHTTP, result.Error},
	{"length-too-short", "Announces fewer bytes than it sends", lengthTooShort, result.Failed},
	{"redirect-circle", "Redirects to itself", redirectCircle, result.Failed},
	{"redirect-away", "Redirects to another host", redirectAway, result.Failed},
	{"invalid-utf8", "Sends JSON that is not UTF-8", invalidUTF8, result.Failed},
	{"deep-json", "Sends JSON that is nested 10,000 levels deep", deepJSON, result.Failed},
	{"duplicate-keys", "Sends an object that has a key twice", duplicateKeys, result.Failed},
	{"html", "Sends an HTML page", html, result.Failed},
	{"two-documents", "Sends a second document after the first", twoDocuments, result.Failed},
}

// Table returns every case.
func Table() []Case {
	var all []Case
	for _, m := range misbehaviours {
		all = append(all,
			// Nothing is known of a target with which no run can begin.
			Case{Name: m.name, Does: m.does, Stage: Always, Verdict: result.Inconclusive, Outcome: result.NotRun, act: m.act},
			Case{Name: "stats-" + m.name, Does: m.does, Stage: OnStats, Verdict: verdictOf(m.outcome), Outcome: m.outcome, act: m.act},
		)
	}
	return append(all,
		Case{Name: "sometimes-503", Does: "Answers 503", Stage: NowAndThen, Verdict: result.Inconclusive, Outcome: result.Error, act: status(http.StatusServiceUnavailable)},
		Case{Name: "sometimes-429", Does: "Answers 429", Stage: NowAndThen, Verdict: result.Inconclusive, Outcome: result.Error, act: status(http.StatusTooManyRequests)},
		Case{Name: "sometimes-close", Does: "Closes the connection without a byte", Stage: NowAndThen, Verdict: result.Inconclusive, Outcome: result.Error, act: closeAtOnce},
		Case{Name: "stats-500", Does: "Answers 500", Stage: OnStats, Verdict: result.Nonconformant, Outcome: result.Failed, act: status(http.StatusInternalServerError)},
		Case{Name: "dies-halfway", Does: "Closes every connection, as a server does that has died", Stage: HalfwayDown, Verdict: result.Inconclusive, Outcome: result.Error, act: closeAtOnce},
		Case{Name: "stalls-halfway", Does: "Takes requests and never answers", Stage: HalfwayDown, Verdict: result.Inconclusive, Outcome: result.Error, act: silent},
	)
}

func verdictOf(o result.Outcome) result.Verdict {
	if o == result.Failed {
		return result.Nonconformant
	}
	return result.Inconclusive
}

// Handler returns the server of a case.
func (c Case) Handler(env Env) http.Handler {
	var n atomic.Int64
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c.strikes(r, n.Add(1)) {
			c.act(w, r, &env)
			return
		}
		env.Healthy.ServeHTTP(w, r)
	})
}

// strikes reports whether the n-th request is the one to misbehave at.
func (c Case) strikes(r *http.Request, n int64) bool {
	switch c.Stage {
	case OnStats:
		return IsStats(r.Method, r.URL.Path)
	case NowAndThen:
		return n > 40 && n%7 == 0
	case HalfwayDown:
		return n >= 100
	}
	return true
}

// IsStats reports whether a request is a stats update.
func IsStats(method, path string) bool {
	path, _, _ = strings.Cut(path, "?")
	return method == http.MethodPut && strings.HasSuffix(path, "/_stats")
}
