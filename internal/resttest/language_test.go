package resttest

import (
	"errors"
	"strings"
	"testing"

	"github.com/esconform/esconform/steps"
)

// echo is a test that has a body answered as it is, and then looks at it.
func echo(body, assertion string) string {
	return "\"t\":\n  - do: { echo: { body: " + body + " } }\n  - " + assertion + "\n"
}

func TestAssertions(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, tc := range []struct {
		body, assertion string
		fails           string // a part of what is said; "" where it holds
	}{
		{`{a: 1}`, `match: {a: 1}`, ""},
		{`{a: 1}`, `match: {a: 1.0}`, ""},
		{`{a: 1}`, `match: {a: 2}`, `expected 2, actual 1`},
		{`{a: 1}`, `match: {a: "1"}`, `expected "1", actual 1`},
		{`{a: 9007199254740993}`, `match: {a: 9007199254740992}`, `expected 9007199254740992, actual 9007199254740993`},
		{`{a: {b: [1, {c: 2}]}}`, `match: {a: {b: [1, {c: 2}]}}`, ""},
		{`{a: {b: [1, {c: 2}]}}`, `match: {a: {b: [1, {c: 3}]}}`, `(differs at /b/1/c)`},
		{`{a: {b: 1, c: 2}}`, `match: {a: {b: 1}}`, `actual {"b":1,"c":2}`},
		{`{a: 1}`, `match: {b: 1}`, `nothing is there`},
		{`{a: null}`, `match: {a: null}`, ""},
		{`{a: 2020-01-01}`, `match: {a: "2020-01-01"}`, ""},
		{`{a: "one  2"}`, `match: {a: '/^ one \s+ \d $ # a comment/'}`, ""},
		{`{a: "foobar"}`, `match: {a: '/foo(?!bar)/'}`, `a match of /foo(?!bar)/`},
		{`{"a.b": {c: 1}}`, `match: {"a\\.b.c": 1}`, ""},
		{`[{a: 1}, {a: 2}]`, `match: {1.a: 2}`, ""},
		{`{a: 1}`, `match: {"": {a: 1}}`, ""},
		{`{a: 1}`, `match: {$body: {a: 1}}`, ""},
		{`{a: 1}`, `match: {$body: '/"a":\s*1/'}`, ""},
		{`{a: 1}`, `match: {$body.a: 2}`, `expected 2, actual 1`},
		{`{a: [0]}`, `is_true: a`, ""},
		{`{a: "false"}`, `is_true: a`, `actual "false"`},
		{`{a: 0}`, `is_true: a`, `actual 0`},
		{`{}`, `is_true: a`, `nothing is there`},
		{`{}`, `is_false: a`, ""},
		{`{a: ""}`, `is_false: a`, ""},
		{`{a: []}`, `is_false: a`, `actual []`},
		{`{a: []}`, `exists: a`, ""},
		{`{a: ""}`, `exists: a`, ""},
		{`{a: 1}`, `exists: b`, `nothing is there`},
		{`{a: 1}`, `not_exists: b`, ""},
		{`{a: null}`, `not_exists: a`, ""},
		{`{a: 0}`, `not_exists: a`, `expected no value, actual 0`},
		{`{a: [b, {c: 1}, b]}`, `matches_in_any_order: {a: [{c: 1}, b, /^ b $/]}`, ""},
		{`{a: [b, c]}`, `matches_in_any_order: {a: [b, b]}`, `in any order ["b","b"]`},
		{`{a: [b, c]}`, `matches_in_any_order: {a: [c]}`, `actual ["b","c"]`},
		{`{a: b}`, `matches_in_any_order: {a: [b]}`, `actual "b"`},
		{`{a: b}`, `matches_in_any_order: {a: b}`, ""},
		{`{a: [1, 2]}`, `length: {a: 2}`, ""},
		{`{a: {b: 1}}`, `length: {a: 1}`, ""},
		{`{a: "äöü"}`, `length: {a: 3}`, ""},
		{`{a: [1]}`, `length: {a: 2}`, `expected length 2, actual length 1: [1]`},
		{`{a: 1}`, `length: {a: 1}`, `expected length 1, actual 1`},
		{`{a: 2}`, `gt: {a: 1}`, ""},
		{`{a: 2}`, `gt: {a: 2}`, `expected greater than 2, actual 2`},
		{`{a: 2}`, `gte: {a: 2}`, ""},
		{`{a: 1.5}`, `lt: {a: 2}`, ""},
		{`{a: 2}`, `lt: {a: 2}`, `less than 2`},
		{`{a: 3}`, `lte: {a: 2}`, `at most 2`},
		{`{a: "x"}`, `gt: {a: 2}`, `actual "x"`},
		{`{a: 9007199254740993}`, `gt: {a: 9007199254740992}`, ""},
		{`{a: [{n: x, v: 1}]}`, `contains: {a: {n: x}}`, ""},
		{`{a: [{n: x}]}`, `contains: {a: {n: y}}`, `something that contains {"n":"y"}`},
		{`{a: [x, y]}`, `contains: {a: y}`, ""},
		{`{a: "must be mapped"}`, `contains: {a: "be map"}`, ""},
		{`{a: 0.5}`, `close_to: {a: {value: 0.4, error: 0.2}}`, ""},
		{`{a: 0.7}`, `close_to: {a: {value: 0.4, error: 0.2}}`, `0.4, give or take 0.2`},
		{`{a: "2023-05-25T12:30:00.001Z"}`, `is_after: {a: "2023-05-25T12:30:00.000Z"}`, ""},
		{`{a: "2023-05-25T12:30:00Z"}`, `is_after: {a: "2023-05-25T12:30:00Z"}`, `an instant after`},
	} {
		err := b.run(t, echo(tc.body, tc.assertion))
		var assertion *steps.AssertionError
		switch {
		case tc.fails == "" && err != nil:
			t.Errorf("%s, %s: %v", tc.body, tc.assertion, err)
		case tc.fails != "" && (!errors.As(err, &assertion) || !strings.Contains(err.Error(), tc.fails)):
			t.Errorf("%s, %s: got %v, want %q", tc.body, tc.assertion, err, tc.fails)
		case tc.fails != "" && assertion.Check != "api.echo":
			t.Errorf("%s: held against %s", tc.assertion, assertion.Check)
		}
	}
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for name, tc := range map[string]struct{ yaml, fails string }{
		"a value in a value": {`
"t":
  - do: { echo: { body: { id: abc, n: 5, deep: { x: [7] } } } }
  - set: { id: id, n: n, deep: deep }
  - do: { echo: { body: { one: $id, two: "${id}-x", three: $n, four: $deep.x.0, $id: 1, five: "${n}" } } }
  - match: { $body: { one: abc, two: abc-x, three: 5, four: 7, abc: 1, five: 5 } }
  - match: { $id: 1 }
`, `expected 1, actual "abc"`},
		"a value in a path": {`
"t":
  - do: { echo: { body: { key: k.1, k.1: { v: 1 }, wk.1d: 2 } } }
  - set: { key: k }
  - match: { $k.v: 1 }
`, `nothing is there`},
		"a value as a part of a path": {`
"t":
  - do: { echo: { body: { key: k.1, n: { k.1: { v: 1 }, ak.1z: 2 } } } }
  - set: { key: k }
  - match: { n.$k.v: 1 }
  - match: { "n.a${k}z": 2 }
  - is_true: n.$k.w
`, `nothing is there`},
		"text that is JSON": {`
"t":
  - do: { echo: { body: { id: abc } } }
  - set: { id: id }
  - do: { echo: { body: '{"a": "$id", "b": "x${id}y", "c": "$unknown"}' } }
  - match: { $body: { a: abc, b: xabcy, c: "-" } }
`, `"c":"$unknown"`},
		"any key": {`
"t":
  - do: { echo: { body: { nodes: { n1: { v: 1 } } } } }
  - set: { nodes._arbitrary_key_: node }
  - match: { nodes.$node.v: 2 }
`, `expected 2, actual 1`},
		"nothing put aside":        {"\"t\":\n  - do: { echo: { body: { a: $nope } } }\n", `nothing was put aside as "nope"`},
		"nothing to put aside":     {"\"t\":\n  - do: { echo: { body: { a: 1 } } }\n  - set: { b: b }\n", `expected a value to put aside as b`},
		"credentials":              {"\"t\":\n  - do: { echo: { body: { u: a, p: b } } }\n  - transform_and_set: { c: '#base64EncodeCredentials(u,p)' }\n  - do: { headers: { X-Y: \"Basic ${c}\" }, echo: { body: { c: $c } } }\n  - match: { c: x }\n", `actual "YTpi"`},
		"an assertion too early":   {"\"t\":\n  - match: { a: 1 }\n", "there is no answer yet"},
		"text":                     {"\"t\":\n  - do: { cat.things: {} }\n  - match: { $body: '/^ name \\s+ count \\n one \\s+ 1 \\n $/' }\n  - match: { $body: /two/ }\n", "a match of /two/"},
		"HEAD, nothing there":      {"\"t\":\n  - do: { indices.exists: { index: x } }\n  - is_false: ''\n  - is_true: ''\n", "actual false"},
		"HEAD, something there":    {"\"t\":\n  - do: { indices.exists: { index: there } }\n  - is_false: ''\n", "actual true"},
		"refused":                  {"\"t\":\n  - do: { indices.get: { index: x } }\n", "expected a status below 400, actual status 404"},
		"ignored":                  {"\"t\":\n  - do: { indices.get: { index: x, ignore: [404] } }\n  - match: { status: 1 }\n", "expected 1, actual 404"},
		"missing":                  {"\"t\":\n  - do: { catch: missing, indices.get: { index: x } }\n  - match: { status: 1 }\n", "expected 1, actual 404"},
		"not missing":              {"\"t\":\n  - do: { catch: missing, indices.get: { index: there } }\n", "expected status 404, actual status 200"},
		"another error":            {"\"t\":\n  - do: { catch: conflict, indices.get: { index: x } }\n", "expected status 409, actual status 404"},
		"an error of no word":      {"\"t\":\n  - do: { catch: request, echo: { status: 500 } }\n  - do: { catch: request, echo: { status: 400 } }\n", "no other word"},
		"gone is no request":       {"\"t\":\n  - do: { catch: gone, echo: { status: 410 } }\n  - do: { catch: request, echo: { status: 503 } }\n  - do: { catch: request, echo: { status: 410 } }\n", "no other word"},
		"an error by its type":     {"\"t\":\n  - do: { catch: index_not_found_exception, indices.get: { index: x } }\n  - do: { catch: parsing_exception, indices.get: { index: x } }\n", "an error of the type parsing_exception"},
		"no error, but its type":   {"\"t\":\n  - do: { catch: a_exception, echo: { body: { error: { type: a_exception } } } }\n", "an error of the type a_exception"},
		"a text put aside":         {"\"t\":\n  - do: { echo: {} }\n  - transform_and_set: { c: plain }\n  - do: { echo: { body: { c: $c } } }\n  - match: { c: x }\n", `actual "plain"`},
		"an error by its text":     {"\"t\":\n  - do: { catch: '/no such index \\[\"x\"\\]/', indices.get: { index: x } }\n  - do: { catch: /other/, indices.get: { index: x } }\n", "an error that matches /other/"},
		"no error, but its text":   {"\"t\":\n  - do: { catch: /a/, echo: { body: { a: 1 } } }\n", "an error that matches /a/"},
		"a forbidden parameter":    {"\"t\":\n  - do: { catch: param, echo: { nope: 1 } }\n  - do: { catch: param, echo: { status: 200 } }\n", "the specification allows this call"},
		"a warning":                {"\"t\":\n  - do: { warnings: [old], echo: { warn: old } }\n  - do: { warnings: [old], echo: {} }\n", "expected old, actual no warning"},
		"an unexpected warning":    {"\"t\":\n  - do: { echo: { warn: old } }\n", "actual old"},
		"allowed warnings":         {"\"t\":\n  - do: { allowed_warnings: [old], echo: { warn: old } }\n  - do: { allowed_warnings_regex: [^o.d$], echo: { warn: old } }\n  - do: { warnings_regex: [new], echo: { warn: old } }\n", "a warning is missing"},
		"an argument that is null": {"\"t\":\n  - do: { search: { index: null, body: { a: 1 } } }\n", "no such index"},
		"the whole of a warning":   {"\"t\":\n  - do: { allowed_warnings_regex: [ol], echo: { warn: old } }\n", "actual old"},
		"legacy templates":         {"\"t\":\n  - do: { echo: { warn: 'Legacy index templates are deprecated in favor of composable templates.' } }\n  - is_true: a\n", "nothing is there"},
		"raw":                      {"\"t\":\n  - do: { raw: { method: GET, path: /_echo, status: 418 } }\n", "actual status 418"},
		"selected nodes":           {"\"t\":\n  - do: { node_selector: { version: ' - 9.9.9', attribute: { zone: a } }, echo: { status: 404 } }\n", "actual status 404"},
		"other nodes":              {"\"t\":\n  - do: { node_selector: { attribute: { zone: b } }, echo: {} }\n", `attribute zone is "a"`},
		"section by section":       {"setup:\n  - do: { echo: { body: { a: 1 } } }\n  - set: { a: a }\n---\n\"t\":\n  - match: { $a: 1 }\n", "there is no answer yet"},
	} {
		b := newBench(t, "/there")
		err := b.run(t, tc.yaml)
		if err == nil || !strings.Contains(err.Error(), tc.fails) {
			t.Errorf("%s: got %v, want %q", name, err, tc.fails)
		}
	}
	if err := b.run(t, "\"t\":\n  - do: { bulk: { body: [ { index: { _index: a } }, '{\"x\":1}' ] } }\n  - is_false: errors\n"); err != nil {
		t.Errorf("a list as lines: %v", err)
	}
}

