package fault

import (
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/reference/xcontent"
)

// metadata are the faults of the metadata of a sync job.
var metadata = alike("stats.metadata.", "stats")

// mergedWith changes the metadata that an update merges.
func mergedWith(id, what, req string, change func(old, given *object) any) Fault {
	return metadata.fault(id, what, req, changesFrom(func(_ *call, old doc, partial *object) {
		given, stored := partial.Object("metadata"), old.Source.Object("metadata")
		if given == nil {
			return
		}
		if stored == nil {
			stored = xcontent.NewObject()
		}
		partial.Set("metadata", change(stored, given))
	}))
}

// metadataFaults store, merge, take or report metadata wrongly.
func metadataFaults() []Fault {
	f := metadata.fault
	values := func(id, what, req string, change mapping) Fault {
		return mergedWith(id, what, req, func(_, given *object) any { return walk(given, change) })
	}
	types := func(id, what string, change mapping) Fault { return values(id, what, "types-kept", change) }
	members := func(id, what, req string, member func(k string, v any, out *object)) Fault {
		return values(id, what, req, objects(func(o *object) *object { return mapped(o, member) }))
	}
	names := func(id, what string, rename func(string) string) Fault {
		return members(id, what, "names-kept", func(k string, v any, out *object) { out.Set(rename(k), v) })
	}
	ignored := func(id, what string, is kind) Fault {
		return f(id, what, "rejects-non-objects", without("metadata", is))
	}
	const illegal = "illegal_argument_exception"
	return slices.Concat(metadataMergeFaults(), []Fault{
		types("stringified", "Values inside metadata are stored as texts.", where(func(v any) bool { return isNumber(v) || isBoolean(v) }, asText)),
		types("fractions-lost", "Numbers inside metadata lose their fraction.", where(isDecimal, calculated(func(n int64) int64 { return n }))),
		types("doubles", "Whole numbers inside metadata lose what a double cannot hold.", where(isInteger, calculated(func(n int64) int64 { return int64(float64(n)) }))),
		types("booleans-as-numbers", "Booleans inside metadata are stored as 1 and 0.", asNumber),
		members("nulls-dropped", "Keys of metadata whose value is null are not stored.", "types-kept", func(k string, v any, out *object) { out.SetIf(k, v) }),
		types("texts-trimmed", "Texts inside metadata lose the blanks around them and go to lower case.", texts(func(s string) string { return strings.ToLower(strings.TrimSpace(s)) })),
		members("empty-dropped", "Empty texts, arrays and objects inside metadata are not stored.", "types-kept", func(k string, v any, out *object) {
			if !slices.Contains([]string{"", "[]", "{}"}, text(v)) {
				out.Set(k, v)
			}
		}),
		names("names-lower-case", "Keys of metadata are stored in lower case.", strings.ToLower),
		names("names-ascii", "Keys of metadata lose what is not ASCII.", ascii),
		names("names-without-blanks", "Blanks in keys of metadata become underscores.", func(k string) string { return strings.ReplaceAll(k, " ", "_") }),
		members("dots-expanded", "Keys of metadata with dots become objects.", "names-kept", func(k string, v any, out *object) {
			if head, rest, _ := strings.Cut(k, "."); head != "" && rest != "" {
				k, v = head, xcontent.NewObject(rest, v)
			}
			out.Merge(xcontent.NewObject(k, v))
		}),
		f("text-wrapped", "Metadata that is a text is taken for an object with it.", "rejects-non-objects", editField("metadata", where(is[string], wrapped))),
		ignored("number-ignored", "Metadata that is a number is passed over.", isNumber),
		ignored("boolean-ignored", "Metadata that is a boolean is passed over.", isBoolean),
		ignored("array-ignored", "Metadata that is an array is passed over.", isArray),
		ignored("null-ignored", "Metadata of null is passed over.", isNull),
		f("empty-key-dropped", "An empty key of metadata is passed over.", "rejects-empty-key", editField("metadata", objects(func(o *object) *object {
			o.Delete("")
			return o
		}))),
		f("empty-key-stored", "An empty key of metadata is stored.", "rejects-empty-key", unmapped),
		f("empty-key-type", "An empty key of metadata is reported as illegal_argument_exception.", "rejects-empty-key", retypeOf("empty string", illegal)),
		f("type", "Metadata that is no object is reported as illegal_argument_exception.", "rejects-non-objects", retypeOf("metadata doesn't support", illegal)),
		f("names-another", "The rejection of metadata that is no object names another field.", "rejects-non-objects", reword(400, "metadata doesn't", "last_seen doesn't")),
	})
}

