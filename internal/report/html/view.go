package html

import (
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/esconform/esconform/internal/result"
)

// view is what the page template shows.
type view struct {
	Run       *result.Run
	Title     string
	Target    string
	Warnings  []string
	Facts     []fact
	Counts    []count
	Profiles  []profile
	Parts     []part
	Scenarios []row // those of all parts, in their order

	Policy string
	Style  template.CSS
	Script template.JS
}

type fact struct{ Name, Value string }

type count struct {
	Outcome result.Outcome
	N       int
}

type profile struct {
	Name         string
	Counts       []count
	Requirements []result.Requirement
}

func newView(run *result.Run) *view {
	v := &view{
		Run:      run,
		Title:    words(string(run.Verdict)) + ": " + targetName(run.Target),
		Target:   targetName(run.Target),
		Warnings: warnings(run),
		Facts:    facts(run),
		Profiles: profiles(run.Requirements),
		Parts:    parts(run),
		Policy:   policy(),
		Style:    template.CSS(style),
		Script:   template.JS(script),
	}
	for _, o := range result.Outcomes() {
		if n := run.Counts[o]; n > 0 {
			v.Counts = append(v.Counts, count{o, n})
		}
	}
	for _, p := range v.Parts {
		for _, g := range p.Groups {
			v.Scenarios = append(v.Scenarios, g.Rows...)
			v.Scenarios = append(v.Scenarios, g.More...)
		}
	}
	return v
}

func targetName(t result.Target) string {
	version := t.Version
	if version == "" {
		version = "of unknown version"
	}
	switch {
	case t.IsElasticsearch:
		return "Elasticsearch " + version
	case t.Kind == "embedded":
		return "embedded reference server, emulating Elasticsearch " + version
	default:
		return "imitation of Elasticsearch " + version
	}
}

// warnings are what a reader must know before believing the verdict.
func warnings(run *result.Run) []string {
	var w []string
	if !run.Target.IsElasticsearch {
		w = append(w, "Not Elasticsearch: this run was against an imitation and says nothing about Elasticsearch.")
	}
	if run.Target.Fault != "" {
		w = append(w, "The target carries a fault on purpose: "+run.Target.Fault+".")
	}
	if run.Target.InsecureTLS {
		w = append(w, "The target's certificate was not checked: nobody knows who answered.")
	}
	if run.CutShort != "" {
		w = append(w, "The run was cut short: "+run.CutShort+".")
	}
	if run.ExitCode == result.ExitWaiver {
		w = append(w, "A waiver is stale or expired, so the gate does not let this run pass (exit code 4).")
	}
	return w
}

func facts(run *result.Run) []fact {
	t, s := run.Target, run.Selection
	all := []fact{
		{"Target", strings.TrimSpace(t.Kind + " " + t.URL)},
		{"Cluster", t.ClusterName},
		{"Build", strings.Join(nonEmpty(t.BuildFlavor, t.BuildHash, t.BuildDate), ", ")},
		{"Image", t.Image},
		{"Security", map[bool]string{true: "on", false: "off"}[t.Security]},
		{"Note", t.Note},
		{"Not mapped", strings.Join(t.Unmapped, ", ")},
		{"Suite", strings.Join(nonEmpty("esconform "+run.Suite.Version, run.Suite.Commit), ", ")},
		{"Features", run.Suite.Digest},
		{"Selection", strings.Join(nonEmpty(
			prefixed("profiles ", strings.Join(s.Profiles, ", ")), prefixed("tags ", s.Tags),
			prefixed("ids ", strings.Join(s.IDs, ", ")), prefixed("shard ", s.Shard),
			prefixed("with features of ", strings.Join(s.Features, ", "))), "; ")},
		{"Started", run.Started.UTC().Format("2006-01-02 15:04:05 UTC")},
		{"Took", milliseconds(run.DurationMS)},
		{"Run", fmt.Sprintf("%s, seed %d, %d in parallel, each %s", run.RunID, run.Seed, run.Parallel, times(run.Repeat))},
		{"Requests", traffic(run.Traffic)},
		{"Resources", fmt.Sprintf("%s, %d left behind", run.Resources, len(run.Resources.Leftovers))},
		{"Exit code", fmt.Sprint(run.ExitCode)},
	}
	for _, k := range slices.Sorted(maps.Keys(run.Environment)) {
		all = append(all, fact{k, run.Environment[k]})
	}
	return slices.DeleteFunc(all, func(f fact) bool { return f.Value == "" })
}

// traffic is empty where nothing was sent.
func traffic(t result.Traffic) string {
	if t.Requests == 0 {
		return ""
	}
	return t.String()
}

func times(n int) string {
	if n <= 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

func nonEmpty(parts ...string) []string {
	return slices.DeleteFunc(parts, func(s string) bool { return s == "" })
}

func prefixed(prefix, s string) string {
	if s == "" {
		return ""
	}
	return prefix + s
}

// profiles groups requirements, in the order in which profiles first appear.
func profiles(reqs []result.Requirement) []profile {
	var groups []profile
	for _, r := range reqs {
		if len(r.Scenarios) == 0 && r.Reason != result.NoTest { // no part of what was selected
			continue
		}
		i := slices.IndexFunc(groups, func(p profile) bool { return p.Name == r.Profile })
		if i < 0 {
			i = len(groups)
			groups = append(groups, profile{Name: r.Profile})
		}
		groups[i].Requirements = append(groups[i].Requirements, r)
	}
	for i := range groups {
		n := map[result.Outcome]int{}
		for _, r := range groups[i].Requirements {
			n[r.Outcome]++
		}
		for _, o := range result.Outcomes() {
			if n[o] > 0 {
				groups[i].Counts = append(groups[i].Counts, count{o, n[o]})
			}
		}
		slices.SortStableFunc(groups[i].Requirements, func(a, b result.Requirement) int { return rank(a.Outcome) - rank(b.Outcome) })
	}
	return groups
}

func rank(o result.Outcome) int { return slices.Index(result.Outcomes(), o) }

func words(s any) string { return strings.ReplaceAll(fmt.Sprint(s), "_", " ") }

// symbol lets a reader tell outcomes apart without seeing colours.
func symbol(o result.Outcome) string {
	return map[result.Outcome]string{
		result.Passed: "✓", result.Failed: "✗", result.Flaky: "≈", result.Error: "!",
		result.NotRun: "■", result.Waived: "⚑", result.Skipped: "–",
	}[o]
}

func milliseconds(ms float64) string {
	d := time.Duration(ms * float64(time.Millisecond))
	switch {
	case d >= time.Minute:
		return d.Round(time.Second).String()
	case d >= time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	default:
		return fmt.Sprintf("%.0f ms", ms)
	}
}

func location(s *result.Scenario) string { return fmt.Sprintf("%s:%d", s.File, s.Line) }
