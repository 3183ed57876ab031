package verify

import (
	"strings"
	"testing"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/probe"
)

func TestRequired(t *testing.T) {
	t.Parallel()
	fine, named := answer(t, 200, "{}"), refusal(t, "illegal_argument_exception", "Required [f]")
	other := refusal(t, "status_exception", "not now")
	for name, tt := range map[string]struct {
		text    string
		omitted *probe.Call
		refused bool
		want    string
		patch   string
	}{
		"required":                         {"(Required, string)", named, false, "CONFIRMED", ""},
		"required, and is not":             {"(Required, string)", fine, false, "CONTRADICTED", "Required -> Optional"},
		"optional":                         {"(Optional, string)", fine, false, "CONFIRMED", ""},
		"optional, and is not":             {"(Optional, string)", named, false, "CONTRADICTED", "Optional -> Required"},
		"refused for another reason":       {"(Optional, string)", other, false, "UNTESTABLE", ""},
		"nobody left it out":               {"(Optional, string)", nil, false, "UNTESTABLE", ""},
		"unknown to the server":            {"(Optional, string)", fine, true, "UNTESTABLE", ""},
		"not said, and required":           {"(string)", named, false, "UNDOCUMENTED", ""},
		"not said, and not required":       {"(string)", fine, false, "", ""},
		"not said, refused for some cause": {"(string)", other, false, "", ""},
	} {
		m := page(t, "==== Request body\n`f`::\n"+tt.text+" X.\n")
		facts := working(t, m, func(rf *probe.RouteFacts) {
			f := field(rf, tried(t, claim.InBody, "w", `own="w" word="w"`))
			f.Omitted = tt.omitted
			if tt.refused {
				f.Sent, f.Refused = nil, refusal(t, "x_content_parse_exception", "unknown field [f]")
			}
		})
		claims := Judge(m, facts, nil, nil)
		if tt.want == "" {
			expect(t, name, claims, "body/f/required")
			continue
		}
		c := one(t, claims, "body/f/required")
		if string(c.Verdict) != tt.want || swapped(c) != tt.patch {
			t.Errorf("%s: %s %q, patch %q", name, c.Verdict, c.Reason, swapped(c))
		}
	}
}

func TestBodyField(t *testing.T) {
	t.Parallel()
	m := page(t, "==== Request body\n`meta`::\n(Optional, object) X.\n\n`gone`::\n(Optional, string) X.\n\n`f`::\n(Optional, string) X. One of `a`, `b`. Defaults to `a`.\n")
	facts := working(t, m, func(rf *probe.RouteFacts) {
		field(rf, &probe.FieldFacts{Name: "meta", Refused: refusal(t, "x_content_parse_exception", "unknown field [meta]")})
		f := field(rf, tried(t, claim.InBody, "a", `own="a" !word`))
		f.Found, f.Stored, f.Omitted, f.Left = true, "a", answer(t, 200, "{}"), "b"
		f.Listed["a"], f.Listed["b"] = answer(t, 200, "{}"), refusal(t, "x_content_parse_exception", "no")
		rf.OK.Sent = map[string]any{"metadata": map[string]any{}, "needed": "x"}
		rf.Needed["needed"] = refusal(t, "illegal_argument_exception", "Required [needed]")
		rf.Extra = []*probe.FieldFacts{{Name: "more", In: claim.InBody, Sent: answer(t, 200, "{}")}}
		field(rf, &probe.FieldFacts{Name: "metadata", Sent: rf.OK, Omitted: answer(t, 200, "{}"), Trials: tried(t, claim.InBody, nil, "!word object={\"w\":\"a\"}").Trials})
	})
	claims := Judge(m, facts, nil, nil)
	expect(t, "fields", claims, "body/",
		"CONTRADICTED body/meta", "UNTESTABLE body/meta/required", "UNTESTABLE body/meta/type",
		"UNTESTABLE body/gone", "UNTESTABLE body/gone/required", "UNTESTABLE body/gone/type",
		"CONFIRMED body/f", "CONFIRMED body/f/required", "CONFIRMED body/f/type", "CONTRADICTED body/f/values", "CONTRADICTED body/f/default",
		"UNDOCUMENTED body/metadata", "UNDOCUMENTED body/needed", "UNDOCUMENTED body/more")
	for id, want := range map[string]string{
		"body/f/default": "`a` -> `b`", "body/metadata": "`metadata`::", "body/needed": "(Required)",
	} {
		if got := swapped(one(t, claims, id)); !strings.Contains(got, want) {
			t.Errorf("%s: patch %q", id, got)
		}
	}
	if got := one(t, claims, "body/needed").Observed; !strings.HasPrefix(got, "the server requires it") {
		t.Error(got)
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	for b, want := range map[string]string{"200": "CONFIRMED", "400": "CONTRADICTED", "": "UNTESTABLE", "none": "UNTESTABLE"} {
		m := page(t, "==== Request body\n`f`::\n(Optional, string) One of `a`, `b`.\n")
		facts := working(t, m, func(rf *probe.RouteFacts) {
			f := field(rf, tried(t, claim.InBody, "a", `own="a" !word`))
			if b == "none" {
				return
			}
			f.Listed["a"] = answer(t, 200, "{}")
			if b != "" {
				f.Listed["b"] = answer(t, map[string]int{"200": 200, "400": 400}[b], "{}")
			}
		})
		expect(t, b, Judge(m, facts, nil, nil), "body/f/values", want+" body/f/values")
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		text         string
		left, before any
		want         string
	}{
		"the time, and not said":    {"(Optional, instant) X.", "2026-01-02T03:04:05Z", "2025-01-02T03:04:05Z", "UNDOCUMENTED"},
		"the time, and said":        {"(Optional, instant) X. If it is not given, it becomes the time.", "2026-01-02T03:04:05Z", nil, ""},
		"what it was":               {"(Optional, string) X.", "w", "w", ""},
		"nothing":                   {"(Optional, string) X.", "", nil, ""},
		"another value":             {"(Optional, string) X.", "w", "v", "UNDOCUMENTED"},
		"as said":                   {"(Optional, string) X. Defaults to `w`.", "w", nil, "CONFIRMED"},
		"not as said":               {"(Optional, string) X. Defaults to `v`.", "w", nil, "CONTRADICTED"},
		"a number, as said":         {"(Optional, int) X. Defaults to `7`.", doc(t, "7"), nil, "CONFIRMED"},
		"said, and not to be found": {"(Optional, string) X. Defaults to `v`.", nil, nil, "UNTESTABLE"},
	} {
		m := page(t, "==== Request body\n`f`::\n"+tt.text+"\n")
		facts := working(t, m, func(rf *probe.RouteFacts) {
			f := field(rf, tried(t, claim.InBody, "w", "own"))
			f.Omitted, f.Left, f.LeftBefore = answer(t, 200, "{}"), tt.left, tt.before
		})
		var want []string
		if tt.want != "" {
			want = append(want, tt.want+" body/f/default")
		}
		expect(t, name, Judge(m, facts, nil, nil), "body/f/default", want...)
	}
}

func TestMerge(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{"X.": {"UNDOCUMENTED body/f/merge"}, "It is merged into what is stored.": nil} {
		m := page(t, "==== Request body\n`f`::\n(Optional, object) "+text+"\n")
		facts := working(t, m, func(rf *probe.RouteFacts) {
			f := field(rf, tried(t, claim.InBody, nil, `object={"w":"a"}`))
			f.Merge = answer(t, 200, "{}")
			f.Merge.Before, f.Merge.After = doc(t, `{"in":{"f":{"a":1}}}`), doc(t, `{"in":{"f":{"a":1,"b":2}}}`)
		})
		expect(t, text, Judge(m, facts, nil, nil), "body/f/merge", want...)
	}
}

func TestNull(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		status       int
		stored       any
		found, sent  bool
		before, want string
	}{
		"unsets it":       {200, nil, false, true, `{"f":"w"}`, "CONFIRMED"},
		"is stored":       {200, nil, true, true, `{"f":"w"}`, "CONFIRMED"},
		"changes nothing": {200, "w", true, true, `{"f":"w"}`, "CONTRADICTED"},
		"is refused":      {400, nil, false, true, `{"f":"w"}`, "CONTRADICTED"},
		"nothing to see":  {200, nil, false, true, `{}`, "UNTESTABLE"},
		"was not sent":    {0, nil, false, false, "", "UNTESTABLE"},
	} {
		m := page(t, "==== Request body\n`f`::\n(Optional, string or null) X.\n")
		facts := working(t, m, func(rf *probe.RouteFacts) {
			f := field(rf, tried(t, claim.InBody, "w", `own="w" word="w"`))
			if tt.sent {
				call := answer(t, tt.status, "{}")
				call.Before = doc(t, tt.before)
				f.Null = &probe.Trial{Sample: "null", Call: call, Stored: tt.stored, Found: tt.found}
			}
		})
		expect(t, name, Judge(m, facts, nil, nil), "body/f/null", tt.want+" body/f/null")
	}
}