// metadataMergeFaults merge metadata otherwise.
func metadataMergeFaults() []Fault {
	clears := func(id, what, req string, when func(given *object) bool) Fault {
		return metadata.fault(id, what, req, changes(func(partial *object) {
			if when(partial.Object("metadata")) {
				partial.Set("metadata", xcontent.Replace{Value: xcontent.NewObject()})
			}
		}))
	}
	// some stores only keys for which something holds of the stored and the
	// given value.
	some := func(id, what, req string, stored func(old *object, k string, next any) bool) Fault {
		return mergedWith(id, what, req, func(old, given *object) any {
			return mapped(given, func(k string, v any, out *object) {
				if stored(old, k, v) {
					out.Set(k, v)
				}
			})
		})
	}
	arrays := func(id, what string, join func(have, next []any) []any) Fault {
		return mergedWith(id, what, "arrays-replaced", func(old, given *object) any { return mergeArrays(old, given, join) })
	}
	deeper := func(id, what string, levels int) Fault {
		return mergedWith(id, what, "deep-merge", func(old, given *object) any { return replaceBelow(old, given, levels) })
	}
	return []Fault{
		stats.fault("metadata.dropped", "Metadata is not stored.", "field.metadata", drop("metadata")),
		clears("omitted-clears", "An update without metadata clears it.", "keeps-when-omitted", func(given *object) bool { return given == nil }),
		clears("empty-clears", "Empty metadata clears what is stored.", "empty-keeps", func(given *object) bool { return given != nil && given.Len() == 0 }),
		mergedWith("replaced", "Metadata replaces what is stored.", "merge", func(_, given *object) any {
			if given.Len() == 0 {
				return given
			}
			return xcontent.Replace{Value: given}
		}),
		deeper("shallow", "Objects inside metadata are replaced, not merged.", 1),
		deeper("two-levels", "Objects inside metadata are merged on two levels only.", 2),
		some("first-wins", "Keys of metadata that are stored are not replaced.", "merge", func(old *object, k string, _ any) bool { return !old.Has(k) }),
		some("only-known", "New keys of metadata are not stored once there are some.", "merge", func(old *object, k string, _ any) bool { return old.Len() == 0 || old.Has(k) }),
		mergedWith("null-removes", "A null inside metadata removes its key.", "merge", func(old, given *object) any {
			out := old.Clone()
			out.Merge(given)
			keep(func(k string, _ any) bool { return !given.Has(k) || given.Get(k) != nil })(out)
			return xcontent.Replace{Value: out}
		}),
		arrays("arrays-concatenated", "An array inside metadata is put behind the stored one.", func(have, next []any) []any { return slices.Concat(have, next) }),
		arrays("arrays-overlaid", "An array inside metadata replaces only as many elements as it has.", func(have, next []any) []any {
			return slices.Concat(next, have[min(len(next), len(have)):])
		}),
		arrays("arrays-kept", "An empty array inside metadata does not replace the stored one.", func(have, next []any) []any {
			if len(next) == 0 {
				return have
			}
			return next
		}),
		some("object-wins", "An object inside metadata is not replaced by what is none.", "kinds-replaced",
			func(old *object, k string, next any) bool { return !isObject(old.Get(k)) || isObject(next) }),
		some("object-refused", "A value inside metadata is not replaced by an object.", "kinds-replaced",
			func(old *object, k string, next any) bool {
				return old.Get(k) == nil || isObject(old.Get(k)) || !isObject(next)
			}),
	}
}

// replaceBelow merges so many levels and replaces what lies deeper.
func replaceBelow(old, given *object, levels int) *object {
	return mapped(given, func(k string, v any, out *object) {
		have, next := old.Object(k), given.Object(k)
		if have != nil && next != nil && levels > 1 {
			out.Set(k, replaceBelow(have, next, levels-1))
			return
		}
		out.Set(k, xcontent.Replace{Value: v})
	})
}

// mergeArrays joins arrays that meet.
func mergeArrays(old, given *object, join func(have, next []any) []any) *object {
	return mapped(given, func(k string, v any, out *object) {
		switch next := v.(type) {
		case []any:
			if have, ok := old.Get(k).([]any); ok {
				v = join(have, next)
			}
		case *object:
			if have := old.Object(k); have != nil {
				v = mergeArrays(have, next, join)
			}
		}
		out.Set(k, v)
	})
}
