package lineage

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/esconform/esconform/features"
	"github.com/esconform/esconform/fixtures"
)

// Every document says who wrote it, what is special about it and how that is
// known; the connector of a lineage comes before its sync jobs.
func TestAll(t *testing.T) {
	t.Parallel()
	all, err := All()
	if err != nil || strings.Join(Versions(all), " ") != "8.8 8.10 8.12 8.15" {
		t.Fatalf("got %v, %v", Versions(all), err)
	}
	for _, l := range all {
		if l.About == "" || l.Documents[0].Kind != "connector" {
			t.Errorf("%s: %q, and its first document is a %s", l.Version, l.About, l.Documents[0].Kind)
		}
		for _, d := range l.Documents {
			var doc map[string]any
			if err := json.Unmarshal(d.MadeAt(""), &doc); err != nil || d.Writer == "" || d.Why == "" || d.Source == "" {
				t.Errorf("%s/%s: %+v: %v", l.Version, d.Name, d, err)
			}
			if text := string(d.MadeAt("")); strings.Contains(text, "{created_at") || d.Kind == "sync job" && !strings.Contains(text, `"{connector}"`) {
				t.Errorf("%s/%s: %s", l.Version, d.Name, text)
			}
			if found, err := Find(l.Version + "/" + d.Name); err != nil || found.Why != d.Why {
				t.Errorf("%s/%s is not found: %v", l.Version, d.Name, err)
			}
		}
	}
	if _, err := Find("8.8/none"); err == nil {
		t.Error("a document that is in no lineage is found")
	}
}

// No document is there that scenarios do not try, each in several ways.
func TestEachDocumentIsTried(t *testing.T) {
	t.Parallel()
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	for kind, file := range map[string]string{"sync job": "lineages/sync_jobs.feature", "connector": "lineages/connectors.feature"} {
		text, err := features.FS.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range all {
			for _, d := range l.Documents {
				if n := strings.Count(string(text), "| "+l.Version+"/"+d.Name+" "); d.Kind == kind && n < 2 {
					t.Errorf("%s: %s/%s is in %d tables of examples", file, l.Version, d.Name, n)
				}
			}
		}
	}
}

func TestHas(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{"8.8/completed": true, "8.8/none": true, "a.json": false, "8.8/a.json": false, "completed": false} {
		if Has(name) != want {
			t.Errorf("%s: got %t", name, !want)
		}
	}
}

func TestMadeAt(t *testing.T) {
	t.Parallel()
	d := Document{body: []byte(`{"a":"{created_at}","b":"{created_at_offset}"}`), time: "2023-01-02T03:04:05+00:00"}
	for at, want := range map[string]string{
		"":                          `{"a":"2023-01-02T03:04:05Z","b":"2023-01-02T03:04:05+00:00"}`,
		"2026-01-02T03:04:05+00:00": `{"a":"2026-01-02T03:04:05Z","b":"2026-01-02T03:04:05+00:00"}`,
	} {
		if got := string(d.MadeAt(at)); got != want {
			t.Errorf("at %q: got %s, want %s", at, got, want)
		}
	}
}

func TestSelect(t *testing.T) {
	t.Parallel()
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	for given, want := range map[string]string{"8.12": "8.12", "8.15 8.8": "8.8 8.15", "all": "8.8 8.10 8.12 8.15", "8.12 all": "8.8 8.10 8.12 8.15"} {
		if got, err := Select(all, strings.Fields(given)); err != nil || strings.Join(Versions(got), " ") != want {
			t.Errorf("%s: got %v, %v", given, Versions(got), err)
		}
	}
	_, err = Select(all, []string{"8.1"})
	if err == nil || !strings.HasPrefix(err.Error(), `there is no lineage "8.1", did you mean "8.`) || !strings.HasSuffix(err.Error(), "known are all, 8.8, 8.10, 8.12, 8.15") {
		t.Errorf("got %v", err)
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	document, err := fixtures.FS.ReadFile("documents/sync-job-service.json")
	if err != nil {
		t.Fatal(err)
	}
	const head = "lineage: \"8.8\"\ndocuments: "
	for text, want := range map[string]string{
		"lineage: [": "lineages/x.yaml", "lineag: x": "field lineag not found",
		head + "[{name: a, fixture: none.json}]":                               "a: open documents/none.json",
		head + "[{name: a, fixture: b.json, remove: [metadata]}]":              "b.json has no metadata to remove",
		head + "[{name: a, fixture: b.json, set: {x: 1}, remove: [job_type]}]": "",
	} {
		_, err := readAll(fstest.MapFS{"lineages/x.yaml": {Data: []byte(text)}, "documents/b.json": {Data: document}})
		if (want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}
