package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// heading is a group of flags in help texts.
type heading struct {
	title string
	flags []string
}

// headings are the groups, and the flags in each, in the order of help texts. A
// flag that is in none of them belongs to its command alone.
var headings = []heading{
	{"Target", []string{"url", "es-version", "image", "nodes", "memory", "security", "emulate", "fault", "write-delay", "require-elasticsearch", "disposable"}},
	{"Access to the cluster", []string{"username", "password-file", "api-key-file", "ca-cert", "ca-fingerprint", "client-cert", "client-key", "insecure"}},
	{"Which scenarios", []string{"profile", "tags", "id", "features", "only-features", "rest-tests", "rest-spec", "shard", "shard-count"}},
	{"How they run", []string{"parallel", "repeat", "seed", "lineage", "explore", "keep-on-failure", "no-lease"}},
	{"Gate", []string{"waivers", "baseline", "fail-on", "learn-noise", "strict-cleanup"}},
	{"Reports", []string{"out", "format", "evidence"}},
	{"Time limits", []string{"timeout-request", "timeout-scenario", "timeout-start", "timeout-cleanup", "timeout-sweep", "timeout-run"}},
}

// fewFlags are understood without headings.
const fewFlags = 16

// flagGroups are the flags of a command under their headings, what it has alone
// first. A command with few flags has one group.
func flagGroups(set *pflag.FlagSet) []heading {
	var own, all []string
	set.VisitAll(func(f *pflag.Flag) {
		all = append(all, f.Name)
		if !slices.ContainsFunc(headings, func(h heading) bool { return slices.Contains(h.flags, f.Name) }) {
			own = append(own, f.Name)
		}
	})
	if len(all) <= fewFlags {
		return []heading{{"Flags", all}}
	}
	groups := append([]heading{{"Flags", own}}, headings...)
	for i := range groups {
		groups[i].flags = slices.DeleteFunc(slices.Clone(groups[i].flags), func(name string) bool { return set.Lookup(name) == nil })
	}
	return slices.DeleteFunc(groups, func(h heading) bool { return len(h.flags) == 0 })
}

// flagUsages are the flags of a command as help shows them.
func flagUsages(set *pflag.FlagSet) string {
	var b strings.Builder
	for _, h := range flagGroups(set) {
		group := pflag.NewFlagSet(h.title, pflag.ContinueOnError)
		group.SortFlags = false
		for _, name := range h.flags {
			group.AddFlag(set.Lookup(name))
		}
		b.WriteString("\n" + h.title + ":\n" + group.FlagUsages())
	}
	return strings.TrimSpace(b.String())
}

func init() {
	cobra.AddTemplateFunc("flagUsages", flagUsages)
}

// usageTemplate is cobra's, with the flags under headings.
func usageTemplate(template string) string {
	return strings.Replace(template, "Flags:\n{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}", "{{flagUsages .LocalFlags}}", 1)
}
