package waiver

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xeipuuv/gojsonschema"
	"go.yaml.in/yaml/v3"
)

// entry is a correct waiver; tests add to it or take away from it.
const entry = `waivers:
  - id: stats.last-seen.defaults-to-now
    reason: last_seen is not moved, known since 8.19.3
    owner: search-team
    expires: 2026-12-31
`

func TestParse(t *testing.T) {
	t.Parallel()
	list, err := Parse("w.yaml", []byte("# known deviations\n"+entry+`    versions: ">= 8.12.0, < 8.15.0"
    link: https://example.org/1
    intermittent: true
  - {id: "stats.metadata.*", reason: r, owner: o, expires: 2027-01-01}
`))
	if err != nil {
		t.Fatal(err)
	}
	if len(list.Waivers) != 2 {
		t.Fatalf("got %d waivers, want 2", len(list.Waivers))
	}
	w := list.Waivers[0]
	if w.Line != 3 || w.ID != "stats.last-seen.defaults-to-now" || w.Owner != "search-team" ||
		w.Expires != "2026-12-31" || !w.Intermittent || w.Link != "https://example.org/1" || w.Versions == "" {
		t.Errorf("first waiver read as %+v", *w)
	}
	if list.Waivers[1].Line != 10 {
		t.Errorf("second waiver on line %d, want 10", list.Waivers[1].Line)
	}
}

// badFiles are files that Parse refuses. schemaToo says that the published
// JSON Schema refuses the file as well; what needs more than a schema is left
// to Parse.
var badFiles = []struct {
	name, file, want string
	schemaToo        bool
}{
	{"empty", "", `w.yaml: empty file: write "waivers: []"`, false},
	{"not YAML", "waivers: [\n", "w.yaml:1: not valid YAML", false},
	{"a list", "- id: x\n", `w.yaml:1: want a mapping with the key "waivers"`, true},
	{"no waivers", "{}\n", `w.yaml:1: key "waivers" missing`, true},
	{"other top key", "wavers: []\n", `w.yaml:1: unknown key "wavers"`, true},
	{"waivers twice", "waivers: []\nwaivers: []\n", `w.yaml:2: key "waivers" given twice`, false},
	{"waivers no list", "waivers: x\n", `w.yaml:1: "waivers" must be a list`, true},
	{"second document", entry + "---\nwaivers: []\n", "a second YAML document", false},
	{"entry no mapping", "waivers:\n  - x\n", "w.yaml:2: a waiver must be a mapping", true},
	{"unknown key", entry + "    expire: 2027-01-01\n", `w.yaml:6: unknown key "expire", did you mean "expires"?`, true},
	{"key twice", entry + "    owner: me\n", `w.yaml:6: key "owner" given twice`, false},
	{"no reason", strings.Replace(entry, "    reason: last_seen is not moved, known since 8.19.3\n", "", 1), `w.yaml:2: key "reason" missing`, true},
	{"no owner", strings.Replace(entry, "    owner: search-team\n", "", 1), `w.yaml:2: key "owner" missing`, true},
	{"no expiry", strings.Replace(entry, "    expires: 2026-12-31\n", "", 1), `w.yaml:2: key "expires" missing`, true},
	{"empty reason", strings.Replace(entry, "last_seen is not moved, known since 8.19.3", `" "`, 1), `w.yaml:3: "reason" must be a single value that is not empty`, true},
	{"null owner", strings.Replace(entry, "search-team", "null", 1), `w.yaml:4: "owner" must be a single value`, true},
	{"impossible date", strings.Replace(entry, "2026-12-31", "2026-02-30", 1), `w.yaml:5: expires "2026-02-30" is not a date`, false},
	{"date and time", strings.Replace(entry, "2026-12-31", "2026-12-31T00:00:00Z", 1), "is not a date of the form", true},
	{"never without an end", strings.Replace(entry, "2026-12-31", "never", 1) + "    versions: '>= 8.18.0'\n", `w.yaml:2: expires "never" is for versions that no longer change`, false},
	{"never for every version", strings.Replace(entry, "2026-12-31", "never", 1), `expires "never" is for versions`, false},
	{"bad range", entry + "    versions: newer\n", `w.yaml:6: versions "newer" is not a version range`, false},
	{"bad link", entry + "    link: JIRA-1\n", `w.yaml:6: link "JIRA-1" is not an address`, true},
	{"bad boolean", entry + "    intermittent: often\n", "w.yaml:6: intermittent must be true or false", true},
	{"covers everything", strings.Replace(entry, "stats.last-seen.defaults-to-now", `"*"`, 1), `w.yaml:2: id "*" covers everything`, true},
	{"same again", entry + strings.TrimPrefix(entry, "waivers:\n"), "w.yaml:6: waives \"stats.last-seen.defaults-to-now\" a second time (first on line 2)", false},
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range badFiles {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse("w.yaml", []byte(tt.file))
			if err == nil {
				t.Fatal("accepted")
			}
			if !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %q, want one line with %q", err, tt.want)
			}
		})
	}
}

