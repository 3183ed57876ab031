package steps

import (
	"fmt"
	"strings"

	"github.com/esconform/esconform/internal/wire"
)

// noExchange is the value of AssertionError.Exchange where no single exchange
// shows what is wrong.
const noExchange = -1

// AssertionError says that the target did not do what is required.
type AssertionError struct {
	Message  string // what is wrong, one line
	Expected string // may have several lines
	Actual   string
	Exchange int // index in the session of the exchange that shows it, or -1
	Check    Check
}

// Error returns one line.
func (e *AssertionError) Error() string {
	return strings.Join(strings.Fields(fmt.Sprintf("%s: expected %s, actual %s", e.Message, e.Expected, e.Actual)), " ")
}

// SkipError says that the scenario does not apply to this target.
type SkipError struct{ Reason string }

// Error returns the reason.
func (e *SkipError) Error() string { return e.Reason }

// EnvironmentError says that something between us and the API, or a lack of
// resources, kept the target from answering: nothing is said of the API.
type EnvironmentError struct {
	Request  string
	Status   int
	Exchange int
}

// Error returns one line.
func (e *EnvironmentError) Error() string {
	return fmt.Sprintf("%s: answered %d, which says that the target is overloaded or not there; run again when it is", e.Request, e.Status)
}

// failf makes an assertion error that the answer res shows, about nothing in
// particular.
func failf(res *wire.Response, expected, actual, format string, args ...any) error {
	return Check("").failf(res, expected, actual, format, args...)
}
