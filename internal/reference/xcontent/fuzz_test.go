package xcontent

import (
	"encoding/json"
	"testing"
)

// FuzzParse compares the parser with the standard library's: what that takes,
// this one takes, unless a key is there twice or it is nested too deep, and
// what this one writes, that one reads.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`{}`, `{"a":1}`, `{"a":[1,2.5e3,-0,{"b":null}],"c":"\u00fc\n\"","d":true}`, `{"a":1,"a":2}`, `[1]`, `"x"`,
		`{"a":1,}`, `{"a":`, `{"a" 1}`, `{a:1}`, `{"a":01}`, `{"a":1.}`, `{"a":1e}`, `{"a":tru}`, `// c` + "\n{}", "{\"a\":\"\xff\"}", `{"a":"\x"}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		o, err := ParseObject(src)
		if err != nil {
			return
		}
		if b := JSON(o); !json.Valid(b) {
			t.Errorf("%q is written as %q, which is no JSON", src, b)
		}
		if again, err := ParseObject(JSON(o)); err != nil || !Equal(o, again) {
			t.Errorf("%q does not survive writing and reading: %v", src, err)
		}
	})
}

// FuzzYAML sees to it that no YAML brings the reader down.
func FuzzYAML(f *testing.F) {
	for _, s := range []string{"---\na: 1\nb: {\"c\": 2}\n", "a:\n  b:\n  - 1\n  - c: 2\n    d: 3\n", "a: 'it''s'", "- - 1", "a", ":", "-", "\"a\": [", "a: \"x", "0 00"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if b, err := FromYAML(src); err == nil && b != nil && !json.Valid(b) {
			t.Errorf("%q becomes %q, which is no JSON", src, b)
		}
	})
}
