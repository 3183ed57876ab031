package steps

import (
	"regexp"
	"slices"
	"strings"
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

var inQuotes = regexp.MustCompile(`"[^"]*"`)

// Unquoted writes what stands in quotes in a step as Definition.Text does.
func Unquoted(step string) string { return inQuotes.ReplaceAllString(step, `"<text>"`) }

var definitions = slices.Concat(
	targetSteps(), connectorSteps(), syncJobSteps(), creationSteps(), listSteps(), callSteps(), statsSteps(), responseSteps(), documentSteps(),
	concurrencySteps(), foreignSteps(), absenceSteps(), sizeSteps(), clientSteps(), securitySteps(), genericSteps(),
)

// Definitions returns the vocabulary. The patterns are compiled once.
func Definitions() []Definition { return slices.Clone(definitions) }

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
		{quoted, `"<text>"`}, {number, "<number>"}, {anyJSON, "<json>"}, {method, "<METHOD>"}, {`s?`, "s"}, {`\(`, "("}, {`\)`, ")"},
	} {
		out = regexp.MustCompile(regexp.QuoteMeta(r.group)).ReplaceAllLiteralString(out, r.word)
	}
	return optionalArgument.ReplaceAllString(out, "")
}
