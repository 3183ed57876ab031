package steps

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// clockTolerance allows for nodes of one cluster whose clocks differ.
const clockTolerance = time.Second

// writtenInstant is an instant as Elasticsearch writes it.
func writtenInstant(v any) (time.Time, error) {
	s, ok := v.(string)
	if !ok {
		return time.Time{}, fmt.Errorf("%v is not a date-time", v)
	}
	return time.Parse(time.RFC3339Nano, s)
}

var epochMillis = regexp.MustCompile(`^-?\d+$`)

// givenInstant reads the forms of an instant that the API takes: with a zone
// or an offset, without one (UTC), or as a string of milliseconds since 1970.
func givenInstant(s string) (time.Time, error) {
	if epochMillis.MatchString(s) {
		ms, err := strconv.ParseInt(s, 10, 64)
		return time.UnixMilli(ms), err
	}
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return t, nil
	}
	return time.Parse("2006-01-02T15:04:05.999999999", s)
}

func written(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000000Z") }

// window returns the earliest and the latest time by the server's clock that
// the last update can have had. It is created_at, a time of the server, plus
// what our own clock says has passed since.
func (th *thing) window(created time.Time) (earliest, latest time.Time) {
	earliest = created.Add(th.changed.sent.Sub(th.created.answered) - clockTolerance)
	latest = created.Add(th.changed.answered.Sub(th.created.sent) + clockTolerance)
	return earliest, latest
}

// moved is how long an update has to be after its predecessor for their times
// to differ on any clock.
const moved = 5 * time.Millisecond

// checkUpdateTime checks that a field is the time of the last update.
func (th *thing) checkUpdateTime(after *state, field string) error {
	created, err := writtenInstant(after.fields()["created_at"])
	if err != nil {
		return failf(after.read, "/created_at with an instant", fmt.Sprint("/created_at ", after.fields()["created_at"]), "created_at cannot be read")
	}
	seen, err := writtenInstant(after.fields()[field])
	earliest, latest := th.window(created)
	if err != nil || seen.Before(earliest) || seen.After(latest) {
		return CheckTime(field).failf(after.read,
			fmt.Sprintf("/%s between %s and %s (created_at is %s)", field, written(earliest), written(latest), written(created)),
			fmt.Sprintf("/%s %v", field, after.fields()[field]),
			"%s is not the time of the update", field)
	}
	if seen.Equal(created) && th.changed.sent.Sub(th.created.answered) > moved {
		return CheckTime(field).failf(after.read, fmt.Sprintf("/%s after /created_at %s", field, written(created)), fmt.Sprintf("/%s %s", field, written(seen)), "%s is the time of creation, not of the update", field)
	}
	return nil
}
