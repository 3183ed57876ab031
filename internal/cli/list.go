package cli

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/fault"
	"github.com/esconform/esconform/internal/requirement"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
)

// listed is what "esconform list --json" prints.
type listed struct {
	Scenarios    []listedScenario    `json:"scenarios"`
	Requirements []listedRequirement `json:"requirements"`
}

type listedScenario struct {
	ID           string   `json:"id"`
	Name         string   `json:"name"`
	Profile      string   `json:"profile"`
	Requirements []string `json:"requirements"`
	Versions     string   `json:"versions"`
	File         string   `json:"file"`
	Line         int      `json:"line"`
}

type listedRequirement struct {
	ID        string   `json:"id"`
	Statement string   `json:"statement"`
	Profile   string   `json:"profile"`
	Versions  string   `json:"versions"`
	Sources   []string `json:"sources"`
	Scenarios []string `json:"scenarios"`
}

func (a *app) listCommand() *cobra.Command {
	var sel selectionFlags
	var asJSON, requirements, coverage, apis, checks, lineages, faults bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the scenarios, or the requirements that they prove",
		Example: `  esconform list
  esconform list --requirements --profile documented
  esconform list --coverage
  esconform list --checks
  esconform list --apis
  esconform list --lineages
  esconform list --faults
  esconform list --tags "not @restart" --json`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			if faults {
				a.printFaults(fault.Known())
				return nil
			}
			if lineages {
				return a.printLineages()
			}
			loaded, selection, err := sel.load(a.getenv)
			if err != nil {
				return err
			}
			if apis {
				a.printAPIs(loaded.Families)
				return nil
			}
			if checks {
				return a.printChecks(loaded, asJSON)
			}
			cases, err := loaded.Select(selection)
			if err != nil {
				return err
			}
			if coverage {
				return a.printCoverage(loaded.Coverage, asJSON)
			}
			l := listing(loaded, cases)
			switch {
			case asJSON:
				return a.printJSON(l)
			case requirements:
				a.printRequirements(l)
			default:
				a.printScenarios(l)
			}
			return nil
		},
	}
	sel.register(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "print scenarios and requirements as JSON")
	cmd.Flags().BoolVar(&requirements, "requirements", false, "print requirements instead of scenarios")
	cmd.Flags().BoolVar(&apis, "apis", false, "print the APIs that are known, and their resources")
	cmd.Flags().BoolVar(&checks, "checks", false, "print, for each call of each API, how many scenarios there are of each kind of check")
	cmd.Flags().BoolVar(&lineages, "lineages", false, "print what documents --lineage of \"esconform run\" loads, who wrote them, and how that is known")
	cmd.Flags().BoolVar(&faults, "faults", false, "print the defects that --fault gives the embedded server, those of upgrades last")
	cmd.Flags().BoolVar(&coverage, "coverage", false, "print what the reference pages say, and what proves it")
	return cmd
}

// printFaults prints faults, each with what has to catch it.
func (a *app) printFaults(all []fault.Fault) {
	for _, f := range all {
		fmt.Fprintf(a.stdout, "%s\t%s\t%s\n", f.ID, f.Sentence, strings.Join(f.Requirements, ","))
	}
}

// printLineages prints what older versions have left.
func (a *app) printLineages() error {
	all, err := selectLineages([]string{"all"})
	for _, l := range all {
		fmt.Fprintf(a.stdout, "%-6s %s\n", l.Version, l.About)
		for _, d := range l.Documents {
			fmt.Fprintf(a.stdout, "  %-10s %-15s by %s: %s (%s)\n", d.Kind, d.Name, d.Writer, d.Why, d.Source)
		}
	}
	return err
}

