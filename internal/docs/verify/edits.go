package verify

import (
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
)

// swap replaces words in the lines of a place. Which line holds them is found
// when the patch is made.
func (j *judge) swap(at claim.At, from, to string) []claim.Edit {
	if from == "" || from == to || j.m.Source != claim.SourcePage {
		return nil
	}
	end := max(at.End, at.Line)
	return []claim.Edit{{Line: at.Line, Delete: end - at.Line + 1, Swap: [2]string{from, to}}}
}

func (j *judge) swapRequired(f claim.Field) []claim.Edit {
	if *f.Required {
		return j.swap(f.At, "Required", "Optional")
	}
	return j.swap(f.At, "Optional", "Required")
}

// insertCode adds a response code to the list, in the order of the numbers.
func (j *judge) insertCode(status int, about string) []claim.Edit {
	if j.m.Source != claim.SourcePage || j.m.CodesAt.Line == 0 || len(j.m.Codes) == 0 {
		return nil
	}
	lines := []string{"`" + itoa(status) + "`::", about, ""}
	last := j.m.Codes[len(j.m.Codes)-1]
	for _, c := range j.m.Codes {
		if c.Status > status {
			return []claim.Edit{{Line: c.Line - 1, Insert: lines}}
		}
	}
	return []claim.Edit{{Line: max(last.End, last.Line), Insert: append([]string{""}, lines[:2]...)}}
}

// removeCode takes an entry out, with the blank line behind it.
func (j *judge) removeCode(c claim.Code) []claim.Edit {
	if j.m.Source != claim.SourcePage {
		return nil
	}
	return []claim.Edit{{Line: c.Line, Delete: max(c.End, c.Line) - c.Line + 1, Blank: true}}
}

// codeText is what a page may say about a code that it does not list.
func codeText(status int, types []string) string {
	joined := strings.Join(types, " ")
	switch {
	case status == 400 && strings.Contains(joined, "status_exception"):
		return "Indicates that the request was malformed, or that the current state does not allow it."
	case status == 400:
		return "Indicates that the request was malformed."
	case status == 404:
		return "Indicates that what the request refers to does not exist."
	case status == 201:
		return "Indicates that the resource was created."
	case status < 300:
		return "Indicates that the request succeeded."
	}
	return "Indicates that the request was refused."
}
