package verify

import (
	"encoding/json"
	"strconv"
	"time"
)

// instant reads a date-time as Elasticsearch writes and takes it.
func instant(v any) (time.Time, bool) {
	switch x := v.(type) {
	case string:
		for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04:05"} {
			if t, err := time.Parse(layout, x); err == nil {
				return t, true
			}
		}
		if n, err := strconv.ParseInt(x, 10, 64); err == nil && len(x) >= 12 {
			return time.UnixMilli(n), true
		}
	case json.Number:
		if n, err := x.Int64(); err == nil && n > 100000000000 {
			return time.UnixMilli(n), true
		}
	}
	return time.Time{}, false
}

func sameInstant(a, b any) bool {
	x, ok1 := instant(a)
	y, ok2 := instant(b)
	return ok1 && ok2 && x.Equal(y)
}

func itoa(n int) string { return strconv.Itoa(n) }

// time0 is the time in a field, or the zero time.
func time0(doc any, name string) time.Time {
	v, _ := lookup(doc, name)
	t, _ := instant(v)
	return t
}