func TestParseRefusesLargeFiles(t *testing.T) {
	t.Parallel()
	if _, err := Parse("w.yaml", bytes.Repeat([]byte("#"), maxFile+1)); err == nil {
		t.Error("accepted")
	}
}

func TestLoadNamesTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "none.yaml")
	if _, err := Load(path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v, want an error that names %s", err, path)
	}
}

// TestSchema holds the published schema against what Parse accepts.
func TestSchema(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../schemas/waivers.json")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := gojsonschema.NewSchema(gojsonschema.NewBytesLoader(raw))
	if err != nil {
		t.Fatal(err)
	}
	valid := func(t *testing.T, file string) bool {
		t.Helper()
		var doc any
		if err := yaml.Unmarshal([]byte(file), &doc); err != nil {
			t.Fatal(err)
		}
		// JSON has no dates: a date in YAML is the text that was written.
		text, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		text = bytes.ReplaceAll(text, []byte(`T00:00:00Z"`), []byte(`"`))
		res, err := schema.Validate(gojsonschema.NewBytesLoader(text))
		if err != nil {
			t.Fatal(err)
		}
		return res.Valid()
	}
	if !valid(t, entry+"    versions: \"< 9.0.0\"\n    link: https://example.org/1\n    intermittent: true\n") {
		t.Error("the schema refuses a correct file")
	}
	for _, tt := range badFiles {
		if tt.schemaToo && tt.name != "date and time" && valid(t, tt.file) {
			t.Errorf("%s: the schema accepts what Parse refuses", tt.name)
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	known := Known{
		Scenarios: map[string][]string{
			"stats.required.each-missing/indexed_document_count": {"stats.required.indexed-document-count"},
			"stats.last-seen.moves":                              {"stats.last-seen.defaults-to-now"},
		},
		Requirements: []string{"stats.required.indexed-document-count", "stats.last-seen.defaults-to-now"},
	}
	for _, tt := range []struct{ id, want string }{
		{"stats.last-seen.moves", ""},
		{"stats.last-seen.defaults-to-now", ""},
		{"stats.required.each-missing", ""},
		{"stats.required.each-missing/indexed_document_count", ""},
		{"stats.*", ""},
		{"nothing.*", ""},
		{"stats.last-seen.defaults-to-nwo", `w.yaml:2: unknown id "stats.last-seen.defaults-to-nwo", did you mean "stats.last-seen.defaults-to-now"?`},
		{"stats.required.each-missing/other", `unknown id "stats.required.each-missing/other"`},
		{"completely-different", `w.yaml:2: unknown id "completely-different"`},
	} {
		t.Run(tt.id, func(t *testing.T) {
			t.Parallel()
			list, err := Parse("w.yaml", []byte(strings.Replace(entry, "stats.last-seen.defaults-to-now", tt.id, 1)))
			if err != nil {
				t.Fatal(err)
			}
			err = list.Check(known)
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("got %v, want no error", err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestCheckCountsTheRest(t *testing.T) {
	t.Parallel()
	list, err := Parse("w.yaml", []byte(entry+`  - {id: b, reason: r, owner: o, expires: 2027-01-01}`))
	if err != nil {
		t.Fatal(err)
	}
	if err := list.Check(Known{}); err == nil || !strings.Contains(err.Error(), "(and 1 more unknown ids in this file)") {
		t.Errorf("got %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(entry))
	for _, tt := range badFiles {
		f.Add([]byte(tt.file))
	}
	f.Add([]byte("waivers: &a [*a]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := Parse("w.yaml", data)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("error of more than one line: %q", err)
			}
			return
		}
		for _, w := range list.Waivers {
			if w.ID == "" || w.Reason == "" || w.Owner == "" || w.Expires == "" {
				t.Errorf("incomplete waiver accepted: %+v", *w)
			}
		}
	})
}

// TestDocumentedExample reads the example that docs/gate.md shows.
func TestDocumentedExample(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/gate.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(page), "```yaml\n")
	example, _, ended := strings.Cut(rest, "```")
	if !found || !ended {
		t.Fatal("no example in docs/gate.md")
	}
	list, err := Parse("example", []byte(example))
	if err != nil {
		t.Fatal(err)
	}
	if len(list.Waivers) != 2 {
		t.Errorf("%d waivers, want 2", len(list.Waivers))
	}
}
