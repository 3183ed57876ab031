package tagexpr

import (
	"strings"
	"testing"
)

func TestMatches(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		expr string
		tags string
		want bool
	}{
		{"", "@a", true},
		{"@a", "@a @b", true},
		{"@a", "@b", false},
		{"not @a", "@b", true},
		{"@a and @b", "@a", false},
		{"@a or @b and @c", "@a", true},
		{"(@a or @b) and @c", "@a", false},
		{"(@a or @b) and not @c", "@b", true},
		{"not not @a", "@a", true},
		{"not (@a or @b)", "@c", true},
		{"@id:x and(@req:y)", "@id:x @req:y", true},
	} {
		e, err := Parse(tc.expr)
		if err != nil {
			t.Errorf("%q: %v", tc.expr, err)
			continue
		}
		if got := e.Matches(strings.Fields(tc.tags)); got != tc.want {
			t.Errorf("%q on %q: got %v, want %v", tc.expr, tc.tags, got, tc.want)
		}
	}
}

func TestParseErrors(t *testing.T) {
	t.Parallel()
	for expr, want := range map[string]string{
		"@a or":                  "ends at character 5",
		"@a and and @b":          `"and" at character 8 is not a tag`,
		"(@a":                    "parenthesis at character 1 is not closed",
		"@a )":                   `")" at character 4 is not expected`,
		"a":                      `"a" at character 1 is not a tag`,
		"@":                      "is not a tag",
		"@a @b":                  "join tags",
		"~@a":                    "is not a tag",
		"()":                     "is not a tag",
		"not":                    "ends at character 3",
		strings.Repeat("(", 500): "nested more than",
	} {
		if _, err := Parse(expr); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want an error with %q", expr, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"@a and not (@b or @c)", "@a or", "((", "not not @x", "@a)("} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if e, err := Parse(s); err == nil {
			e.Matches([]string{"@a"})
		}
	})
}
