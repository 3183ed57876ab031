package requirement_test

import (
	"strings"
	"testing"

	"github.com/esconform/esconform/features"
	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/requirement"
)

func TestEmbeddedCatalogueLoads(t *testing.T) {
	t.Parallel()
	c, err := requirement.Load(features.FS, "features")
	if err != nil {
		t.Fatal(err)
	}
	r, ok := c.Get("stats.field.metadata")
	if !ok || r.Profile != "documented" {
		t.Fatalf("Get(stats.field.metadata) = %+v, %v", r, ok)
	}
	if r.Versions().Contains(esversion.MustParse("8.14.3")) || !r.Versions().Contains(esversion.MustParse("8.15.0")) {
		t.Errorf("stats.field.metadata holds %s, want since 8.15.0", r.Versions())
	}
	if first := c.All()[0].ID; first != "stats.route" {
		t.Errorf("All()[0] = %s, want the file's first", first)
	}
	if _, ok := c.Get("stats.no-such"); ok {
		t.Error("Get found a requirement that is not there")
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	const good = "id: a.b, statement: It MUST, profile: contract, sources: [measured]"
	for name, tt := range map[string]struct{ yaml, want string }{
		"valid":             {"since: 8.12.0\nrequirements:\n- {" + good + "}", ""},
		"empty":             {"", "the file is empty"},
		"none":              {"requirements: []", "there are no requirements"},
		"unknown top key":   {"bogus: 1\nrequirements:\n- {" + good + "}", "field bogus not found"},
		"unknown entry key": {"requirements:\n- {" + good + ", untl: 9.0.0}", `line 2: unknown key "untl"`},
		"key twice":         {"requirements:\n- {" + good + ", id: a.c}", "is there twice"},
		"id twice":          {"requirements:\n- {" + good + "}\n- {" + good + "}", "line 3: requirement a.b is already there in line 2"},
		"bad id":            {"requirements:\n- {id: A_B, statement: It MUST, profile: contract, sources: [x]}", "not of the form"},
		"no verb":           {"requirements:\n- {id: a.b, statement: It does, profile: contract, sources: [x]}", "none of MUST"},
		"bad profile":       {"requirements:\n- {id: a.b, statement: It MUST, profile: contrac, sources: [x]}", "unknown profile"},
		"no source":         {"requirements:\n- {id: a.b, statement: It MUST, profile: contract}", "no source"},
		"bad version":       {"requirements:\n- {" + good + ", since: 8.x}", "read version"},
		"empty range":       {"requirements:\n- {" + good + ", since: 9.0.0, until: 8.0.0}", "holds for no version"},
		"not a mapping":     {"requirements:\n- a.b", "a requirement is a mapping"},
		"two documents":     {"requirements:\n- {" + good + "}\n---\na: 1", "more than one YAML document"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := requirement.Parse([]byte(tt.yaml))
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("got %v, want none", err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("got %v, want one with %q", err, tt.want)
			case err != nil && strings.Contains(err.Error(), "\n"):
				t.Errorf("error has more than one line: %q", err)
			}
		})
	}
}
