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
	// ID is set where the thing was created all the same, though the answer
	// is not the one that the API promises.
	ID  string
	Err error
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

func (sc *Scope) unexpected(action string, res *wire.Response, want, id string) *SetupError {
	return &SetupError{Action: action, Status: res.Status, Body: Quote(res.Text()), Want: want, Index: res.Index, ID: id}
}

// answerError says that an answer was not the expected one.
type answerError struct {
	what   string
	status int
	body   string
}

func (sc *Scope) answerError(what string, res *wire.Response) *answerError {
	return &answerError{what: what, status: res.Status, body: Quote(res.Text())}
}

func (e *answerError) Error() string {
	return fmt.Sprintf("%s was answered %d %s", e.what, e.status, e.body)
}

// Quote returns the start of a body on one line, as error messages show it.
func Quote(body string) string {
	if len(body) == 0 {
		return "(empty)"
	}
	text := []rune(strings.Join(strings.Fields(strings.ToValidUTF8(body[:min(len(body), 8*maxQuote)], "\uFFFD")), " "))
	if len(text) <= maxQuote {
		return string(text)
	}
	return string(text[:maxQuote]) + "…"
}
