package steps

import (
	"regexp"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/setorder"
)

// What texts of answers say.

// afterReason is where a reason ends: what follows is a copy of the body, or a
// suggestion of other fields.
var afterReason = regexp.MustCompile(`\n at \[Source| did you mean `)

// says reports whether a text contains another, sets in them in any order.
func says(text, part string) bool {
	return strings.Contains(setorder.Sorted(text), setorder.Sorted(part))
}

// names checks that the reason names these fields and no other ones of the
// stats.
func (r *rejection) names(want []string) error {
	reason := r.reason
	if at := afterReason.FindStringIndex(reason); at != nil {
		reason = reason[:at[0]]
	}
	for _, name := range want {
		if !mentions(reason, name) {
			return CheckErrorReason.failf(r.res, "a reason that names "+strings.Join(want, ", "), r.reason, "the rejection does not name %s", name)
		}
	}
	for _, name := range statsFields {
		if !slices.Contains(want, name) && mentions(reason, name) {
			return CheckErrorReason.failf(r.res, "a reason that names "+strings.Join(want, ", ")+" alone", r.reason, "the rejection names %s, too", name)
		}
	}
	return nil
}

// mentions reports whether a text has a name in it as a word of its own.
func mentions(text, name string) bool {
	for at := 0; ; {
		i := strings.Index(text[at:], name)
		if i < 0 {
			return false
		}
		start, end := at+i, at+i+len(name)
		if (start == 0 || !wordByte(text[start-1])) && (end == len(text) || !wordByte(text[end])) {
			return true
		}
		at = end
	}
}

func wordByte(b byte) bool {
	return b == '_' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}

// sameSet reports whether two lists have the same entries in any order.
func sameSet(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}
