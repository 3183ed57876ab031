package features_test

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	gherkin "github.com/cucumber/gherkin/go/v42"
	messages "github.com/cucumber/messages/go/v34"

	"github.com/esconform/esconform/features"
)

var update = flag.Bool("update", false, "write docs/state-machine.md anew")

const (
	table   = "sync_job_states/transitions.feature"
	picture = "../docs/state-machine.md"
	prefix  = "@id:sync-job.states."
)

var statuses = []string{"pending", "suspended", "in_progress", "canceling", "canceled", "completed", "error"}

// transition is a row of the tables: a call for a sync job in a status, and
// the status that becomes of it, "" where the call is refused or there is no
// sync job any more.
type transition struct{ call, from, to string }

// TestPictureIsCurrent compares docs/state-machine.md with what the tables of
// the feature say.
func TestPictureIsCurrent(t *testing.T) {
	t.Parallel()
	want := draw(t, transitions(t))
	if *update {
		if err := os.WriteFile(picture, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(picture)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, want) {
		t.Errorf("%s is not current; renew it with -update", picture)
	}
}

// Every call is in the table with every status.
func TestTableIsComplete(t *testing.T) {
	t.Parallel()
	seen := map[string]int{}
	for _, tr := range transitions(t) {
		seen[tr.call+" "+tr.from]++
	}
	for _, call := range []string{"cancel", "error", "claim", "check-in", "stats", "delete"} {
		for _, status := range statuses {
			if n := seen[call+" "+status]; n != 1 {
				t.Errorf("%s of a sync job in the status %s is in %d rows, want 1", call, status, n)
			}
		}
	}
}

// transitions reads the tables, but for those of earlier versions.
func transitions(t *testing.T) []transition {
	t.Helper()
	raw, err := fs.ReadFile(features.FS, table)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := gherkin.ParseGherkinDocument(bytes.NewReader(raw), (&messages.Incrementing{}).NewId)
	if err != nil {
		t.Fatal(err)
	}
	var all []transition
	for _, child := range doc.Feature.Children {
		if child.Scenario == nil {
			continue
		}
		call, ok := callOf(child.Scenario.Tags)
		if !ok {
			continue
		}
		for _, examples := range child.Scenario.Examples {
			for _, row := range examples.TableBody {
				tr := transition{call: call, from: row.Cells[0].Value}
				if len(row.Cells) > 1 {
					tr.to = row.Cells[1].Value
				}
				all = append(all, tr)
			}
		}
	}
	return all
}

func callOf(tags []*messages.Tag) (string, bool) {
	for _, tag := range tags {
		if id, ok := strings.CutPrefix(tag.Name, prefix); ok {
			call, variant, _ := strings.Cut(id, ".")
			return call, variant != "earlier"
		}
	}
	return "", false
}

// draw writes the page: a picture of the calls that change the status, and a
// table of all of them.
func draw(t *testing.T, all []transition) []byte {
	t.Helper()
	var b bytes.Buffer
	b.WriteString("# The state machine of sync jobs\n\n" +
		"Made from the tables of `features/" + table + "`, each row of which is a scenario; renew it with `go test ./features -update`. " +
		"It shows Elasticsearch from 8.15 on. Earlier versions have no claims, and before 8.14 they cancel and fail sync jobs in any status.\n\n" +
		"```mermaid\nstateDiagram-v2\n    [*] --> pending: create\n")
	cells := map[string]map[string]string{}
	for _, status := range statuses {
		cells[status] = map[string]string{}
		for _, tr := range all {
			if tr.from != status {
				continue
			}
			cells[status][tr.call] = outcome(tr)
			if tr.to != "" && (tr.to != tr.from || tr.call == "claim") {
				fmt.Fprintf(&b, "    %s --> %s: %s\n", tr.from, tr.to, tr.call)
			}
		}
	}
	b.WriteString("```\n\nA connector service writes `completed`, `suspended` and `canceled` into the stored document itself. A delete removes a sync job in any status.\n\n")
	calls := []string{"cancel", "error", "claim", "check-in", "stats", "delete"}
	fmt.Fprintf(&b, "| status | %s |\n|%s\n", strings.Join(calls, " | "), strings.Repeat("---|", len(calls)+1))
	for _, status := range statuses {
		row := []string{status}
		for _, call := range calls {
			row = append(row, cells[status][call])
		}
		if slices.Contains(row, "") {
			t.Errorf("the row of %s has a gap: %q", status, row)
		}
		fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
	}
	return b.Bytes()
}

func outcome(tr transition) string {
	switch {
	case tr.call == "delete":
		return "removed"
	case tr.to == "":
		return "refused"
	case tr.to == tr.from && tr.call != "claim":
		return "stays"
	}
	return "→ " + tr.to
}
