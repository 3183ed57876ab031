package compare_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/esconform/esconform/features"
	"github.com/esconform/esconform/internal/compare"
	"github.com/esconform/esconform/internal/fault"
	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/observe"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/target"
)

// run runs a selection against the embedded server.
func run(t *testing.T, s *suite.Suite, cfg target.EmbeddedConfig, sel suite.Selection, seed int64) *observe.Set {
	t.Helper()
	cfg.Limits = limits.Default()
	tgt, err := target.Embedded(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer tgt.Close(context.WithoutCancel(t.Context())) //nolint:errcheck // it is in this process
	got, err := suite.Perform(t.Context(), suite.Plan{Suite: s, Selection: sel, Target: tgt, Limits: cfg.Limits, Parallel: 16, Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	return observe.Of(got)
}

func load(t *testing.T) *suite.Suite {
	t.Helper()
	s, err := suite.Load(suite.Source{Name: "features", FS: features.FS})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// faults are defects and the worst class of the differences that they show on
// the wire.
var faults = []struct {
	id    string
	class compare.Class
}{
	{"stats.code.201", compare.Breaking},
	{"stats.code.204", compare.Breaking},
	{"stats.code.404-as-200", compare.Behaviour},
	{"stats.code.404-as-400", compare.Breaking},
	{"stats.code.400-as-500", compare.Breaking},
	{"stats.answer.empty-object", compare.Breaking},
	{"stats.answer.acknowledged", compare.Breaking},
	{"stats.answer.result-in-capitals", compare.Behaviour},
	{"stats.answer.extra-member", compare.Additive},
	{"stats.answer.array", compare.Breaking},
	{"stats.answer.none", compare.Breaking},
	{"stats.error.no-type", compare.Breaking},
	{"stats.error.status-text", compare.Breaking},
	{"stats.error.other-status", compare.Behaviour},
	{"stats.required.deleted-document-count-optional", compare.Behaviour},
	{"stats.optional.last-seen-required", compare.Breaking},
	{"stats.required.type", compare.Breaking},
	{"stats.required.names-another", compare.Wording},
	{"stats.values.deleted-document-count-off-by-one", compare.Behaviour},
	{"stats.values.indexed-document-count-as-text", compare.Breaking},
	{"stats.values.negative-type", compare.Breaking},
	{"stats.values.negative-names-none", compare.Wording},
	{"stats.values.beyond-integer-stored", compare.Behaviour},
	{"stats.values.string-rejected", compare.Breaking},
	{"stats.values.decimal-rounded", compare.Behaviour},
	{"stats.values.zero-rejected", compare.Breaking},
	{"stats.last-seen.ignored", compare.Behaviour},
	{"stats.last-seen.off-by-an-hour", compare.Behaviour},
	{"stats.noop.says-updated", compare.Behaviour},
	{"stats.metadata.replaced", compare.Breaking},
	{"stats.metadata.arrays-concatenated", compare.Behaviour},
	{"stats.metadata.names-without-blanks", compare.Breaking},
	{"stats.metadata.stringified", compare.Breaking},
	{"stats.body.required-reason", compare.Wording},
	{"stats.headers.product-missing", compare.Breaking},
	{"stats.headers.type-text", compare.Breaking},
	{"stats.headers.warning", compare.Additive},
	{"stats.headers.406-as-415", compare.Breaking},
	{"stats.concurrent.conflict-as-500", compare.Breaking},
	{"sync-job.list.backwards", compare.Behaviour},
	{"sync-job.transitions.type", compare.Breaking},
}

func TestFaultsAreReportedInTheirClass(t *testing.T) {
	t.Parallel()
	s := load(t)
	all := fault.All()
	for _, tc := range faults {
		t.Run(tc.id, func(t *testing.T) {
			t.Parallel()
			i := slices.IndexFunc(all, func(f fault.Fault) bool { return f.ID == tc.id })
			if i < 0 {
				t.Fatal("there is no such fault any more")
			}
			sel := suite.Selection{IDs: all[i].Requirements}
			c, err := compare.Compare(run(t, s, target.EmbeddedConfig{}, sel, 1), run(t, s, target.EmbeddedConfig{Fault: tc.id}, sel, 2), compare.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if len(c.Entries) == 0 || c.Entries[0].Class != tc.class {
				t.Errorf("got %d entries, want the worst to be %s:%s", len(c.Entries), tc.class, titles(c.Entries))
			}
			if c.ExitCode != 1 {
				t.Errorf("exit code %d though a requirement fails that was met", c.ExitCode)
			}
		})
	}
}

func titles(entries []compare.Entry) string {
	var b strings.Builder
	for _, e := range entries {
		b.WriteString("\n  " + string(e.Class) + " " + e.Title)
	}
	return b.String()
}