// printAPIs prints what steps can speak of.
func (a *app) printAPIs(set family.Set) {
	for _, f := range set {
		fmt.Fprintf(a.stdout, "%s (%s)\n", f.Name, f.Title)
		for i := range f.Resources {
			r := &f.Resources[i]
			fmt.Fprintf(a.stdout, "  %-24s %s\n", r.Name, strings.Join(r.Verbs(), ", "))
		}
		for _, s := range f.Settings {
			fmt.Fprintf(a.stdout, "  %-24s put back\n", s.Name)
		}
	}
	fmt.Fprintf(a.stdout, "%d APIs\n", len(set))
}

func (a *app) printJSON(v any) error {
	enc := json.NewEncoder(a.stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// coveredPage is a reference page as "esconform list --coverage --json" prints
// it.
type coveredPage struct {
	Page  string        `json:"page"`
	Title string        `json:"title"`
	Facts []coveredFact `json:"facts"`
}

type coveredFact struct {
	Fact         string   `json:"fact"`
	Requirements []string `json:"requirements"`
	Differs      string   `json:"differs,omitempty"`
	NotTestable  string   `json:"not_testable,omitempty"`
}

// printCoverage prints what each page says and what proves it.
func (a *app) printCoverage(c *requirement.Coverage, asJSON bool) error {
	if c == nil {
		return fmt.Errorf("list the coverage: the suite has no %s", requirement.CoverageFile)
	}
	if asJSON {
		return a.printJSON(coveredPages(c))
	}
	for _, p := range c.Pages {
		fmt.Fprintf(a.stdout, "%s (%s)\n", p.Title, p.Name)
		for _, f := range p.Facts {
			fmt.Fprintf(a.stdout, "  %s\n      %s\n", f.Fact, f)
			if f.Differs != "" {
				fmt.Fprintf(a.stdout, "      but: %s\n", f.Differs)
			}
		}
	}
	facts, proven, differ := c.Counts()
	fmt.Fprintf(a.stdout, "%d pages, %d facts: %d proven, %d not testable; %d are another way than the page says\n", len(c.Pages), facts, proven, facts-proven, differ)
	return nil
}

func coveredPages(c *requirement.Coverage) []coveredPage {
	var pages []coveredPage
	for _, p := range c.Pages {
		covered := coveredPage{Page: p.Name, Title: p.Title}
		for _, f := range p.Facts {
			covered.Facts = append(covered.Facts, coveredFact{f.Fact, append([]string{}, f.Requirements...), f.Differs, f.NotTestable})
		}
		pages = append(pages, covered)
	}
	return pages
}

func listing(s *suite.Suite, cases []*suite.Case) listed {
	l := listed{Scenarios: []listedScenario{}, Requirements: []listedRequirement{}}
	proving := map[string][]string{}
	for _, c := range cases {
		l.Scenarios = append(l.Scenarios, listedScenario{c.ID, c.Name, c.Profile, c.Requirements, c.Versions.String(), c.File, c.Line})
		for _, id := range c.Requirements {
			proving[id] = append(proving[id], c.ID)
		}
	}
	for _, r := range s.Catalogue.All() {
		if ids := proving[r.ID]; len(ids) > 0 {
			l.Requirements = append(l.Requirements, listedRequirement{r.ID, r.Statement, r.Profile, r.Versions().String(), r.Sources, ids})
		}
	}
	return l
}

func (a *app) printScenarios(l listed) {
	for _, s := range l.Scenarios {
		fmt.Fprintf(a.stdout, "%-12s %s\n             %s\n", s.Profile, s.ID, s.Name)
	}
	fmt.Fprintf(a.stdout, "%s, %s\n", result.Plural(len(l.Scenarios), "scenario"), result.Plural(len(l.Requirements), "requirement"))
}

func (a *app) printRequirements(l listed) {
	for _, r := range l.Requirements {
		fmt.Fprintf(a.stdout, "%-12s %s (%s)\n             %s\n             proven by %s\n", r.Profile, r.ID, r.Versions, r.Statement, strings.Join(r.Scenarios, ", "))
	}
	fmt.Fprintf(a.stdout, "%s, %s\n", result.Plural(len(l.Requirements), "requirement"), result.Plural(len(l.Scenarios), "scenario"))
}
