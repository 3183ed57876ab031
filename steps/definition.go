package steps

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/esconform/esconform/internal/family"
)

// Definition is one step of the vocabulary.
type Definition struct {
	// Noun is what the step speaks of; it groups the vocabulary.
	Noun string
	// Pattern matches the text of the step without its keyword.
	Pattern *regexp.Regexp
	// Text is the pattern as people write it.
	Text string
	// Doc says what the step does or demands, Example shows its use.
	Doc, Example string
	// Generic marks a step that is there for users' own features.
	Generic bool
	// Family is the API that the step speaks of, where it is always the same.
	Family string
	// Bind returns the function of the step, bound to a scenario. It has one
	// string or int parameter for each group of the pattern, and a last one
	// for a docstring or a table where the step takes one.
	Bind func(*World) any
}

// Demands reports whether the step can fail the target: it is one for Then.
func (d Definition) Demands() bool {
	keyword, _, _ := strings.Cut(d.Example, " ")
	return keyword == "Then" || keyword == "But"
}

// Speaks is the name of the API that a step of this definition speaks of, or "".
func (d Definition) Speaks(step string, set family.Set) string {
	if d.Family != "" || !d.Generic {
		return d.Family
	}
	for _, word := range d.Pattern.FindStringSubmatch(step)[1:] {
		if f, ok := set.Of(word); ok {
			return f.Name
		}
	}
	return ""
}

var inQuotes = regexp.MustCompile(`"[^"]*"`)

// Unquoted writes what stands in quotes in a step as Definition.Text does.
func Unquoted(step string) string { return inQuotes.ReplaceAllString(step, `"<text>"`) }

var definitions = slices.Concat(ofConnectors(
	targetSteps(), connectorSteps(), syncJobSteps(), creationSteps(), listSteps(), callSteps(), statsSteps(), responseSteps(), documentSteps(),
	concurrencySteps(), foreignSteps(), absenceSteps(), sizeSteps(), clientSteps(), securitySteps(),
), genericSteps())

// ofConnectors marks the steps that are written for connectors and sync jobs.
func ofConnectors(lists ...[]Definition) []Definition {
	all := slices.Concat(lists...)
	for i := range all {
		if !all[i].Generic {
			all[i].Family = spokenOf
		}
	}
	return all
}

// Definitions returns the vocabulary for the APIs that the project knows.
func Definitions() []Definition { return slices.Clone(embedded()) }

var embedded = sync.OnceValue(func() []Definition {
	set, _ := family.Embedded() // a test reads it
	return DefinitionsOf(set)
})

// DefinitionsOf returns the vocabulary for the APIs of a set.
func DefinitionsOf(set family.Set) []Definition {
	return slices.Concat(definitions, eventualSteps(), resourceSteps(set), comparisons(set))
}

var optionalArgument = regexp.MustCompile(`\(\?:[^)]*\)`)

// define makes a definition. The pattern is anchored at both ends.
func define(noun, pattern, doc, example string, bind func(*World) any) Definition {
	return Definition{
		Noun: noun, Pattern: regexp.MustCompile("^" + pattern + "$"), Text: readable(pattern),
		Doc: doc, Example: example, Bind: bind,
	}
}

func generic(noun, pattern, doc, example string, bind func(*World) any) Definition {
	d := define(noun, pattern, doc, example, bind)
	d.Generic = true
	return d
}

// The groups of patterns.
const (
	quoted  = `"([^"]*)"`
	number  = `(\d+)`
	anyJSON = `(.+)`
	method  = `([A-Z]+)`
)

// readable writes a pattern the way people write steps.
func readable(pattern string) string {
	out := pattern
	for _, r := range []struct{ group, word string }{
		{quoted, `"<text>"`}, {number, "<number>"}, {anyJSON, "<json>"}, {method, "<METHOD>"}, {`s?`, "s"}, {`(\d{3}|[1-5]xx)`, "<status>"}, {`\(`, "("}, {`\)`, ")"},
	} {
		out = regexp.MustCompile(regexp.QuoteMeta(r.group)).ReplaceAllLiteralString(out, r.word)
	}
	return optionalArgument.ReplaceAllString(out, "")
}
