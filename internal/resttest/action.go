package resttest

import (
	"context"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/esconform/esconform/internal/nearest"
)

// action is one entry of a section.
type action interface {
	run(ctx context.Context, x *Execution) error
	// String shows the action, without its word and without what may be
	// secret.
	String() string
}

// words are the words of the language, each with what reads its argument.
var words map[string]func(*yaml.Node) (action, error)

func init() {
	words = map[string]func(*yaml.Node) (action, error){
		"do": readDo, "set": readSet, "transform_and_set": readTransform,
		"skip": readSkip, "requires": readRequires,
	}
	for word, judge := range judges {
		words[word] = func(n *yaml.Node) (action, error) { return readAssertion(word, judge, n) }
	}
}

// readStep reads one entry of a section, a mapping of one word.
func readStep(n *yaml.Node, part Part) (Step, error) {
	e, err := only(n)
	if err != nil {
		return Step{}, err
	}
	read, known := words[e.key.Value]
	if !known {
		return Step{}, wrong(e.key, "unknown word %q%s", e.key.Value, nearest.Hint(e.key.Value, wordNames()))
	}
	act, err := read(e.value)
	return Step{Part: part, Line: e.key.Line, Word: e.key.Value, action: act}, err
}

func wordNames() []string {
	var names []string
	for w := range words {
		names = append(names, w)
	}
	slices.Sort(names)
	return names
}
