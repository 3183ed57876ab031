package reference

import (
	"strings"

	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// metadataFaults store, merge, take or report metadata wrongly.
func metadataFaults() []Fault {
	merged := func(id, sentence, requirement string, edit func(old, given *xcontent.Object) any) Fault {
		return Fault{ID: "stats.metadata." + id, Sentence: sentence, Requirements: req(requirement),
			ops: onStats, update: metadata(edit)}
	}
	values := func(id, sentence, requirement string, edit func(v any) any) Fault {
		return merged(id, sentence, requirement, func(_, given *xcontent.Object) any { return walk(given, edit) })
	}
	names := func(id, sentence string, rename func(string) string) Fault {
		return values(id, sentence, "stats.metadata.names-kept", func(v any) any {
			o, ok := v.(*xcontent.Object)
			if !ok {
				return v
			}
			out := xcontent.NewObject()
			for _, k := range o.Keys() {
				out.Set(rename(k), o.Get(k))
			}
			return out
		})
	}
	body := func(id, sentence, requirement string, request requestHook) Fault {
		return Fault{ID: "stats.metadata." + id, Sentence: sentence, Requirements: req(requirement), ops: onStats, request: request}
	}
	return append(metadataMergeFaults(merged),
		values("stringified", "Values inside metadata are stored as texts.", "stats.metadata.types-kept", func(v any) any {
			if isNumber(v) || isBoolean(v) {
				return preview(v)
			}
			return v
		}),
		values("fractions-lost", "Numbers inside metadata lose their fraction.", "stats.metadata.types-kept", func(v any) any {
			if isDecimal(v) {
				return change(v, func(n int64) int64 { return n })
			}
			return v
		}),
		values("doubles", "Whole numbers inside metadata lose what a double cannot hold.", "stats.metadata.types-kept", func(v any) any {
			if n, ok := integers(v); ok {
				return number(int64(float64(n)))
			}
			return v
		}),
		values("booleans-as-numbers", "Booleans inside metadata are stored as 1 and 0.", "stats.metadata.types-kept", func(v any) any {
			if b, ok := v.(bool); ok {
				return map[bool]any{true: number(1), false: number(0)}[b]
			}
			return v
		}),
		values("nulls-dropped", "Keys of metadata whose value is null are not stored.", "stats.metadata.types-kept", func(v any) any {
			o, ok := v.(*xcontent.Object)
			if !ok {
				return v
			}
			out := xcontent.NewObject()
			for _, k := range o.Keys() {
				out.SetIf(k, o.Get(k))
			}
			return out
		}),
		values("texts-trimmed", "Texts inside metadata lose the blanks around them and go to lower case.", "stats.metadata.types-kept", func(v any) any {
			if s, ok := v.(string); ok {
				return strings.ToLower(strings.TrimSpace(s))
			}
			return v
		}),
		values("empty-dropped", "Empty texts, arrays and objects inside metadata are not stored.", "stats.metadata.types-kept", func(v any) any {
			o, ok := v.(*xcontent.Object)
			if !ok {
				return v
			}
			out := xcontent.NewObject()
			for _, k := range o.Keys() {
				if s := preview(o.Get(k)); s != "" && s != "[]" && s != "{}" {
					out.Set(k, o.Get(k))
				}
			}
			return out
		}),
		names("names-lower-case", "Keys of metadata are stored in lower case.", strings.ToLower),
		names("names-ascii", "Keys of metadata lose what is not ASCII.", func(k string) string {
			return strings.Map(func(r rune) rune {
				if r > 127 {
					return '?'
				}
				return r
			}, k)
		}),
		names("names-without-blanks", "Blanks in keys of metadata become underscores.", func(k string) string { return strings.ReplaceAll(k, " ", "_") }),
		values("dots-expanded", "Keys of metadata with dots become objects.", "stats.metadata.names-kept", func(v any) any {
			o, ok := v.(*xcontent.Object)
			if !ok {
				return v
			}
			out := xcontent.NewObject()
			for _, k := range o.Keys() {
				head, rest, dotted := strings.Cut(k, ".")
				if inner := xcontent.NewObject(rest, o.Get(k)); dotted && head != "" && rest != "" {
					out.Merge(xcontent.NewObject(head, inner))
					continue
				}
				out.Merge(xcontent.NewObject(k, o.Get(k)))
			}
			return out
		}),
		body("text-wrapped", "Metadata that is a text is taken for an object with it.", "stats.metadata.rejects-non-objects",
			editField("metadata", func(v any) any {
				if s, ok := v.(string); ok {
					return xcontent.NewObject("value", s)
				}
				return v
			})),
		body("number-ignored", "Metadata that is a number is passed over.", "stats.metadata.rejects-non-objects", without("metadata", isNumber)),
		body("boolean-ignored", "Metadata that is a boolean is passed over.", "stats.metadata.rejects-non-objects", without("metadata", isBoolean)),
		body("array-ignored", "Metadata that is an array is passed over.", "stats.metadata.rejects-non-objects", without("metadata", isArray)),
		body("null-ignored", "Metadata of null is passed over.", "stats.metadata.rejects-non-objects", without("metadata", isNull)),
		body("empty-key-dropped", "An empty key of metadata is passed over.", "stats.metadata.rejects-empty-key",
			editField("metadata", func(v any) any {
				if o, ok := v.(*xcontent.Object); ok {
					o.Delete("")
				}
				return v
			})),
		Fault{ID: "stats.metadata.empty-key-stored", Sentence: "An empty key of metadata is stored.",
			Requirements: req("stats.metadata.rejects-empty-key"), ops: onStats, unmapped: true},
		Fault{ID: "stats.metadata.empty-key-type", Sentence: "An empty key of metadata is reported as illegal_argument_exception.",
			Requirements: req("stats.metadata.rejects-empty-key"), ops: onStats, answer: editError(400, func(e *xcontent.Object) {
				if strings.Contains(e.String("reason"), "empty string") {
					e.Set("type", "illegal_argument_exception")
				}
			})},
		Fault{ID: "stats.metadata.type", Sentence: "Metadata that is no object is reported as illegal_argument_exception.",
			Requirements: req("stats.metadata.rejects-non-objects"), ops: onStats, answer: editError(400, func(e *xcontent.Object) {
				if strings.Contains(e.String("reason"), "metadata doesn't support") {
					e.Set("type", "illegal_argument_exception")
				}
			})},
		Fault{ID: "stats.metadata.names-another", Sentence: "The rejection of metadata that is no object names another field.",
			Requirements: req("stats.metadata.rejects-non-objects"), ops: onStats, answer: reword(400, "metadata doesn't", "last_seen doesn't")},
	)
}

// metadataMergeFaults merge metadata otherwise.
func metadataMergeFaults(merged func(id, sentence, requirement string, edit func(old, given *xcontent.Object) any) Fault) []Fault {
	clear := func(id, sentence, requirement string, when func(given *xcontent.Object) bool) Fault {
		return Fault{ID: "stats.metadata." + id, Sentence: sentence, Requirements: req(requirement), ops: onStats,
			update: func(_ *call, _ store.Doc, partial *xcontent.Object) {
				if when(partial.Object("metadata")) {
					partial.Set("metadata", xcontent.Replace{Value: xcontent.NewObject()})
				}
			}}
	}
	return []Fault{
		{ID: "stats.metadata.dropped", Sentence: "Metadata is not stored.", Requirements: req("stats.field.metadata"), ops: onStats,
			update: drop("metadata")},
		clear("omitted-clears", "An update without metadata clears it.", "stats.metadata.keeps-when-omitted",
			func(given *xcontent.Object) bool { return given == nil }),
		clear("empty-clears", "Empty metadata clears what is stored.", "stats.metadata.empty-keeps",
			func(given *xcontent.Object) bool { return given != nil && given.Len() == 0 }),
		merged("replaced", "Metadata replaces what is stored.", "stats.metadata.merge",
			func(_, given *xcontent.Object) any {
				if given.Len() == 0 {
					return given
				}
				return xcontent.Replace{Value: given}
			}),
		merged("shallow", "Objects inside metadata are replaced, not merged.", "stats.metadata.deep-merge",
			func(_, given *xcontent.Object) any {
				out := xcontent.NewObject()
				for _, k := range given.Keys() {
					out.Set(k, xcontent.Replace{Value: given.Get(k)})
				}
				return out
			}),
		merged("two-levels", "Objects inside metadata are merged on two levels only.", "stats.metadata.deep-merge",
			func(_, given *xcontent.Object) any { return replaceBelow(given, 2) }),
		merged("first-wins", "Keys of metadata that are stored are not replaced.", "stats.metadata.merge",
			func(old, given *xcontent.Object) any {
				out := xcontent.NewObject()
				for _, k := range given.Keys() {
					if !old.Has(k) {
						out.Set(k, given.Get(k))
					}
				}
				return out
			}),
		merged("only-known", "New keys of metadata are not stored once there are some.", "stats.metadata.merge",
			func(old, given *xcontent.Object) any {
				out := xcontent.NewObject()
				for _, k := range given.Keys() {
					if old.Len() == 0 || old.Has(k) {
						out.Set(k, given.Get(k))
					}
				}
				return out
			}),
		merged("null-removes", "A null inside metadata removes its key.", "stats.metadata.merge",
			func(old, given *xcontent.Object) any {
				out := old.Clone()
				out.Merge(given)
				for _, k := range given.Keys() {
					if given.Get(k) == nil {
						out.Delete(k)
					}
				}
				return xcontent.Replace{Value: out}
			}),
		merged("arrays-concatenated", "An array inside metadata is put behind the stored one.", "stats.metadata.arrays-replaced",
			func(old, given *xcontent.Object) any {
				return mergeArrays(old, given, func(a, b []any) []any { return append(append([]any{}, a...), b...) })
			}),
		merged("arrays-overlaid", "An array inside metadata replaces only as many elements as it has.", "stats.metadata.arrays-replaced",
			func(old, given *xcontent.Object) any {
				return mergeArrays(old, given, func(a, b []any) []any {
					if len(b) < len(a) {
						return append(append([]any{}, b...), a[len(b):]...)
					}
					return b
				})
			}),
		merged("arrays-kept", "An empty array inside metadata does not replace the stored one.", "stats.metadata.arrays-replaced",
			func(old, given *xcontent.Object) any {
				return mergeArrays(old, given, func(a, b []any) []any {
					if len(b) == 0 {
						return a
					}
					return b
				})
			}),
		merged("object-wins", "An object inside metadata is not replaced by what is none.", "stats.metadata.kinds-replaced",
			func(old, given *xcontent.Object) any {
				return keepKinds(old, given, func(have, next any) bool { return isObject(have) && !isObject(next) })
			}),
		merged("object-refused", "A value inside metadata is not replaced by an object.", "stats.metadata.kinds-replaced",
			func(old, given *xcontent.Object) any {
				return keepKinds(old, given, func(have, next any) bool { return have != nil && !isObject(have) && isObject(next) })
			}),
	}
}

// replaceBelow merges so many levels and replaces what lies deeper.
func replaceBelow(given *xcontent.Object, levels int) *xcontent.Object {
	out := xcontent.NewObject()
	for _, k := range given.Keys() {
		v := given.Get(k)
		o, ok := v.(*xcontent.Object)
		switch {
		case ok && levels > 1:
			out.Set(k, replaceBelow(o, levels-1))
		default:
			out.Set(k, xcontent.Replace{Value: v})
		}
	}
	return out
}

// mergeArrays joins arrays that meet.
func mergeArrays(old, given *xcontent.Object, join func(a, b []any) []any) *xcontent.Object {
	out := xcontent.NewObject()
	for _, k := range given.Keys() {
		switch v := given.Get(k).(type) {
		case []any:
			if have, ok := old.Get(k).([]any); ok {
				out.Set(k, join(have, v))
				continue
			}
			out.Set(k, v)
		case *xcontent.Object:
			if have := old.Object(k); have != nil {
				out.Set(k, mergeArrays(have, v, join))
				continue
			}
			out.Set(k, v)
		default:
			out.Set(k, v)
		}
	}
	return out
}

// keepKinds leaves out keys whose stored value is to stay.
func keepKinds(old, given *xcontent.Object, stays func(have, next any) bool) *xcontent.Object {
	out := xcontent.NewObject()
	for _, k := range given.Keys() {
		if !old.Has(k) || !stays(old.Get(k), given.Get(k)) {
			out.Set(k, given.Get(k))
		}
	}
	return out
}