func TestConditions(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ condition, skips string }{
		{`skip: { version: " - 9.9.9", reason: too old }`, "not for version 9.5.3: too old"},
		{`skip: { version: "all", reason: never }`, "never"},
		{`skip: { version: " - 8.0.99, 9.6.0 - " }`, ""},
		{`skip: { version: "9.5.3 - 9.5.3" }`, "not for version"},
		{`skip: { awaits_fix: "https://x/1", reason: broken }`, "muted until https://x/1 is fixed: broken"},
		{`skip: { features: [headers, yaml] }`, ""},
		{`skip: { features: no_xpack }`, "needs the feature no_xpack"},
		{`requires: { test_runner_features: [headers, flying] }`, "needs the feature flying"},
		{`skip: { features: header }`, `needs the feature header of the runner, which this one does not have, did you mean "headers"?`},
		{`skip: { features: stash_path_replace }`, "needs the feature stash_path_replace"},
		{`requires: { test_runner_features: [contains] }`, ""},
		{`requires: { cluster_features: flying, reason: x }`, ""},
		{`requires: { cluster_features: [swimming], reason: came later }`, "the target has no feature swimming: came later"},
		{`requires: { cluster_features: [gte_v9.0.0] }`, ""},
		{`requires: { cluster_features: [gte_v10.0.0] }`, "no feature gte_v10.0.0"},
		{`skip: { cluster_features: flying, reason: changed }`, "the target has the feature flying: changed"},
		{`skip: { known_issues: [ { cluster_feature: flying, fixed_by: landing } ], reason: r }`, "a known issue of flying"},
		{`skip: { known_issues: [ { cluster_feature: gte_v8.0.0, fixed_by: flying } ] }`, ""},
		{`requires: { capabilities: [ { method: GET, path: /_x, capabilities: [known] } ] }`, ""},
		{`requires: { capabilities: [ { method: GET, path: /_x, capabilities: [other] } ], reason: r }`, "the target says false of the capability GET /_x other: r"},
		{`skip: { capabilities: [ { method: GET, path: /_x, capabilities: [known] } ] }`, "says true"},
	} {
		yaml := "setup:\n  - " + tc.condition + "\n---\n\"t\":\n  - do: { echo: {} }\n"
		err := newBench(t).run(t, yaml)
		var skip *steps.SkipError
		if tc.skips == "" && err != nil || tc.skips != "" && (!errors.As(err, &skip) || !strings.Contains(skip.Reason, tc.skips)) {
			t.Errorf("%s: got %v, want %q", tc.condition, err, tc.skips)
		}
	}
	err := newBench(t).run(t, "---\nrequires: { serverless: true, stack: false }\n---\n\"t\":\n  - do: { nonsense: {} }\n")
	var skip *steps.SkipError
	if !errors.As(err, &skip) {
		t.Errorf("a file for serverless only: %v", err)
	}
	err = newBench(t).run(t, "---\nrequires: { serverless: true, stack: true, feature_flag: views }\n---\n\"t\":\n  - do: { info: {} }\n")
	if !errors.As(err, &skip) || !strings.Contains(skip.Reason, "the feature flag views") {
		t.Errorf("a file behind a flag: %v", err)
	}
}

