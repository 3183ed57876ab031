package jsonval

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestDecodeAccepts(t *testing.T) {
	t.Parallel()
	deepest := strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth)
	for _, text := range []string{
		`{}`, `[]`, `null`, `true`, `"x"`, `0`, `-0.0e+5`, ` {"a" : [1, {"b": "é"}]} `,
		`{"a":{"a":1},"b":{"a":1}}`, `9007199254740993`, `1e400`, `{"":1}`, deepest,
	} {
		if _, err := Decode([]byte(text)); err != nil {
			t.Errorf("Decode(%.40s): %v", text, err)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, text, want string }{
		{"nothing", "", "the text is empty"},
		{"blanks", " \n", "the text is empty"},
		{"duplicate key", `{"a":1,"b":{"c":1,"c":2}}`, `duplicate key "c" at byte`},
		{"key that is escaped differently", `{"a":1,"\u0061":2}`, `duplicate key "a"`},
		{"second document", `{"a":1} {"b":2}`, "text after the document, from byte 7"},
		{"garbage after it", `{"a":1}x`, "text after the document, from byte 7"},
		{"invalid UTF-8", "{\"a\":\"\xff\"}", "invalid UTF-8 at byte 6"},
		{"too deep", strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000), "nested deeper than 512 levels at byte 513"},
		{"too deep objects", strings.Repeat(`{"a":`, 600) + "1" + strings.Repeat("}", 600), "nested deeper than 512 levels"},
		{"cut off", `{"a":[1,`, "the text ends in the middle of the document"},
		{"cut off string", `{"a":"x`, "the text ends in the middle of the document"},
		{"HTML", `<html>`, "invalid character '<'"},
		{"trailing comma", `[1,]`, "invalid character ']'"},
		{"trailing comma in an object", `{"a":1,}`, "invalid character '}'"},
		{"missing comma", `[1 2]`, "invalid character '2'"},
		{"key that is a number", `{1:2}`, "invalid character '1'"},
		{"leading zero", `[01]`, "invalid character"},
		{"NaN", `NaN`, "invalid character 'N'"},
		{"wrong bracket", `{"a":1]`, "invalid character ']'"},
		{"byte order mark", "\ufeff{}", "invalid character"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v, err := Decode([]byte(tt.text))
			if err == nil {
				t.Fatalf("got %v, want an error", v)
			}
			if !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got error %q, want one line with %q", err, tt.want)
			}
		})
	}
}

func TestPointer(t *testing.T) {
	t.Parallel()
	doc := decode(t, `{"a":[{"b":1},[2]],"":0,"x/y":3,"m~n":4,"~1":5,"n":null}`)
	for _, tt := range []struct {
		ptr  string
		want string // JSON, or "" where there is nothing
	}{
		{"", string(Encode(doc))}, {"/a/0/b", "1"}, {"/a/1/0", "2"}, {"/", "0"}, {"/x~1y", "3"},
		{"/m~0n", "4"}, {"/~01", "5"}, {"/n", "null"},
		{"/a/2", ""}, {"/a/-1", ""}, {"/a/01", ""}, {"/a/+0", ""}, {"/a/-", ""}, {"a", ""}, {"/n/x", ""}, {"/b", ""}, {"/a/b", ""},
	} {
		v, ok := Pointer(doc, tt.ptr)
		if ok != (tt.want != "") || ok && string(Encode(v)) != tt.want {
			t.Errorf("Pointer(%q) = %s, %t, want %s", tt.ptr, Encode(v), ok, tt.want)
		}
	}
}

func TestEqual(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{`1`, `1.0`, true}, {`1`, `10e-1`, true}, {`100`, `1E2`, true}, {`0`, `-0.00`, true}, {`0e9`, `0`, true},
		{`0.001`, `1e-3`, true}, {`-1.50`, `-15e-1`, true}, {`120`, `12e+1`, true},
		{`9007199254740993`, `9007199254740992`, false}, {`1`, `-1`, false}, {`0.1`, `0.10000000000000000001`, false},
		{`1e999999999999`, `1e999999999999`, true}, {`1e999999999999`, `10e999999999998`, true}, {`1e999999999999`, `1e-999999999999`, false},
		{`1e99999999999999999999`, `1e99999999999999999998`, false}, {`1e99999999999999999999`, `1`, false},
		{`1`, `"1"`, false}, {`1`, `true`, false}, {`null`, `null`, true}, {`null`, `0`, false}, {`null`, `{}`, false},
		{`{"a":1,"b":[1,2]}`, `{"b":[1.0,2],"a":1}`, true}, {`{"a":null}`, `{}`, false}, {`{"a":null}`, `{"b":null}`, false},
		{`[1,2]`, `[2,1]`, false}, {`[]`, `{}`, false}, {`"a"`, `"a"`, true}, {`"a"`, `"A"`, false}, {`true`, `false`, false},
	} {
		a, b := decode(t, tt.a), decode(t, tt.b)
		if Equal(a, b) != tt.want || Equal(b, a) != tt.want {
			t.Errorf("Equal(%s, %s) = %t both ways, want %t", tt.a, tt.b, !tt.want, tt.want)
		}
	}
}

