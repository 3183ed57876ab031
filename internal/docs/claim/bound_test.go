package claim

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func many(n int, format string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(format, "#", fmt.Sprint(i)))
	}
	return b.String()
}

// What is more than a page of one API can have is left out, with a word.
func TestBound(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		page string
		left func(*Model) int
		want int
		word string
	}{
		"routes":    {"== {api-request-title}\n" + many(21, "`GET _x/#`\n\n"), func(m *Model) int { return len(m.Routes) }, 20, "21 routes"},
		"fields":    {"== Request body\n" + many(401, "`f#`::\nText.\n\n"), func(m *Model) int { return len(m.Fields) }, 400, "401 fields and parameters"},
		"values":    {"== Request body\n`f`::\nOne of " + many(61, "`v#`, ") + "`z`.\n", func(m *Model) int { return len(m.Fields[0].Values) }, 60, "62 values of f"},
		"codes":     {"== Response codes\n" + many(61, "`4`+0::\nX.\n") + many(61, "`404`::\nX.\n\n"), func(m *Model) int { return len(m.Codes) }, 60, "61 response codes"},
		"examples":  {many(101, "[source,console]\n----\nGET _x/#\n----\n\n"), func(m *Model) int { return len(m.Examples) }, 100, "101 examples"},
		"requests":  {"[source,console]\n----\n" + many(51, "GET _x/#\n") + "----\n", func(m *Model) int { return len(m.Examples) }, 0, "a snippet of 51 requests"},
		"prose":     {many(1, "") + many(201, "Sets `s` to `v#`. "), func(m *Model) int { return len(m.Prose) }, 200, "201 statements"},
		"names":     {"== Request body\n`" + strings.Repeat("n", 201) + "`::\nText.\n", func(m *Model) int { return len(m.Fields) }, 0, "a name of 201 bytes"},
		"unread":    {many(300, "[source,ruby]\n----\nx\n----\n\n"), func(m *Model) int { return min(len(m.Unread), 201) }, 201, "300 places"},
		"in bounds": {"== Request body\n" + many(400, "`f#`::\nText.\n\n"), func(m *Model) int { return len(m.Fields) + len(m.Unread) }, 400, ""},
	} {
		m := model(t, "= T\n"+tt.page)
		if got := tt.left(m); got != tt.want {
			t.Errorf("%s: %d are left, want %d", name, got, tt.want)
		}
		said := fmt.Sprint(m.Unread)
		if !strings.Contains(said, tt.word) {
			t.Errorf("%s: %.200s does not say %q", name, said, tt.word)
		}
	}
}

func TestAlternatives(t *testing.T) {
	t.Parallel()
	for typ, want := range map[string][]string{
		"":                                    {""},
		"string":                              {"string"},
		"string or null":                      {"string", "null"},
		"string|number | boolean":             {"string", "number", "boolean"},
		"array of (string or null) or number": {"array of (string or null)", "number"},
		"string (a or b)":                     {"string (a or b)"},
	} {
		if diff := cmp.Diff(want, Alternatives(typ)); diff != "" {
			t.Errorf("%q: -want +got\n%s", typ, diff)
		}
	}
}

func TestItemType(t *testing.T) {
	t.Parallel()
	for typ, want := range map[string]string{
		"array": "/true", "list": "/true", "array of strings": "strings/true", "Array of (string or null)": "string or null/true",
		"string[]": "string/true", "string": "/false", "listing": "/false", "array of number (int32)": "number (int32)/true",
	} {
		item, isList := ItemType(typ)
		if got := fmt.Sprintf("%s/%t", item, isList); got != want {
			t.Errorf("%s: %s, want %s", typ, got, want)
		}
	}
}

func TestTakesList(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"(Optional, job type) A comma-separated list of job types.":  true,
		"(Optional, string) Statuses, separated by commas.":          true,
		"(Optional, string) Comma delimited names.":                  true,
		"(Optional, list) Names.":                                    true,
		"(Optional, array of strings) Names.":                        true,
		"(Optional, string) One status.":                             false,
		"(Optional, string) One status, not a comma-separated list.": false,
		"(Optional, string) A listing of names.":                     false,
	} {
		m := model(t, "= T\n== Query parameters\n`a`::\n"+text+"\n")
		if got := m.Fields[0].TakesList(); got != want {
			t.Errorf("%s: %t", text, got)
		}
	}
}
