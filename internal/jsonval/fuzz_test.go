package jsonval

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// What Decode accepts is JSON, is what encoding/json reads, comes back from
// Encode as the same document, and can be compared with itself. It refuses no
// JSON but with duplicate keys or too deep.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,2.5e-3,{"b":null}],"c":"é\u00e9\ud83d\ude00"}`, `{"a":1,"a":2}`, `[1,]`, `1e999999999`, `"\ud800"`, "\xff",
		strings.Repeat("[", 600), `"a\u00`, `"\`, `-`, `1.`, `1e+`, `-0.5E-7`, `tru`, `nullx`, "\"\x00\"", "\x00", `"\x"`, `{"a" :1 , "b":[ ] }`, `[`, `{`, `{"a"`, `{"a":`, `[1 `,
		`{"error":{"type":"x"},"status":400}`, ` 1 2`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := Decode(b)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("error of more than one line: %q", err)
			}
			if refused := err.Error(); json.Valid(b) && utf8.Valid(b) && !strings.Contains(refused, "duplicate key") && !strings.Contains(refused, "nested deeper") {
				t.Fatalf("refused %q: %v", b, err)
			}
			return
		}
		if !json.Valid(b) {
			t.Fatalf("accepted %q, which is not JSON", b)
		}
		var same any
		reader := json.NewDecoder(bytes.NewReader(b))
		reader.UseNumber()
		if err := reader.Decode(&same); err != nil || !reflect.DeepEqual(v, same) {
			t.Fatalf("read %q as %q, encoding/json as %q (%v)", b, Encode(v), Encode(same), err)
		}
		again, err := Decode(Encode(v))
		if err != nil || !Equal(v, again) || len(Diff(v, Clone(again))) != 0 {
			t.Fatalf("%q came back as %q (%v)", b, Encode(again), err)
		}
	})
}
