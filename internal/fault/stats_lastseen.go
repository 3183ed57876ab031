package fault

import (
	"strings"
	"time"

	"github.com/esconform/esconform/internal/reference/estime"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// lastSeen changes the instant that an update stores, where the request gives
// one or where it does not.
func lastSeen(isGiven bool, change func(old doc, instant string) any) effect {
	return changesFrom(func(c *call, old doc, partial *object) {
		if v := partial.String("last_seen"); v != "" && (sent(c, "last_seen") != nil) == isGiven {
			partial.Set("last_seen", change(old, v))
		}
	})
}

// instant writes a time as it is stored.
func instant(t time.Time) string { return estime.Write(t) }

// parsed reads an instant that was written by the server.
func parsed(instant string) time.Time {
	t, _ := estime.Parse(instant)
	return t
}

// lastSeenFaults store last_seen wrongly.
func lastSeenFaults() []Fault {
	f := alike("stats.last-seen.", "stats").fault
	given := func(id, what, req string, change func(instant string) any) Fault {
		return f(id, what, req, lastSeen(true, func(_ doc, instant string) any { return change(instant) }))
	}
	kept := func(id, what, req string, by func(instant string) string) Fault {
		return given(id, what, req, func(instant string) any { return by(instant) })
	}
	wins := func(id, what string, by func(instant string) string) Fault { return kept(id, what, "given-wins", by) }
	stays := func(id, what, req string, isGiven bool, stays func(old *object, have, instant string) bool) Fault {
		return f(id, what, req, lastSeen(isGiven, func(old doc, instant string) any {
			if have := old.Source.String("last_seen"); stays(old.Source, have, instant) {
				return have
			}
			return instant
		}))
	}
	byDefault := func(id, what string, change func(old doc, now string) any) Fault {
		return f(id, what, "defaults-to-now default-moves", lastSeen(false, change))
	}
	always := func(value any) func(doc, string) any { return func(doc, string) any { return value } }
	field := func(name string) func(doc, string) any {
		return func(old doc, _ string) any { return old.Source.Get(name) }
	}
	by := func(seconds int) func(doc, string) any {
		return func(_ doc, now string) any { return moved(now, seconds) }
	}
	before := func(limit string) func(string) bool {
		return func(instant string) bool { return isBefore(instant, limit) }
	}
	present := func(string) string { return instant(time.Now()) }
	inFuture := func(given string) bool { return isBefore(present(""), given) }
	inSummer := func(instant string) bool { return parsed(instant).Month() > 3 && parsed(instant).Month() < 11 }
	const epoch = "1970-01-01T00:00:00.000Z"
	return []Fault{
		wins("ignored", "A given last_seen is ignored: the server takes its own time.", present),
		f("dropped", "A given last_seen is not stored.", "given-wins", changesFrom(func(c *call, _ doc, partial *object) {
			if sent(c, "last_seen") != nil {
				partial.Delete("last_seen")
			}
		})),
		stays("never-back", "A given last_seen that is before the stored one is not stored.", "given-wins", true,
			func(_ *object, have, given string) bool { return isBefore(given, have) }),
		wins("never-ahead", "A given last_seen that lies in the future is stored as now.", where(inFuture, present)),
		wins("never-before-1970", "A given last_seen before 1970 is stored as the beginning of 1970.", where(before(epoch), to(epoch))),
		stays("first-wins", "A last_seen that was given once is never replaced by another one.", "given-wins", true,
			func(_ *object, have, _ string) bool { return isBefore(have, "2025-01-01T00:00:00Z") }),
		wins("off-by-a-second", "A given last_seen is stored a second late.", later(1)),
		wins("off-by-an-hour", "A given last_seen is stored an hour late.", later(3600)),
		wins("summer-time", "A given last_seen in summer is stored an hour early.", where(inSummer, later(-3600))),
		wins("day-alone", "Of a given last_seen only the day is stored.", func(instant string) string { return instant[:11] + "00:00:00.000Z" }),
		kept("fraction-lost", "The fraction of a given last_seen is lost.", "fraction", truncated(time.Second)),
		kept("fraction-in-millis", "The fraction of a given last_seen is cut to milliseconds.", "fraction", truncated(time.Millisecond)),
		kept("fraction-in-micros", "The fraction of a given last_seen is cut to microseconds.", "fraction", truncated(time.Microsecond)),
		kept("fraction-rounded", "A given last_seen is rounded to seconds.", "fraction", func(given string) string { return instant(parsed(given).Round(time.Second)) }),
		given("stored-as-number", "A given last_seen is stored as a number of milliseconds.", "read-back-in-utc",
			func(instant string) any { return number(parsed(instant).UnixMilli()) }),
		kept("stored-with-offset", "A given last_seen is read back in another zone.", "read-back-in-utc", func(instant string) string {
			return parsed(instant).UTC().Add(time.Hour).Format("2006-01-02T15:04:05.999999999") + "+01:00"
		}),
		kept("stored-without-millis", "A given last_seen in whole seconds is read back without milliseconds.", "read-back-in-utc",
			func(instant string) string { return strings.Replace(instant, ".000Z", "Z", 1) }),
		kept("stored-without-zone", "A given last_seen is read back without a zone.", "read-back-in-utc",
			func(instant string) string { return strings.TrimSuffix(instant, "Z") }),
		byDefault("default-kept", "An update without last_seen leaves the stored one as it is.", field("last_seen")),
		byDefault("default-removed", "An update without last_seen sets it to null.", always(nil)),
		byDefault("default-creation", "An update without last_seen sets it to the creation of the sync job.", field("created_at")),
		byDefault("default-1970", "An update without last_seen sets it to the beginning of 1970.", always(epoch)),
		byDefault("default-constant", "An update without last_seen sets it to the instant of the documentation's example.", always("2023-01-02T10:00:00.000Z")),
		byDefault("default-hour-ahead", "An update without last_seen sets it an hour ahead.", by(3600)),
		byDefault("default-hour-behind", "An update without last_seen sets it an hour back.", by(-3600)),
		byDefault("default-day-ahead", "An update without last_seen sets it a day ahead.", by(86400)),
		byDefault("default-minute-back", "An update without last_seen sets it a minute back.", by(-60)),
		byDefault("default-in-seconds", "An update without last_seen stores the time as a number of seconds.", func(_ doc, now string) any { return number(parsed(now).Unix()) }),
		stays("default-kept-if-given", "An update without last_seen keeps one that an earlier update gave.", "default-replaces-given", false,
			func(old *object, have, now string) bool {
				return isBefore(have, old.String("created_at")) || isBefore(moved(now, 60), have)
			}),
		stays("default-never-back", "An update without last_seen keeps one that lies in the future.", "default-replaces-given", false,
			func(_ *object, have, now string) bool { return isBefore(now, have) }),
		f("default-noop", "Repeated stats without last_seen are taken for an update that changes nothing.", "default-moves",
			storesFrom(func(c *call, old doc, next *object) {
				have := old.Source.Get("last_seen")
				if sent(c, "last_seen") == nil && xcontent.Equal(next.Clone().Set("last_seen", have), old.Source) {
					next.Set("last_seen", have)
				}
			})),
	}
}

// dateFormatFaults read the text of last_seen wrongly.
func dateFormatFaults() []Fault {
	f := alike("stats.last-seen.", "stats").fault
	rewritten := func(id, what, req string, is func(s string) bool, change func(s string) string) Fault {
		return f(id, what, req, editField("last_seen", texts(where(is, change))))
	}
	rejected := func(id, what, req string, are func(s string) bool) Fault {
		return f(id, what, req, refuse(has(func(v any) bool { s, ok := v.(string); return ok && are(s) }, "last_seen"),
			"x_content_parse_exception", "[1:1] [connector_sync_job_update_ingestion_stats] failed to parse field [last_seen]"))
	}
	ignored := func(id, what, req string, is kind) Fault { return f(id, what, req, without("last_seen", is)) }
	hasOffset := func(s string) bool { return len(s) > 20 && strings.ContainsAny(s[19:], "+-") }
	noZone := func(s string) bool { return len(s) >= 19 && s[10] == 'T' && !strings.ContainsAny(s[19:], "Z+-z") }
	isMillis := func(s string) bool { return len(s) > 9 && strings.Trim(s, "0123456789") == "" }
	return []Fault{
		rewritten("offset-dropped", "The offset of a given last_seen is passed over.", "offset", hasOffset, func(s string) string { return s[:len(s)-6] + "Z" }),
		rewritten("offset-reversed", "The offset of a given last_seen is added instead of subtracted.", "offset", hasOffset, func(s string) string {
			i := len(s) - 6
			return s[:i] + map[byte]string{'+': "-", '-': "+"}[s[i]] + s[i+1:]
		}),
		rewritten("offset-in-hours", "Of the offset of a given last_seen only the hours count.", "offset", hasOffset, func(s string) string { return s[:len(s)-2] + "00" }),
		rejected("offset-rejected", "A last_seen with an offset is rejected.", "offset", hasOffset),
		rewritten("no-zone-local", "A last_seen without a zone is read as local time.", "no-zone-is-utc", noZone, func(s string) string { return s + "+01:00" }),
		rejected("no-zone-rejected", "A last_seen without a zone is rejected.", "no-zone-is-utc", noZone),
		rewritten("millis-as-seconds", "A string of milliseconds is read as seconds.", "epoch-millis-string", isMillis, func(s string) string { return s[:len(s)-3] }),
		rewritten("millis-cut", "A string of milliseconds is cut to seconds.", "epoch-millis-string", isMillis, func(s string) string { return s[:len(s)-3] + "000" }),
		rejected("millis-rejected", "A string of milliseconds is rejected.", "epoch-millis-string", isMillis),
		f("number-accepted", "A last_seen that is a number is read as milliseconds.", "rejects-non-strings", editField("last_seen", where(isNumber, func(v any) any {
			whole, _, _ := strings.Cut(text(v), ".")
			return whole
		}))),
		ignored("boolean-ignored", "A last_seen that is a boolean is taken for none.", "rejects-non-strings", isBoolean),
		ignored("null-ignored", "A last_seen of null is taken for none.", "rejects-non-strings", isNull),
		ignored("object-ignored", "A last_seen that is an object is taken for none.", "rejects-non-strings", isObject),
		f("array-as-first", "A last_seen that is an array is taken for its first element.", "rejects-non-strings", editField("last_seen", func(v any) any {
			if list, ok := v.([]any); ok && len(list) > 0 {
				return list[0]
			}
			return v
		})),
		rewritten("date-alone", "A date alone is read as its midnight.", "rejects-non-dates",
			func(s string) bool { return len(s) == 10 && s[4] == '-' }, func(s string) string { return s + "T00:00:00Z" }),
		ignored("word-ignored", "A last_seen that is a word is taken for none.", "rejects-non-dates", func(v any) bool {
			s, ok := v.(string)
			return ok && s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz") == ""
		}),
		ignored("empty-ignored", "An empty last_seen is taken for none.", "rejects-non-dates", isEmpty),
		rewritten("space-for-t", "A last_seen with a space in place of the T is read.", "rejects-non-dates",
			func(s string) bool { return len(s) == 19 && s[10] == ' ' }, func(s string) string { return s[:10] + "T" + s[11:] + "Z" }),
		rewritten("impossible-rolls-over", "A day that its month does not have rolls over into the next month.", "rejects-non-dates", func(s string) bool {
			_, err := estime.Parse(s)
			return err != nil
		}, strings.NewReplacer("-02-30T", "-03-02T", "-02-29T", "-03-01T").Replace),
		rewritten("lower-case", "A last_seen with a lower-case t and z is read.", "rejects-lower-case",
			func(s string) bool { return len(s) > 10 && s[10] == 't' }, strings.ToUpper),
		f("type", "A last_seen that cannot be read is reported as illegal_argument_exception.", "rejects-non-dates rejects-non-strings",
			retypeOf("last_seen", "illegal_argument_exception")),
		f("names-another", "The rejection of last_seen names another field.", "rejects-non-dates rejects-non-strings", reword(400, "last_seen", "created_at")),
		f("rejects-as-500", "A last_seen that cannot be read is answered with 500.", "rejects-non-dates",
			restatusOf(tells(400, "failed to parse field [last_seen]"), 500)),
	}
}