func TestTogether(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		a, b, said string
		oneOf      bool
		want       []string
	}{
		"one is needed":                   {"X.", "X.", "", true, []string{"UNDOCUMENTED body/one-of"}},
		"one is needed, as the page says": {"X.", "X.", "At least one of them is needed.", true, nil},
		"they exclude each other":         {"X.", "X.", "", false, []string{"UNDOCUMENTED body/exclusive"}},
		"and a field says so":             {"X.", "May not be given together with `a`: they are mutually exclusive.", "", false, nil},
	} {
		m := page(t, "==== {api-description-title}\n"+tt.said+"\n\n==== Request body\n`a`::\n(Optional, string) "+tt.a+"\n\n`b`::\n(Optional, string) "+tt.b+"\n")
		facts := working(t, m, func(rf *probe.RouteFacts) {
			group := probe.Together{Fields: []string{"a", "b"}, Call: refusal(t, "x", "[a] and [b]")}
			if tt.oneOf {
				rf.OneOf = &group
			} else {
				rf.Exclusives = []probe.Together{group}
			}
		})
		claims := Judge(m, facts, nil, nil)
		expect(t, name, claims, "body/one", filter(tt.want, "one-of")...)
		expect(t, name, claims, "body/exclusive", filter(tt.want, "exclusive")...)
	}
	// What may be left out because another stands in its place is optional.
	m := page(t, "==== Request body\n`a`::\n(Optional, string) X.\n\n`b`::\n(Required, string) X.\n")
	facts := working(t, m, func(rf *probe.RouteFacts) {
		omitted := refusal(t, "x", "[a] and [b] cannot both be null")
		rf.OneOf = &probe.Together{Fields: []string{"a", "b"}, Call: omitted}
		for _, name := range []string{"a", "b"} {
			f := tried(t, claim.InBody, "w", `own="w" word="w"`)
			f.Name, f.Omitted = name, omitted
			field(rf, f)
		}
	})
	claims := Judge(m, facts, nil, nil)
	expect(t, "in its place", claims, "body/a/required", "CONFIRMED body/a/required")
	expect(t, "in its place", claims, "body/b/required", "CONTRADICTED body/b/required")
}

func filter(words []string, with string) []string {
	var out []string
	for _, w := range words {
		if strings.Contains(w, with) {
			out = append(out, w)
		}
	}
	return out
}
