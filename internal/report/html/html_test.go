package html

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/esconform/esconform/internal/cause"
	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/testkit/testruns"
)

func render(t *testing.T, run *result.Run) string {
	t.Helper()
	var buf bytes.Buffer
	run.Causes = cause.Of(run)
	if err := Write(&buf, run); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

func TestWriteShows(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		run  *result.Run
		want []string
	}{
		{"passing", testruns.Passing(), []string{
			"<title>conformant: Elasticsearch 9.5.3</title>", "3 scenarios passed", `id="stats.example.documented"`,
			`id="stats.required.each-missing/indexed_document_count"`, "the target cannot be restarted",
		}},
		{"failing", testruns.Failing(), []string{
			"<title>nonconformant: embedded reference server", "Not Elasticsearch: this run was against an imitation",
			"carries a fault on purpose: stats.last-seen.not-defaulted", "known until 9.6", "its scenario passes now: remove it",
			"DELETE answered 503", "MUST keep requirement stats.update.only-counts",
		}},
		{"inconclusive", testruns.Inconclusive(), []string{"The run was cut short: interrupted.", "the run ended before it: interrupted"}},
		{"waiver", &result.Run{Verdict: result.Conformant, ExitCode: result.ExitWaiver}, []string{"A waiver is stale or expired"}},
		{"empty", &result.Run{Verdict: result.Inconclusive, Reason: "nothing ran"}, []string{"nothing ran", "No scenario is part of this run."}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := render(t, tt.run)
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("no %q in the page", want)
				}
			}
		})
	}
}

// TestWriteNeedsNothing looks for anything that a browser would fetch.
func TestWriteNeedsNothing(t *testing.T) {
	t.Parallel()
	got := render(t, testruns.Failing())
	for _, bad := range []string{"<link", "<img", "<iframe", " src=", "@import", "url(", "fetch(", "XMLHttpRequest", "innerHTML"} {
		if strings.Contains(got, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
}

func TestWriteEscapes(t *testing.T) {
	t.Parallel()
	got := render(t, testruns.Hostile())
	for _, bad := range []string{"<img", "<script>document", "javascript:"} {
		// The template engine replaces the address of an unsafe link, and its
		// text is harmless.
		text := strings.ReplaceAll(got, ">javascript:", ">")
		if strings.Contains(text, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	if n := strings.Count(got, "</script>"); n != 2 {
		t.Errorf("%d script elements end, want 2: the details of one scenario and the page's own", n)
	}
}

var detailsScript = regexp.MustCompile(`(?s)<script type="application/json" data-details="\d+">(.*?)</script>`)

// TestWriteKeepsEverything compares what is embedded with what was given: all
// of it is there, and what cannot be seen is visible.
func TestWriteKeepsEverything(t *testing.T) {
	t.Parallel()
	run := testruns.Hostile()
	body := run.Scenarios[0].Exchanges[0].Response.Body
	run.Scenarios[0].Exchanges[0].Leased = "stats.other"
	m := detailsScript.FindStringSubmatch(render(t, run))
	if m == nil {
		t.Fatal("no details")
	}
	var d details
	if err := json.Unmarshal([]byte(m[1]), &d); err != nil {
		t.Fatal(err)
	}
	if got := d.Evidences[0].Exchanges[0].Response.Body; got != foreign.Block(body) {
		t.Errorf("body %q, want %q", got, foreign.Block(body))
	}
	if !strings.HasPrefix(d.Evidences[0].Exchanges[0].Curl, "curl ") {
		t.Errorf("curl is %q", d.Evidences[0].Exchanges[0].Curl)
	}
	if of := d.Evidences[0].Exchanges[0].Leased; of != "stats.other" {
		t.Errorf("it was sent for %q", of)
	}
}

var pack = regexp.MustCompile(`<script type="application/gzip" data-pack="(\d+)">(.*?)</script>`)

// What nobody reads at once is compressed; every row has its details, and once.
func TestWritePacks(t *testing.T) {
	t.Parallel()
	run := testruns.Large(packSize + 100)
	got := render(t, run)
	packs := pack.FindAllStringSubmatch(got, -1)
	if loud := len(detailsScript.FindAllString(got, -1)); loud != examples || len(packs) != 2 {
		t.Fatalf("%d rows stand by themselves, %d packs", loud, len(packs))
	}
	rows := newView(run).Scenarios
	seen := examples
	for _, m := range packs {
		data, err := base64.StdEncoding.DecodeString(m[2])
		if err != nil {
			t.Fatal(err)
		}
		z, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		var byIndex map[int]details
		if err := json.NewDecoder(z).Decode(&byIndex); err != nil {
			t.Fatal(err)
		}
		first, _ := strconv.Atoi(m[1])
		for index, d := range byIndex {
			if want := newDetails(rows[index].Scenario); index < first || rows[index].Loud || !reflect.DeepEqual(d, want) {
				t.Errorf("row %d in the pack from %d on: got %+v, want %+v", index, first, d, want)
			}
			seen++
		}
	}
	if seen != len(rows) || len(rows) != len(run.Scenarios) {
		t.Errorf("%d of %d rows have details, of %d scenarios", seen, len(rows), len(run.Scenarios))
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriteReportsErrors(t *testing.T) {
	t.Parallel()
	if err := Write(brokenWriter{}, testruns.Large(100)); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("got %v, want the error of the writer", err)
	}
}
