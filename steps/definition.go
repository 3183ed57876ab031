package steps

import (
	"context"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/cucumber/godog"

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
	// Generic marks a step that is there for any API.
	Generic bool
	// Family is the API that the step speaks of, where it is always the same.
	Family string

	method method
}

// chapter is the part of the vocabulary that speaks of one noun.
type chapter struct {
	noun string
	// family is the API that all of it speaks of, "" for any.
	family string
	rows   []row
}

// row is one step: its keyword and its text, what it does, an example where the
// text alone is none, and the method of a part of the World that carries it
// out. See text.go for what can stand in a text, and argument.go for what a
// method can take.
type row struct {
	text, doc, example string
	do                 any
}

// chapters are the vocabulary, in the order of its documentation.
var chapters = []chapter{
	targetSteps, outageSteps, connectorSteps, syncJobSteps, creationSteps, listSteps, statsSteps, answerSteps, rejectionSteps,
	writerSteps, foreignSteps, lineageSteps, viewSteps, sizeSteps, clientSteps, serviceSteps, accountSteps,
	waitSteps, requestSteps, responseSteps, eventualSteps, resourceSteps, atOnceSteps, comparisonSteps,
}

// Definitions returns the vocabulary for the APIs that the project knows.
func Definitions() []Definition { return slices.Clone(embedded()) }

var embedded = sync.OnceValue(func() []Definition {
	set, _ := family.Embedded() // a test reads it
	return DefinitionsOf(set)
})

// DefinitionsOf returns the vocabulary for the APIs of a set.
func DefinitionsOf(set family.Set) []Definition {
	words := wordsOf(set)
	var all []Definition
	for _, c := range chapters {
		for _, r := range c.rows {
			all = append(all, c.definition(r, words))
		}
	}
	return all
}

func (c chapter) definition(r row, words words) Definition {
	_, text, _ := strings.Cut(r.text, " ")
	if r.example == "" {
		r.example = r.text
	}
	return Definition{
		Noun: c.noun, Family: c.family, Generic: c.family == "", Text: text, Doc: words.inDoc(r.doc), Example: r.example,
		Pattern: words.pattern(text), method: methodOf(r.do),
	}
}

// Demands reports whether the step can fail the target: it is one for Then.
func (d Definition) Demands() bool {
	keyword, _, _ := strings.Cut(d.Example, " ")
	return keyword == "Then" || keyword == "But"
}

// Speaks is the name of the API that a step of this definition speaks of, or "".
func (d Definition) Speaks(step string, set family.Set) string {
	if d.Family != "" {
		return d.Family
	}
	for _, word := range d.Pattern.FindStringSubmatch(step)[1:] {
		if f, ok := set.Of(word); ok {
			return f.Name
		}
	}
	return ""
}

// Bind returns the function of the step as godog takes it, bound to a scenario.
// It has a string parameter for each group of the pattern, and a last one for a
// docstring or a table where the step takes one.
func (d Definition) Bind(w *World) any {
	return reflect.MakeFunc(d.method.signature, func(args []reflect.Value) []reflect.Value {
		ctx, _ := args[0].Interface().(context.Context)
		c := call{ctx: ctx, world: w}
		for _, arg := range args[1:] {
			switch arg := arg.Interface().(type) {
			case string:
				c.groups = append(c.groups, arg)
			case *godog.DocString:
				c.doc = arg
			case *godog.Table:
				c.table = arg
			}
		}
		err := d.method.call(&c)
		return []reflect.Value{reflect.ValueOf(&err).Elem()}
	}).Interface()
}

// Perform carries the step out for a text that it reads, with the docstring or
// the table below it.
func (d Definition) Perform(ctx context.Context, w *World, text string, doc *godog.DocString, table *godog.Table) error {
	if (doc != nil) != d.method.takesDoc || (table != nil) != d.method.takesTable {
		return fmt.Errorf("carry out %q: a docstring or a table is missing below it, or it takes none; see \"esconform steps\"", text)
	}
	return d.method.call(&call{ctx: ctx, world: w, groups: d.Pattern.FindStringSubmatch(text)[1:], doc: doc, table: table})
}

var inQuotes = regexp.MustCompile(`"[^"]*"`)

// Unquoted writes what stands in quotes in a step as Definition.Text does.
func Unquoted(step string) string { return inQuotes.ReplaceAllString(step, `"<text>"`) }
