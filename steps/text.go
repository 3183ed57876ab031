package steps

import (
	"regexp"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/family"
)

// The texts of steps are written as people read them. In them stand
//
//	"<text>"          anything in quotes, and other words that <...> stands for
//	(one|another)     one of several words, or, as (one|), one or nothing
//	[ of its own]     words that may be left out
//	job(s)            a letter that may be left out
//
// Each of the first two is a group of the pattern, and so is what stands within
// words that may be left out.

// placeholders are what stands for something else in the text of a step.
var placeholders = map[string]string{
	`"<text>"`:  `"([^"]*)"`,
	`<text>`:    `(.*[^:])`,
	`<number>`:  `(\d+)`,
	`<decimal>`: `(-?[0-9.]+)`,
	`<json>`:    `(.+)`,
	// A body does not begin as the words do that may follow instead.
	`<body>`:   `([^a-z\s].*|true|false|null)`,
	`<METHOD>`: `([A-Z]+)`,
	`<status>`: `(\d{3}|[1-5]xx)`,
}

var tokens = regexp.MustCompile(`"<text>"|<[A-Za-z]+>|\([a-z]\)|\([^()]*\|[^()]*\)|\[[^\[\]]*\]`)

// words are what stands for the resources of the APIs in texts.
type words struct {
	placeholders map[string]string
	verbs        string
}

// wordsOf returns the words for the resources of a set, the longest first.
func wordsOf(set family.Set) words {
	var singular, plural, verbs []string
	for _, f := range set {
		for i := range f.Resources {
			r := &f.Resources[i]
			singular, plural = append(singular, r.Name), append(plural, r.Plural)
			for _, verb := range r.Verbs() {
				if !slices.Contains(verbs, verb) {
					verbs = append(verbs, verb)
				}
			}
		}
	}
	any := func(list []string, more ...string) string {
		list = append(slices.Clone(list), more...)
		slices.SortStableFunc(list, func(a, b string) int { return len(b) - len(a) })
		return "(" + strings.Join(list, "|") + ")"
	}
	const named = `(?: "([^"]*)")?`
	return words{map[string]string{
		`<resource>`:  any(singular) + named,
		`<resources>`: any(plural),
		`<call>`:      any(verbs),
		`<subject>`:   `the ` + any(singular, "response") + named + `( as it is stored)?(?: at "([^"]*)")?`,
	}, strings.Join(verbs, ", ")}
}

// inDoc writes the words into what is said of a step.
func (w words) inDoc(doc string) string { return strings.ReplaceAll(doc, "<calls>", w.verbs) }

// pattern makes a pattern out of a text. It is anchored at both ends.
func (w words) pattern(text string) *regexp.Regexp {
	return regexp.MustCompile("^" + w.compile(text) + "$")
}

func (w words) compile(text string) string {
	var out strings.Builder
	at := 0
	for _, m := range tokens.FindAllStringIndex(text, -1) {
		out.WriteString(regexp.QuoteMeta(text[at:m[0]]) + w.group(text[m[0]:m[1]]))
		at = m[1]
	}
	return out.String() + regexp.QuoteMeta(text[at:])
}

func (w words) group(token string) string {
	inner := token[1 : len(token)-1]
	switch {
	case len(token) == len("(s)"):
		return inner + "?"
	case token[0] == '(':
		return token
	case token[0] == '[':
		return "(?:" + w.compile(inner) + ")?"
	case w.placeholders[token] != "":
		return w.placeholders[token]
	}
	return placeholders[token]
}