// What is not in the language is an error of the test, and never a pass.
func TestUnknownWords(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ yaml, want string }{
		"word":           {"\"t\":\n  - matches: { a: 1 }\n", `line 2: unknown word "matches", did you mean "match"?`},
		"API":            {"\"t\":\n  - do: { serch: {} }\n", `the REST specification has no API "serch", did you mean "search"?`},
		"parameter":      {"\"t\":\n  - do:\n      search:\n        idnex: x\n", `line 3: search takes no "idnex"`},
		"catch":          {"\"t\":\n  - do: { catch: not_found, info: {} }\n", `unknown catch "not_found"`},
		"option":         {"\"t\":\n  - do: { catches: missing, info: {} }\n", `catches: want the arguments of an API, not "missing"; "do" knows allowed_warnings`},
		"condition":      {"\"t\":\n  - skip: { versions: all }\n  - do: { info: {} }\n", `skip knows no "versions"`},
		"transformation": {"\"t\":\n  - transform_and_set: { a: '#upper(b)' }\n", `unknown transformation`},
		"expression":     {"\"t\":\n  - match: { a: '/(/' }\n", `the regular expression`},
		"two keys":       {"\"t\":\n  - do: { info: {} }\n    match: { a: 1 }\n", `want one key here, not 2`},
		"one key twice":  {"\"t\":\n  - do: { echo: { body: { a: 1, a: 2 } } }\n", `is there twice`},
		"no steps":       {"\"t\": []\n", `has no steps`},
		"no list":        {"\"t\": { do: { info: {} } }\n", `want a list of steps`},
		"an alias":       {"\"t\":\n  - do: { echo: { body: &a { b: 1 } } }\n  - match: { '': *a }\n", `anchors and aliases`},
		"no YAML":        {"\"t\":\n  - do: [\n", `yaml`},
		"nothing":        {"---\nsetup:\n  - do: { info: {} }\n", `there is no test in it`},
		"set-up":         {"setup:\n  - doo: { info: {} }\n---\n\"t\":\n  - do: { info: {} }\n", `unknown word "doo"`},
		"a regular body": {"\"t\":\n  - do: { index: { index: a, id: 1 } }\n", `index needs a body`},
	} {
		test := tests(t, tc.yaml)[0]
		if err := test.Problem(); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: lint says %v, want %q", name, err, tc.want)
		}
		err := newBench(t).run(t, tc.yaml)
		var language *LanguageError
		if !errors.As(err, &language) || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %q", name, err, tc.want)
		}
	}
}

func TestTestsOfAFile(t *testing.T) {
	t.Parallel()
	all := tests(t, `
setup:
  - do: { indices.create: { index: a } }
---
teardown:
  - do: { indices.delete: { index: a, ignore: 404 } }
---
"One: the (first)":
  - do: { search: { index: a } }
---
"One the first":
  - skip: { version: "all" }
  - do: { info: {} }
`)
	if len(all) != 2 || all[0].ID != "rest/a/b/one-the-first" || all[1].ID != "rest/a/b/one-the-first-2" {
		t.Fatalf("got %d tests, %s and so on", len(all), all[0].ID)
	}
	var steps []string
	for _, st := range all[1].Steps {
		steps = append(steps, st.Keyword()+" "+st.String())
	}
	want := `skip version|setup: do indices.create {"index":"a"}|do info|teardown: do indices.delete {"index":"a"}`
	if got := strings.Join(steps, "|"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := strings.Join(all[0].APIs, " "); got != "indices.create indices.delete search" {
		t.Errorf("calls %s", got)
	}
}
