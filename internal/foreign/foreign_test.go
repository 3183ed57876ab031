package foreign

import (
	"encoding/json"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

func TestWhatCannotBeSeenIsVisible(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ text, line, block string }{
		"escape":             {"\x1b[31mred", `\u001b[31mred`, `\u001b[31mred`},
		"title of a window":  {"\x1b]0;x\a", `\u001b]0;x\u0007`, `\u001b]0;x\u0007`},
		"nul":                {"a\x00b", `a\u0000b`, `a\u0000b`},
		"delete":             {"\x7f", `\u007f`, `\u007f`},
		"C1":                 {"\u009b31m", `\u009b31m`, `\u009b31m`},
		"right to left":      {"a\u202eb\u2066c", `a\u202eb\u2066c`, `a\u202eb\u2066c`},
		"other line breaks":  {"a\u2028b\u2029c\u0085", `a\u2028b\u2029c\u0085`, `a\u2028b\u2029c\u0085`},
		"no width":           {"\ufeffa\u200bb\u200d", `\ufeffa\u200bb\u200d`, `\ufeffa\u200bb\u200d`},
		"no UTF-8":           {"a\xff\xc3", `a\xff\xc3`, `a\xff\xc3`},
		"above 16 bits":      {"\U000e0041", `\udb40\udc41`, `\udb40\udc41`},
		"line break":         {"a\nb", `a\u000ab`, "a\nb"},
		"DOS line break":     {"a\r\nb", `a\u000d\u000ab`, "a\nb"},
		"return":             {"good\rbad", `good\u000dbad`, `good\u000dbad`},
		"what can be seen":   {"ä – … 漢\u3000字 ⚠️ \u00a0\t\ufffd", "ä – … 漢\u3000字 ⚠️ \u00a0\t\ufffd", "ä – … 漢\u3000字 ⚠️ \u00a0\t\ufffd"},
		"an escape in words": {`\u001b`, `\u001b`, `\u001b`},
	} {
		if got := Line(tt.text); got != tt.line {
			t.Errorf("%s: line %q, want %q", name, got, tt.line)
		}
		if got := Block(tt.text); got != tt.block {
			t.Errorf("%s: block %q, want %q", name, got, tt.block)
		}
	}
}

func TestEscapedJSONMeansTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.String().Draw(t, "text")
		raw, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got string
		escaped := Escape(raw)
		if err := json.Unmarshal(escaped, &got); err != nil || got != want {
			t.Fatalf("%s reads as %q: %v", escaped, got, err)
		}
		for _, r := range string(escaped) {
			if !unicode.IsGraphic(r) {
				t.Fatalf("%q is raw in %s", r, escaped)
			}
		}
	})
}
