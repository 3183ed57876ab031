package jsonval

import (
	"encoding/json"
	"strings"
	"testing"
)

// What Decode accepts is JSON, comes back from Encode as the same document,
// and can be compared with itself.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,2.5e-3,{"b":null}],"c":"é\u00e9\ud83d\ude00"}`, `{"a":1,"a":2}`, `[1,]`, `1e999999999`, `"\ud800"`, "\xff",
		strings.Repeat("[", 600), `{"error":{"type":"x"},"status":400}`, ` 1 2`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := Decode(b)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("error of more than one line: %q", err)
			}
			return
		}
		if !json.Valid(b) {
			t.Fatalf("accepted %q, which is not JSON", b)
		}
		again, err := Decode(Encode(v))
		if err != nil || !Equal(v, again) || len(Diff(v, Clone(again))) != 0 {
			t.Fatalf("%q came back as %q (%v)", b, Encode(again), err)
		}
	})
}
