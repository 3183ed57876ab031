package resttest

import (
	"strings"
	"testing"
)

// makes is a test that makes an index by a document, a template and a job, and
// deletes none of them.
const makes = `
"t":
  - do: { index: { index: docs, id: 1, body: { a: 1 } } }
  - do: { indices.put_index_template: { name: tpl, body: { index_patterns: [x] } } }
  - do: { job.post: {} }
  - set: { id: id }
  - do: { job.get: { job_id: $id } }
`

func TestNothingStays(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		yaml  string
		fails bool
	}{
		"no teardown":        {makes, false},
		"a failure":          {makes + "  - match: { a: 1 }\n", true},
		"a clone":            {"\"t\":\n  - do: { indices.create: { index: a } }\n  - do: { indices.clone: { index: a, target: b } }\n", false},
		"a body that refers": {"\"t\":\n  - do: { job.post: {} }\n  - set: { id: id }\n  - do: { bulk: { body: [ { index: { _index: b, _id: $id } }, { x: $id } ] } }\n", false},
		"a list of indices":  {"\"t\":\n  - do: { indices.create: { index: a } }\n  - do: { bulk: { body: [ { index: { _index: b } }, { x: 1 } ] } }\n", false},
		"a failure before a teardown": {
			"teardown:\n  - do: { job.delete: { job_id: $id } }\n---\n\"t\":\n  - do: { job.post: {} }\n  - set: { id: id }\n  - match: { a: 1 }\n", true},
	} {
		b := newBench(t)
		err := b.run(t, tc.yaml)
		if (err != nil) != tc.fails {
			t.Errorf("%s: %v", name, err)
		}
		if len(b.server.things) > 0 || len(b.server.log) == 0 {
			t.Errorf("%s: left %v", name, b.server.things)
		}
		if sum := b.registry.Summary(); len(sum.Leftovers) > 0 || sum.Created == 0 || sum.Created != sum.Deleted {
			t.Errorf("%s: %+v", name, sum)
		}
	}
}

// On a target that is not the test's own, what was there stays as it was, and
// nothing at all is written.
func TestForeignThings(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ yaml, there, want string }{
		"an index": {
			"\"t\":\n  - do: { indices.create: { index: mine } }\n  - do: { index: { index: docs, id: 1, body: {} } }\n", "/docs",
			"/docs was there before the test, so it is not ours"},
		"in a teardown":         {"teardown:\n  - do: { indices.delete: { index: docs } }\n---\n\"t\":\n  - do: { info: {} }\n", "/docs", "/docs was there"},
		"a template":            {makes, "/_index_template/tpl", "/_index_template/tpl was there"},
		"in a body":             {"\"t\":\n  - do: { bulk: { body: [ { index: { _index: docs } }, { x: 1 } ] } }\n", "/docs", "/docs was there"},
		"where a job writes to": {"\"t\":\n  - do: { job.post: { body: { dest: { index: docs } } } }\n", "/docs", "/docs was there"},
		"in a list":             {"\"t\":\n  - do: { indices.delete: { index: [mine, docs] } }\n", "/docs", "/docs was there"},
		"the target of a call":  {"\"t\":\n  - do: { indices.create: { index: a } }\n  - do: { indices.clone: { index: a, target: docs } }\n", "/docs", "/docs was there"},
		"a wildcard":            {"\"t\":\n  - do: { indices.delete: { index: 'do*' } }\n", "/docs", "indices.delete (line 2) would change what the test does not name"},
		"all":                   {"\"t\":\n  - do: { indices.delete: { index: _all } }\n", "/docs", "names with a wildcard"},
		"no name":               {"\"t\":\n  - do: { indices.put_settings: { body: { a: 1 } } }\n", "/docs", "would change what the test does not name"},
		"the cluster":           {"\"t\":\n  - do: { cluster.put_settings: { body: { persistent: { a: 1 } } } }\n", "/docs", "would change what the test does not name"},
		"a name out of an answer": {
			"\"t\":\n  - do: { indices.get: { index: docs } }\n  - set: { _arbitrary_key_: name }\n  - do: { indices.delete: { index: $name } }\n", "/docs",
			"/docs is not ours, and indices.delete would change it"},
	} {
		b := newBench(t, tc.there)
		err := b.run(t, tc.yaml)
		if err == nil || !strings.Contains(err.Error(), "refuse the test: ") || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %q", name, err, tc.want)
		}
		if !b.server.things[tc.there] || len(b.server.log) > 0 {
			t.Errorf("%s: it wrote %v", name, b.server.log)
		}
	}
}

