package observe

import (
	"strconv"
	"strings"
	"time"
)

// parseInstant reads a date-time, or milliseconds since 1970 as text.
func parseInstant(s string) (time.Time, bool) {
	if epochMillis.MatchString(s) {
		ms, err := strconv.ParseInt(s, 10, 64)
		return time.UnixMilli(ms), err == nil
	}
	if !wholeInstant.MatchString(s) {
		return time.Time{}, false
	}
	s = strings.Replace(s, ",", ".", 1)
	for _, layout := range instantLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// instants knows which times a scenario sent, and when it ran.
type instants struct {
	at   time.Time
	sent map[int64]bool
}

func (in *instants) near(t time.Time) bool {
	return !in.at.IsZero() && t.Sub(in.at).Abs() < about
}

// note takes over a string that a request sent.
func (in *instants) note(s string) {
	if t, ok := parseInstant(s); ok {
		in.sent[t.UnixNano()] = true
	}
}

// inRequest returns what stands for a time in a request. A time that is
// written in a feature file stays as it is.
func (in *instants) inRequest(s string) (string, bool) {
	t, ok := parseInstant(s)
	if ok && in.near(t) {
		return placeSent, true
	}
	return s, false
}

// inAnswer returns what stands for a time in an answer. A time that the
// scenario sent stays as it is.
func (in *instants) inAnswer(s string) (string, bool) {
	t, ok := parseInstant(s)
	if !ok {
		return s, false
	}
	sent, near := in.sent[t.UnixNano()], in.near(t)
	switch {
	case sent && near:
		return placeSent, true
	case sent:
		return s, false
	case near:
		return placeInstant, true
	case epochMillis.MatchString(s):
		return s, false // any number of this length, as likely as not
	}
	return placeFar, true
}
