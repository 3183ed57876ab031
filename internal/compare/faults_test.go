package compare_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/esconform/esconform/features"
	"github.com/esconform/esconform/internal/compare"
	"github.com/esconform/esconform/internal/esversion"
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

func TestVersionsDifferAsIsKnownAndInNothingElse(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("-short leaves out what runs the whole suite on seven targets; run the test without it")
	}
	s := load(t)
	at := func(v string, seed int64) *observe.Set {
		return run(t, s, target.EmbeddedConfig{Emulate: esversion.MustParse(v)}, suite.Selection{}, seed)
	}
	sets := map[string]*observe.Set{"8.12.0": at("8.12.0", 1), "8.13.0": at("8.13.0", 6), "8.14.0": at("8.14.0", 2), "8.15.0": at("8.15.0", 3), "8.19.21": at("8.19.21", 7), "9.5.3": at("9.5.3", 4), "9.5.3 again": at("9.5.3", 5)}
	for _, tc := range []struct{ old, now, known string }{
		{"8.12.0", "8.13.0", "active-filtering list-order date-formats"},
		{"8.13.0", "8.14.0", "state-machine"},
		{"8.14.0", "8.15.0", "access-control-index service-type-required claim stats-metadata"},
		{"8.15.0", "8.19.21", "soft-delete"},
		{"8.19.21", "9.5.3", "privileges soft-delete compatible-with-9"},
		{"8.12.0", "8.14.0", "active-filtering state-machine list-order date-formats"},
		{"8.12.0", "9.5.3", "active-filtering access-control-index state-machine service-type-required privileges list-order soft-delete date-formats stats-metadata claim compatible-with-9"},
		{"9.5.3", "9.5.3 again", ""},
	} {
		c, err := compare.Compare(sets[tc.old], sets[tc.now], compare.Options{FailOn: compare.FailOnAny})
		if err != nil {
			t.Fatal(err)
		}
		if list := c.Unexpected(); len(list) > 0 {
			t.Errorf("%s to %s: unexpected differences:%s", tc.old, tc.now, titles(list))
		}
		for _, o := range c.Outcomes {
			if o.Expected == "" {
				t.Errorf("%s to %s: unexpected outcome of %s: %s to %s", tc.old, tc.now, o.Requirement, o.Old, o.New)
			}
		}
		var known []string
		for _, e := range c.Entries {
			known = append(known, e.Known)
		}
		want := strings.Fields(tc.known)
		slices.Sort(known)
		slices.Sort(want)
		if !slices.Equal(known, want) {
			t.Errorf("%s to %s: got the known changes %v, want %v", tc.old, tc.now, known, want)
		}
		if c.ExitCode != 0 {
			t.Errorf("%s to %s: exit code %d: %s", tc.old, tc.now, c.ExitCode, c.Reason)
		}
	}
}