func TestDisposable(t *testing.T) {
	t.Parallel()
	b := newBench(t, "/docs")
	b.disposable = true
	if err := b.run(t, "\"t\":\n  - do: { indices.delete: { index: 'docs' } }\n  - do: { cluster.put_settings: { body: {} } }\n"); err != nil {
		t.Error(err)
	}
	if b.server.things["/docs"] {
		t.Error("the index is still there")
	}
}

func TestTouches(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		call  string
		names string
		alone bool
	}{
		{"indices.create: { index: a }", "a", false},
		{"search: { index: [a, b] }", "a b", false},
		{"search: {}", "", true},
		{"search: { index: 'a*' }", "a*", false},
		{"search: { index: '*' }", "*", true},
		{"index: { index: a, id: '1', body: {} }", "a", false},
		{"info: {}", "", false},
		{"cat.things: {}", "", true},
		{"bulk: { body: [ { index: { _index: a } }, { name: x } ] }", "a x", false},
		{"indices.put_index_template: { name: t, body: { index_patterns: ['a*'] } }", "a* t", false},
		{"cluster.put_settings: { body: {} }", "", true},
		{"job.post: {}", "", false},
		{"indices.get: { index: $x }", "", false},
	} {
		got := tests(t, "\"t\":\n  - do: { "+tc.call+" }\n")[0].Touches
		if strings.Join(got.Names, " ") != tc.names || got.Alone != tc.alone {
			t.Errorf("%s: got %v", tc.call, got)
		}
	}
}

func TestDisjoint(t *testing.T) {
	t.Parallel()
	taken := map[string]bool{"logs-*": true, "a": true, "gone": false}
	for name, want := range map[string]bool{
		"b": true, "a": false, "gone": true, "logs-1": false, "logs": true, "lo*": false, "logs-a-*": false, "a*": false, "b*": true,
	} {
		if got := (Touches{Names: []string{name}}).Disjoint(taken); got != want {
			t.Errorf("%s: got %t", name, got)
		}
	}
}

func TestTouchesReads(t *testing.T) {
	t.Parallel()
	for call, want := range map[string]bool{"search: {}": true, "cat.things: {}": true, "job.post: {}": false, "indices.delete: { index: a }": false} {
		if got := tests(t, "\"t\":\n  - do: { info: {} }\n  - do: { "+call+" }\n")[0].Touches.Reads; got != want {
			t.Errorf("%s: got %t", call, got)
		}
	}
}

// Keys are invalidated, and what a failure says of their making tells no secret.
func TestKeys(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	err := b.run(t, "\"t\":\n  - do: { catch: forbidden, security.create_api_key: { body: { name: k } } }\n")
	if err == nil || !strings.Contains(err.Error(), "s3cr3t") {
		t.Fatalf("got %v", err)
	}
	if shown := b.client.Redact(err.Error()); strings.Contains(shown, "s3cr3t") || strings.Contains(shown, "azE6") {
		t.Errorf("it tells %s", shown)
	}
	if sum := b.registry.Summary(); len(b.server.things) > 0 || len(sum.Leftovers) > 0 || sum.Deleted != 1 {
		t.Errorf("left %v, %+v", b.server.things, sum)
	}
}

func TestKeysOfOthers(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"{ ids: [$id] }": "", "{ ids: [k9] }": "is not ours", "{ username: joe }": "would change what the test does not name",
	} {
		b := newBench(t)
		err := b.run(t, "\"t\":\n  - do: { security.create_api_key: { body: { name: k } } }\n  - set: { id: id }\n  - do: { security.invalidate_api_key: { body: "+body+" } }\n")
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want) || len(b.server.log) > 0) {
			t.Errorf("%s: got %v, want %q; wrote %v", body, err, want, b.server.log)
		}
	}
}
