package reference

import (
	"strings"
	"time"

	"github.com/esconform/esconform/internal/reference/estime"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// lastSeenFaults store last_seen wrongly.
func lastSeenFaults() []Fault {
	fault := func(id, sentence string, requirements []string, update updateHook) Fault {
		return Fault{ID: "stats.last-seen." + id, Sentence: sentence, Requirements: requirements, ops: onStats, update: update}
	}
	byDefault := func(id, sentence string, edit func(old store.Doc, now string) any) Fault {
		return fault(id, sentence, req("stats.last-seen.defaults-to-now", "stats.last-seen.default-moves"),
			lastSeen(false, func(_ *call, old store.Doc, now string) any { return edit(old, now) }))
	}
	given := func(id, sentence, requirement string, edit func(old store.Doc, instant string) any) Fault {
		return fault(id, sentence, req(requirement),
			lastSeen(true, func(_ *call, old store.Doc, instant string) any { return edit(old, instant) }))
	}
	asOffset := func(instant string) string {
		t, _ := estime.Parse(instant)
		return t.UTC().Add(time.Hour).Format("2006-01-02T15:04:05.999999999") + "+01:00"
	}
	return []Fault{
		given("ignored", "A given last_seen is ignored: the server takes its own time.", "stats.last-seen.given-wins",
			func(store.Doc, string) any { return estime.Write(time.Now()) }),
		given("dropped", "A given last_seen is not stored.", "stats.last-seen.given-wins", func(store.Doc, string) any { return nil }),
		given("never-back", "A given last_seen that is before the stored one is not stored.", "stats.last-seen.given-wins",
			func(old store.Doc, instant string) any {
				if have := old.Source.String("last_seen"); isBefore(instant, have) {
					return have
				}
				return instant
			}),
		given("never-ahead", "A given last_seen that lies in the future is stored as now.", "stats.last-seen.given-wins",
			func(_ store.Doc, instant string) any {
				if now := estime.Write(time.Now()); isBefore(now, instant) {
					return now
				}
				return instant
			}),
		given("never-before-1970", "A given last_seen before 1970 is stored as the beginning of 1970.", "stats.last-seen.given-wins",
			func(_ store.Doc, instant string) any {
				if epoch := "1970-01-01T00:00:00.000Z"; isBefore(instant, epoch) {
					return epoch
				}
				return instant
			}),
		given("first-wins", "A last_seen that was given once is never replaced by another one.", "stats.last-seen.given-wins",
			func(old store.Doc, instant string) any {
				if have := old.Source.String("last_seen"); have != "" && isBefore(have, "2025-01-01T00:00:00Z") {
					return have
				}
				return instant
			}),
		given("off-by-a-second", "A given last_seen is stored a second late.", "stats.last-seen.given-wins",
			func(_ store.Doc, instant string) any { return moved(instant, 1) }),
		given("off-by-an-hour", "A given last_seen is stored an hour late.", "stats.last-seen.given-wins",
			func(_ store.Doc, instant string) any { return moved(instant, 3600) }),
		given("summer-time", "A given last_seen in summer is stored an hour early.", "stats.last-seen.given-wins",
			func(_ store.Doc, instant string) any {
				if t, _ := estime.Parse(instant); t.Month() > 3 && t.Month() < 11 {
					return moved(instant, -3600)
				}
				return instant
			}),
		given("day-alone", "Of a given last_seen only the day is stored.", "stats.last-seen.given-wins",
			func(_ store.Doc, instant string) any { return instant[:11] + "00:00:00.000Z" }),
		given("fraction-lost", "The fraction of a given last_seen is lost.", "stats.last-seen.fraction",
			func(_ store.Doc, instant string) any { return cutFraction(instant, 0) }),
		given("fraction-in-millis", "The fraction of a given last_seen is cut to milliseconds.", "stats.last-seen.fraction",
			func(_ store.Doc, instant string) any { return cutFraction(instant, 3) }),
		given("fraction-in-micros", "The fraction of a given last_seen is cut to microseconds.", "stats.last-seen.fraction",
			func(_ store.Doc, instant string) any { return cutFraction(instant, 6) }),
		given("fraction-rounded", "A given last_seen is rounded to seconds.", "stats.last-seen.fraction",
			func(_ store.Doc, instant string) any {
				t, _ := estime.Parse(instant)
				return estime.Write(t.Round(time.Second))
			}),
		given("stored-as-number", "A given last_seen is stored as a number of milliseconds.", "stats.last-seen.read-back-in-utc",
			func(_ store.Doc, instant string) any {
				t, _ := estime.Parse(instant)
				return number(t.UnixMilli())
			}),
		given("stored-with-offset", "A given last_seen is read back in another zone.", "stats.last-seen.read-back-in-utc",
			func(_ store.Doc, instant string) any { return asOffset(instant) }),
		given("stored-without-millis", "A given last_seen in whole seconds is read back without milliseconds.", "stats.last-seen.read-back-in-utc",
			func(_ store.Doc, instant string) any { return strings.Replace(instant, ".000Z", "Z", 1) }),
		given("stored-without-zone", "A given last_seen is read back without a zone.", "stats.last-seen.read-back-in-utc",
			func(_ store.Doc, instant string) any { return strings.TrimSuffix(instant, "Z") }),
		byDefault("default-kept", "An update without last_seen leaves the stored one as it is.",
			func(old store.Doc, _ string) any { return old.Source.Get("last_seen") }),
		byDefault("default-removed", "An update without last_seen sets it to null.", func(store.Doc, string) any { return jsonNull{} }),
		byDefault("default-creation", "An update without last_seen sets it to the creation of the sync job.",
			func(old store.Doc, _ string) any { return old.Source.Get("created_at") }),
		byDefault("default-1970", "An update without last_seen sets it to the beginning of 1970.",
			func(store.Doc, string) any { return "1970-01-01T00:00:00.000Z" }),
		byDefault("default-constant", "An update without last_seen sets it to the instant of the documentation's example.",
			func(store.Doc, string) any { return "2023-01-02T10:00:00.000Z" }),
		byDefault("default-hour-ahead", "An update without last_seen sets it an hour ahead.",
			func(_ store.Doc, now string) any { return moved(now, 3600) }),
		byDefault("default-hour-behind", "An update without last_seen sets it an hour back.",
			func(_ store.Doc, now string) any { return moved(now, -3600) }),
		byDefault("default-day-ahead", "An update without last_seen sets it a day ahead.",
			func(_ store.Doc, now string) any { return moved(now, 86400) }),
		byDefault("default-minute-back", "An update without last_seen sets it a minute back.",
			func(_ store.Doc, now string) any { return moved(now, -60) }),
		byDefault("default-in-seconds", "An update without last_seen stores the time as a number of seconds.",
			func(_ store.Doc, now string) any {
				t, _ := estime.Parse(now)
				return number(t.Unix())
			}),
		fault("default-kept-if-given", "An update without last_seen keeps one that an earlier update gave.",
			req("stats.last-seen.default-replaces-given"), lastSeen(false, func(_ *call, old store.Doc, now string) any {
				if have := old.Source.String("last_seen"); isBefore(have, old.Source.String("created_at")) || isBefore(moved(now, 60), have) {
					return have
				}
				return now
			})),
		fault("default-never-back", "An update without last_seen keeps one that lies in the future.",
			req("stats.last-seen.default-replaces-given"), lastSeen(false, func(_ *call, old store.Doc, now string) any {
				if have := old.Source.String("last_seen"); isBefore(now, have) {
					return have
				}
				return now
			})),
		{ID: "stats.last-seen.default-noop", Sentence: "Repeated stats without last_seen are taken for an update that changes nothing.",
			Requirements: req("stats.last-seen.default-moves"), ops: onStats, write: func(c *call, old store.Doc, next *xcontent.Object) {
				if old.Source == nil || sent(c, "last_seen") != nil {
					return
				}
				if have := old.Source.Get("last_seen"); xcontent.Equal(next.Clone().Set("last_seen", have), old.Source) {
					next.Set("last_seen", have)
				}
			}},
	}
}

// jsonNull stands for null among values where nil means none.
type jsonNull struct{}

func isBefore(a, b string) bool {
	ta, err1 := estime.Parse(a)
	tb, err2 := estime.Parse(b)
	return err1 == nil && err2 == nil && ta.Before(tb)
}

// cutFraction keeps so many digits of a second's fraction.
func cutFraction(instant string, digits int) string {
	t, err := estime.Parse(instant)
	if err != nil {
		return instant
	}
	unit := time.Second
	for range digits {
		unit /= 10
	}
	return estime.Write(t.Truncate(unit))
}

// dateFormatFaults read the text of last_seen wrongly.
func dateFormatFaults() []Fault {
	const parse = "x_content_parse_exception"
	fault := func(id, sentence, requirement string, request requestHook) Fault {
		return Fault{ID: "stats.last-seen." + id, Sentence: sentence, Requirements: req(requirement), ops: onStats, request: request}
	}
	text := func(edit func(s string) any) requestHook {
		return editField("last_seen", func(v any) any {
			if s, ok := v.(string); ok {
				return edit(s)
			}
			return v
		})
	}
	isText := func(is func(s string) bool) func(*xcontent.Object) bool {
		return has("last_seen", func(v any) bool { s, ok := v.(string); return ok && is(s) })
	}
	hasOffset := func(s string) bool { return len(s) > 20 && strings.ContainsAny(s[19:], "+-") }
	noZone := func(s string) bool { return len(s) >= 19 && s[10] == 'T' && !strings.ContainsAny(s[19:], "Z+-z") }
	isMillis := func(s string) bool { return len(s) > 9 && strings.Trim(s, "0123456789") == "" }
	const refusal = "[1:1] [connector_sync_job_update_ingestion_stats] failed to parse field [last_seen]"
	return []Fault{
		fault("offset-dropped", "The offset of a given last_seen is passed over.", "stats.last-seen.offset", text(func(s string) any {
			if hasOffset(s) {
				return s[:len(s)-6] + "Z"
			}
			return s
		})),
		fault("offset-reversed", "The offset of a given last_seen is added instead of subtracted.", "stats.last-seen.offset", text(func(s string) any {
			if hasOffset(s) {
				i := len(s) - 6
				return s[:i] + map[byte]string{'+': "-", '-': "+"}[s[i]] + s[i+1:]
			}
			return s
		})),
		fault("offset-in-hours", "Of the offset of a given last_seen only the hours count.", "stats.last-seen.offset", text(func(s string) any {
			if hasOffset(s) {
				return s[:len(s)-2] + "00"
			}
			return s
		})),
		fault("offset-rejected", "A last_seen with an offset is rejected.", "stats.last-seen.offset", refuse(isText(hasOffset), parse, refusal)),
		fault("no-zone-local", "A last_seen without a zone is read as local time.", "stats.last-seen.no-zone-is-utc", text(func(s string) any {
			if noZone(s) {
				return s + "+01:00"
			}
			return s
		})),
		fault("no-zone-rejected", "A last_seen without a zone is rejected.", "stats.last-seen.no-zone-is-utc", refuse(isText(noZone), parse, refusal)),
		fault("millis-as-seconds", "A string of milliseconds is read as seconds.", "stats.last-seen.epoch-millis-string", text(func(s string) any {
			if isMillis(s) {
				return s[:len(s)-3]
			}
			return s
		})),
		fault("millis-cut", "A string of milliseconds is cut to seconds.", "stats.last-seen.epoch-millis-string", text(func(s string) any {
			if isMillis(s) {
				return s[:len(s)-3] + "000"
			}
			return s
		})),
		fault("millis-rejected", "A string of milliseconds is rejected.", "stats.last-seen.epoch-millis-string", refuse(isText(isMillis), parse, refusal)),
		fault("number-accepted", "A last_seen that is a number is read as milliseconds.", "stats.last-seen.rejects-non-strings",
			editField("last_seen", func(v any) any {
				if isNumber(v) {
					whole, _, _ := strings.Cut(preview(v), ".")
					return whole
				}
				return v
			})),
		fault("boolean-ignored", "A last_seen that is a boolean is taken for none.", "stats.last-seen.rejects-non-strings", without("last_seen", isBoolean)),
		fault("null-ignored", "A last_seen of null is taken for none.", "stats.last-seen.rejects-non-strings", without("last_seen", isNull)),
		fault("object-ignored", "A last_seen that is an object is taken for none.", "stats.last-seen.rejects-non-strings", without("last_seen", isObject)),
		fault("array-as-first", "A last_seen that is an array is taken for its first element.", "stats.last-seen.rejects-non-strings",
			editField("last_seen", func(v any) any {
				if list, ok := v.([]any); ok && len(list) > 0 {
					return list[0]
				}
				return v
			})),
		fault("date-alone", "A date alone is read as its midnight.", "stats.last-seen.rejects-non-dates", text(func(s string) any {
			if len(s) == 10 && s[4] == '-' {
				return s + "T00:00:00Z"
			}
			return s
		})),
		fault("word-ignored", "A last_seen that is a word is taken for none.", "stats.last-seen.rejects-non-dates",
			without("last_seen", func(v any) bool {
				s, ok := v.(string)
				return ok && s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz") == ""
			})),
		fault("empty-ignored", "An empty last_seen is taken for none.", "stats.last-seen.rejects-non-dates", without("last_seen", func(v any) bool { return v == "" })),
		fault("space-for-t", "A last_seen with a space in place of the T is read.", "stats.last-seen.rejects-non-dates", text(func(s string) any {
			if len(s) == 19 && s[10] == ' ' {
				return s[:10] + "T" + s[11:] + "Z"
			}
			return s
		})),
		fault("impossible-rolls-over", "A day that its month does not have rolls over into the next month.", "stats.last-seen.rejects-non-dates",
			text(func(s string) any {
				if strings.Contains(s, "-02-30T") || strings.Contains(s, "-02-29T") {
					if _, err := estime.Parse(s); err != nil {
						return strings.NewReplacer("-02-30T", "-03-02T", "-02-29T", "-03-01T").Replace(s)
					}
				}
				return s
			})),
		fault("lower-case", "A last_seen with a lower-case t and z is read.", "stats.last-seen.rejects-lower-case", text(func(s string) any {
			if len(s) > 10 && s[10] == 't' {
				return strings.ToUpper(s)
			}
			return s
		})),
		{ID: "stats.last-seen.type", Sentence: "A last_seen that cannot be read is reported as illegal_argument_exception.",
			Requirements: req("stats.last-seen.rejects-non-dates", "stats.last-seen.rejects-non-strings"), ops: onStats,
			answer: editError(400, func(e *xcontent.Object) {
				if strings.Contains(e.String("reason"), "last_seen") {
					e.Set("type", "illegal_argument_exception")
				}
			})},
		{ID: "stats.last-seen.names-another", Sentence: "The rejection of last_seen names another field.",
			Requirements: req("stats.last-seen.rejects-non-dates", "stats.last-seen.rejects-non-strings"), ops: onStats,
			answer: reword(400, "last_seen", "created_at")},
		{ID: "stats.last-seen.rejects-as-500", Sentence: "A last_seen that cannot be read is answered with 500.",
			Requirements: req("stats.last-seen.rejects-non-dates"), ops: onStats, answer: func(c *call, r *response) *response {
				if body, ok := r.body.(*xcontent.Object); ok && r.status == 400 && strings.Contains(preview(body), "failed to parse field [last_seen]") {
					return restatus(400, 500)(c, r)
				}
				return r
			}},
	}
}
