package steps

import (
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/wire"
)

// Check is what an assertion looks at. The catalogue of requirements names
// checks, so that a failure is held against the requirement that is about what
// was wrong, and not against each one that a scenario is there for.
type Check string

// The checks. An assertion without one is about what its scenario is about.
const (
	// CheckAccepted: a request that has to succeed was refused.
	CheckAccepted Check = "accepted"
	// CheckRejected: a faulty request succeeded.
	CheckRejected Check = "rejected"
	// CheckAnswer is the body of a success; what an update is said to have come
	// to is named "answer.<result>".
	CheckAnswer Check = "answer"
	// CheckErrorShape, CheckErrorType and CheckErrorReason are the parts of an
	// error; CheckErrorTells: it tells what is none of the caller's business.
	CheckErrorTells  Check = "error.tells"
	CheckErrorShape  Check = "error.shape"
	CheckErrorType   Check = "error.type"
	CheckErrorReason Check = "error.reason"
	// CheckProduct and CheckContentType are headers; others are named
	// "header.<name in small letters>".
	CheckProduct     Check = "header.x-elastic-product"
	CheckContentType Check = "header.content-type"
	// CheckUnchanged, CheckRewritten and CheckVersion: a document that had to
	// stay as it was, that was written again all the same, or that was written
	// another number of times.
	CheckUnchanged Check = "stored.unchanged"
	CheckRewritten Check = "stored.rewritten"
	CheckVersion   Check = "stored.version"
	// CheckSameTime: two times that are to be one.
	CheckSameTime Check = "stored.same-time"
	// CheckPresent and CheckAbsent: a document that was to stay, or not to be.
	CheckPresent Check = "stored.present"
	CheckAbsent  Check = "stored.absent"
	// CheckCount: there are more documents, or fewer.
	CheckCount Check = "stored.count"
	// CheckBystander: something that the request was not about was changed.
	CheckBystander Check = "stored.bystander"
	// CheckLost: what one of several writers wrote is not there.
	CheckLost Check = "stored.lost"
	// CheckRefused: somebody was let in who must not be. CheckRefusal... are
	// what a refusal for lack of credentials or privileges says.
	CheckRefused          Check = "refused"
	CheckRefusalReason    Check = "refusal.reason"
	CheckRefusalChallenge Check = "refusal.challenge"
	CheckRefusalProduct   Check = "refusal.product"
	CheckRefusalSecret    Check = "refusal.secret"
	// CheckListCount is how many documents a list says there are, CheckListed
	// which ones it shows, CheckListOrder in what order, CheckListShows as what.
	CheckListCount Check = "list.count"
	CheckListed    Check = "list.members"
	CheckListOrder Check = "list.order"
	CheckListShows Check = "list.documents"
	// CheckReadShape and CheckSameBothWays: a document as it is read, by itself
	// and held against what is stored.
	CheckReadShape    Check = "read.shape"
	CheckSameBothWays Check = "read.same-both-ways"
	// CheckOutage... are what is wrong while a node is away, or after it is back:
	// an error that is none, a write that is not taken, a read that shows less
	// than was acknowledged, a cluster that does not recover, and nodes that
	// disagree.
	CheckOutageError Check = "outage.error"
	CheckOutageWrite Check = "outage.write"
	CheckOutageRead  Check = "outage.read"
	CheckOutageGreen Check = "outage.green"
	CheckOutageSplit Check = "outage.split"
)

// checks are all that have a name of their own, families the beginnings of the
// others.
var (
	checks = []Check{
		CheckAccepted, CheckRejected, CheckAnswer, CheckErrorTells, CheckErrorShape, CheckErrorType, CheckErrorReason,
		CheckProduct, CheckContentType, CheckUnchanged, CheckRewritten, CheckVersion, CheckCount, CheckSameTime,
		CheckPresent, CheckAbsent, CheckBystander, CheckLost, CheckRefused, CheckRefusalReason, CheckRefusalChallenge,
		CheckRefusalProduct, CheckRefusalSecret, CheckListCount, CheckListed, CheckListOrder, CheckListShows,
		CheckReadShape, CheckSameBothWays, CheckOutageError, CheckOutageWrite, CheckOutageRead, CheckOutageGreen, CheckOutageSplit, CheckBody(""),
	}
	families = []string{"code.", "answer.", "header.", "stored.field.", "stored.time.", "stored.moved.", "body/"}
)

// KnownCheck reports whether a pattern such as "error.*" can match a check.
func KnownCheck(pattern string) bool {
	return slices.ContainsFunc(checks, func(c Check) bool { ok, _ := path.Match(pattern, string(c)); return ok }) ||
		slices.ContainsFunc(families, func(f string) bool { return strings.HasPrefix(pattern, f) })
}

// CheckCode is the status of an answer where it neither decides between
// success and refusal nor is the general one of a faulty request.
func CheckCode(status int) Check { return Check(fmt.Sprintf("code.%d", status)) }

// CheckResult is what an update is said to have come to.
func CheckResult(result string) Check { return Check("answer." + result) }

// CheckBody is what stands at a JSON pointer of an answer.
func CheckBody(pointer string) Check { return Check("body" + pointer) }

// CheckHeader is a header of an answer.
func CheckHeader(name string) Check { return Check("header." + strings.ToLower(name)) }

// CheckField is what a field of the stored document has become.
func CheckField(pointer string) Check {
	name, _, _ := strings.Cut(strings.TrimPrefix(pointer, "/"), "/")
	return Check("stored.field." + name)
}

// CheckTime is a time that the server has to set in the stored document.
func CheckTime(name string) Check { return Check("stored.time." + name) }

// CheckMoved is a time that must not stay what it was.
func CheckMoved(name string) Check { return Check("stored.moved." + name) }

// Effect reports whether the check is about what a request did, and not about
// its own answer.
func (c Check) Effect() bool { return strings.HasPrefix(string(c), "stored.") }

// CheckOfSetup says what is wrong with a call that was to set something up: its
// status, or the answer that comes with it.
func CheckOfSetup(e *resource.SetupError) Check {
	want := http.StatusOK
	_, _ = fmt.Sscan(e.Want, &want) // "201 with an id"
	if e.Status == want {
		return CheckAnswer
	}
	return checkOfStatus([]int{want}, e.Status)
}

// checkOfStatus says what a wrong status is about.
func checkOfStatus(want []int, got int) Check {
	succeeded, refused := got < 300, got >= 300
	switch {
	case slices.ContainsFunc(want, func(s int) bool { return s < 300 }) && refused:
		return CheckAccepted
	case want[0] == http.StatusBadRequest && succeeded:
		return CheckRejected
	case succeeded && (want[0] == http.StatusUnauthorized || want[0] == http.StatusForbidden):
		return CheckRefused
	}
	return CheckCode(want[0])
}

// checkOfBody is what a body is about that is no document at all.
func checkOfBody(res *wire.Response) Check {
	if res.Status < 300 {
		return CheckAnswer
	}
	return CheckErrorShape
}

// failf makes an assertion error of this check that the answer res shows.
func (c Check) failf(res *wire.Response, expected, actual, format string, args ...any) error {
	e := &AssertionError{Check: c, Message: fmt.Sprintf(format, args...), Expected: expected, Actual: actual, Exchange: noExchange}
	if res != nil {
		e.Exchange = res.Index
	}
	return e
}
