package verify

import (
	"testing"

	"github.com/esconform/esconform/internal/docs/probe"
	"github.com/esconform/esconform/internal/jsonval"
)

func TestKeeps(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		sent, stored string
		want         bool
	}{
		{`{"a":1}`, `{"a":1,"b":2}`, true},
		{`{"a":[{"b":1}]}`, `{"a":[{"b":1,"c":false}]}`, true},
		{`{"a":[{"b":1}]}`, `{"a":[{"b":1},{"b":2}]}`, false},
		{`{"settings":{"number_of_shards":1}}`, `{"settings":{"index":{"number_of_shards":"1"}}}`, true},
		{`{"settings":{"number_of_shards":1}}`, `{"settings":{"index":{"number_of_shards":"2"}}}`, false},
		{`{"settings":{"number_of_shards":1}}`, `{"settings":{}}`, false},
		{`{"routing":"x"}`, `{"index_routing":"x","search_routing":"x"}`, true},
		{`{"routing":"x"}`, `{"index_routing":"x","search_routing":"y"}`, false},
		{`{"routing":"x"}`, `{"index_routing":"x"}`, false},
		{`{"on":true}`, `{"on":"true"}`, true},
		{`{"on":true}`, `{"on":"false"}`, false},
		{`1`, `"1"`, false},
		{`"2023-01-02T10:00:00Z"`, `"2023-01-02T10:00:00.000Z"`, true},
		{`{"a":{}}`, `{"a":[]}`, false},
	} {
		sent, err := jsonval.Decode([]byte(tt.sent))
		if err != nil {
			t.Fatal(err)
		}
		stored, err := jsonval.Decode([]byte(tt.stored))
		if err != nil {
			t.Fatal(err)
		}
		if got := keeps(stored, sent); got != tt.want {
			t.Errorf("%s stored as %s: %t", tt.sent, tt.stored, got)
		}
	}
}

// References of a page into the answer stand for what the answer has.
func TestResolved(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		page, answer string
		same         bool
	}{
		{`{"_id":"$body._id","n":1}`, `{"_id":"x","n":1}`, true},
		{`{"_id":"$body._id","n":1}`, `{"_id":"x","n":2}`, false},
		{`{"a":["$body.a.0"]}`, `{"a":["x"]}`, true},
		{`{"a":["$body.a.0"]}`, `{"a":["x","y"]}`, false},
		{`{"trace": $body.$_path, "n":1}`, `{"n":1}`, true},
		{`{"took": $body.took}`, `{"took":7}`, true},
		{`{"_id":"$body.none"}`, `{"_id":"x"}`, false},
	} {
		want, err := jsonval.Decode([]byte(bareRef.ReplaceAllString(tt.page, `$1"$2"`)))
		if err != nil {
			t.Fatal(err)
		}
		answer, err := jsonval.Decode([]byte(tt.answer))
		if err != nil {
			t.Fatal(err)
		}
		if got := len(jsonval.Diff(resolved(want, answer, answer), answer)) == 0; got != tt.same {
			t.Errorf("%s for %s: %t", tt.page, tt.answer, got)
		}
	}
}

// How a page says that fields depend on each other is held against the answers.
func TestRelations(t *testing.T) {
	t.Parallel()
	text := "==== {api-request-body-title}\n`a`::\n(Optional, string) Only one of `a` or `b` may be specified, and at least one must be specified.\n\n`b`::\n(Optional, string) X.\n"
	m := page(t, text)
	both := refusal(t, "illegal_argument_exception", "both [a] and [b]")
	accepted := answer(t, 200, `{}`)
	accepted.Sent = map[string]any{"a": "x", "b": "y"}
	for name, tt := range map[string]struct {
		edit func(*probe.RouteFacts)
		want []string
	}{
		"refused":      {func(rf *probe.RouteFacts) { rf.Exclusives = []probe.Together{{Fields: []string{"a", "b"}, Call: both}} }, []string{"CONFIRMED body/a+b/exclusive", "UNTESTABLE body/a+b/one-of"}},
		"needed":       {func(rf *probe.RouteFacts) { rf.OneOf = &probe.Together{Fields: []string{"a", "b"}, Call: both} }, []string{"UNTESTABLE body/a+b/exclusive", "CONFIRMED body/a+b/one-of"}},
		"both at once": {func(rf *probe.RouteFacts) { rf.OK = accepted }, []string{"CONTRADICTED body/a+b/exclusive", "UNTESTABLE body/a+b/one-of"}},
	} {
		expect(t, name, Judge(m, working(t, m, tt.edit), nil, nil), "body/a+b", tt.want...)
	}
}
