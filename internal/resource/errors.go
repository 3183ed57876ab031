package resource

import (
	"fmt"
	"strings"

	"github.com/esconform/esconform/internal/wire"
)

// maxQuote is how many characters of an answer an error message repeats.
const maxQuote = 200

// SetupError says that something a scenario needs could not be created. It
// says nothing about what the scenario is to prove.
type SetupError struct {
	Action string // "create connector x"
	Status int    // of the answer, 0 where there was none
	Body   string // of the answer, cut to 200 characters
	Want   string
	Index  int // of the exchange in the session
	Err    error
}

// Error returns one line.
func (e *SetupError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %s", e.Action, e.Err)
	}
	return fmt.Sprintf("%s: got %d %s, want %s", e.Action, e.Status, e.Body, e.Want)
}

// Unwrap returns the cause, often a *wire.TransportError.
func (e *SetupError) Unwrap() error { return e.Err }

func unexpected(action string, res *wire.Response, want string) *SetupError {
	return &SetupError{Action: action, Status: res.Status, Body: quote(res.Body), Want: want, Index: res.Index}
}

// answerError says that an answer was not the expected one.
type answerError struct {
	what string
	res  *wire.Response
}

func (e *answerError) Error() string {
	return fmt.Sprintf("%s was answered %d %s", e.what, e.res.Status, quote(e.res.Body))
}

// quote returns the start of a body on one line.
func quote(body []byte) string {
	if len(body) == 0 {
		return "(empty)"
	}
	text := []rune(strings.Join(strings.Fields(strings.ToValidUTF8(string(body[:min(len(body), 8*maxQuote)]), "\uFFFD")), " "))
	if len(text) <= maxQuote {
		return string(text)
	}
	return string(text[:maxQuote]) + "…"
}