func TestEqualTakesNumbersOfGo(t *testing.T) {
	t.Parallel()
	for _, v := range []any{10, int64(10), int32(10), uint64(10), 10.0} {
		if !Equal(v, json.Number("1e1")) || !Equal(json.Number("10"), v) || Equal(v, json.Number("11")) {
			t.Errorf("%T 10 is not compared by its value", v)
		}
	}
}

func TestDiff(t *testing.T) {
	t.Parallel()
	n := func(s string) json.Number { return json.Number(s) }
	for _, tt := range []struct {
		name, before, after string
		want                []Change
	}{
		{"nothing", `{"a":[1,{"b":2}]}`, `{"a":[1.0,{"b":2}]}`, nil},
		{"root", `1`, `2`, []Change{{"", n("1"), n("2"), Changed}}},
		{"each kind", `{"b":1,"a":1,"c":1}`, `{"d":1,"a":2,"c":1}`, []Change{
			{"/a", n("1"), n("2"), Changed}, {"/b", n("1"), nil, Removed}, {"/d", nil, n("1"), Added},
		}},
		{"null is a value", `{"a":null}`, `{"b":null}`, []Change{{"/a", nil, nil, Removed}, {"/b", nil, nil, Added}}},
		{"another type", `{"a":{"b":1}}`, `{"a":[1]}`, []Change{{"/a", map[string]any{"b": n("1")}, []any{n("1")}, Changed}}},
		{"arrays", `[1,2,3]`, `[1,3]`, []Change{{"/1", n("2"), n("3"), Changed}, {"/2", n("3"), nil, Removed}}},
		{"order of indices", `[0,0,0,0,0,0,0,0,0,0,0]`, `[0,0,1,0,0,0,0,0,0,0,1]`, []Change{{"/2", n("0"), n("1"), Changed}, {"/10", n("0"), n("1"), Changed}}},
		{"escaped keys", `{"a/b~":1}`, `{}`, []Change{{"/a~1b~0", n("1"), nil, Removed}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, Diff(decode(t, tt.before), decode(t, tt.after))); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestEncode(t *testing.T) {
	t.Parallel()
	doc := decode(t, `{"b":1.50,"a":"<&>\u00e9\n","c":[1e5,null,true]}`)
	if got, want := string(Encode(doc)), `{"a":"<&>é\n","b":1.50,"c":[1e5,null,true]}`; got != want {
		t.Errorf("Encode = %s, want %s", got, want)
	}
	if got, want := Indent(decode(t, `{"b":[],"a":{"x":1}}`)), "{\n  \"a\": {\n    \"x\": 1\n  },\n  \"b\": []\n}"; got != want {
		t.Errorf("Indent = %s, want %s", got, want)
	}
	if got := string(Encode(func() {})); !strings.HasPrefix(got, `"0x`) {
		t.Errorf("Encode of what is no JSON = %s, want a string", got)
	}
}

func TestCloneSharesNothing(t *testing.T) {
	t.Parallel()
	doc := decode(t, `{"a":[{"b":1}]}`)
	clone := Clone(doc)
	clone.(map[string]any)["a"].([]any)[0].(map[string]any)["b"] = "changed"
	if got := string(Encode(doc)); got != `{"a":[{"b":1}]}` {
		t.Errorf("the original became %s", got)
	}
}

// Laws that hold for any two documents.
func TestLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := document().Draw(t, "a"), document().Draw(t, "b")
		back, err := Decode(Encode(a))
		if err != nil || !Equal(a, back) {
			t.Fatalf("%s came back as %s (%v)", Encode(a), Encode(back), err)
		}
		changes := Diff(a, b)
		if Equal(a, b) != (len(changes) == 0) {
			t.Fatalf("Equal and Diff disagree about %s and %s", Encode(a), Encode(b))
		}
		for _, c := range changes {
			before, had := Pointer(a, c.Pointer)
			after, has := Pointer(b, c.Pointer)
			if had != (c.Kind != Added) || has != (c.Kind != Removed) || !Equal(before, c.Before) || !Equal(after, c.After) {
				t.Fatalf("%s of %s and %s: %+v does not hold", c.Pointer, Encode(a), Encode(b), c)
			}
		}
	})
}

func document() *rapid.Generator[any] {
	leaf := rapid.OneOf(
		rapid.Just[any](nil),
		rapid.Bool().AsAny(),
		rapid.SampledFrom([]string{"", "a", "~", "/", "é\n\"", "1"}).AsAny(),
		rapid.Custom(func(t *rapid.T) any {
			return json.Number(rapid.SampledFrom([]string{"0", "1", "1.0", "-1e2", "9007199254740993"}).Draw(t, "number"))
		}),
	)
	out := leaf
	for range 3 {
		inner := out
		out = rapid.OneOf(leaf,
			rapid.SliceOfN(inner, 0, 3).AsAny(),
			rapid.MapOfN(rapid.SampledFrom([]string{"", "a", "b/c", "d~e"}), inner, 0, 3).AsAny(),
		)
	}
	return out
}

func decode(t *testing.T, text string) any {
	t.Helper()
	v, err := Decode([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}
