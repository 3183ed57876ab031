package resttest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"encoding/json"

	"go.yaml.in/yaml/v3"
)

// LanguageError says that a test is not written in the language of REST tests,
// as far as it is known here. It is never held against the target.
type LanguageError struct {
	Line int
	Text string
}

// Error returns one line.
func (e *LanguageError) Error() string {
	if e.Line == 0 {
		return e.Text
	}
	return fmt.Sprintf("line %d: %s", e.Line, e.Text)
}

func wrong(n *yaml.Node, format string, args ...any) error {
	return &LanguageError{n.Line, fmt.Sprintf(format, args...)}
}

// entry is one key of a mapping with its value, in the order of the file.
type entry struct {
	key   *yaml.Node
	value *yaml.Node
}

// entries returns the members of a mapping. Two of one name are an error: the
// one would silently replace the other.
func entries(n *yaml.Node) ([]entry, error) {
	if n.Kind != yaml.MappingNode {
		return nil, wrong(n, "want a mapping, not %s", short(n))
	}
	seen := map[string]bool{}
	var out []entry
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode || seen[key.Value] {
			return nil, wrong(key, "the key %s is not a word, or is there twice", short(key))
		}
		seen[key.Value] = true
		out = append(out, entry{key, n.Content[i+1]})
	}
	return out, nil
}

// only returns the single member of a mapping.
func only(n *yaml.Node) (entry, error) {
	all, err := entries(n)
	if err != nil {
		return entry{}, err
	}
	if len(all) != 1 {
		return entry{}, wrong(n, "want one key here, not %d", len(all))
	}
	return all[0], nil
}

func short(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	return strconv.Quote(n.Value)
}

// documents reads the documents of a file.
func documents(raw []byte) ([]*yaml.Node, error) {
	dec := yaml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\uFEFF"))))
	var out []*yaml.Node
	for {
		var doc yaml.Node
		err := dec.Decode(&doc)
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, errors.New(strings.Join(strings.Fields(err.Error()), " "))
		}
		if len(doc.Content) == 1 && doc.Content[0].Tag != "!!null" {
			out = append(out, doc.Content[0])
		}
	}
}

var (
	jsonNumber  = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)
	yamlBoolean = map[string]bool{"true": true, "True": true, "TRUE": true, "false": false, "False": false, "FALSE": false}
)

// value turns a node into a JSON document as package jsonval knows them.
// Numbers stay as they are written, dates stay text.
func value(n *yaml.Node) (any, error) {
	switch n.Kind {
	case yaml.MappingNode:
		all, err := entries(n)
		if err != nil {
			return nil, err
		}
		out := make(map[string]any, len(all))
		for _, e := range all {
			if out[e.key.Value], err = value(e.value); err != nil {
				return nil, err
			}
		}
		return out, nil
	case yaml.SequenceNode:
		out := make([]any, 0, len(n.Content))
		for _, item := range n.Content {
			v, err := value(item)
			if err != nil {
				return nil, err
			}
			out = append(out, v)
		}
		return out, nil
	case yaml.ScalarNode:
		return scalar(n)
	}
	return nil, wrong(n, "anchors and aliases are not part of the language")
}

func scalar(n *yaml.Node) (any, error) {
	switch n.ShortTag() {
	case "!!null":
		return nil, nil
	case "!!bool":
		b, known := yamlBoolean[n.Value]
		if !known {
			return n.Value, nil
		}
		return b, nil
	case "!!int", "!!float":
		return number(n)
	}
	return n.Value, nil
}

// number keeps a number as it is written, where JSON has that form too.
func number(n *yaml.Node) (any, error) {
	if jsonNumber.MatchString(n.Value) {
		return json.Number(n.Value), nil
	}
	plain := strings.ReplaceAll(strings.TrimPrefix(n.Value, "+"), "_", "")
	if i, err := strconv.ParseInt(plain, 0, 64); err == nil {
		return json.Number(strconv.FormatInt(i, 10)), nil
	}
	f, err := strconv.ParseFloat(plain, 64)
	if text := strconv.FormatFloat(f, 'g', -1, 64); err == nil && jsonNumber.MatchString(text) {
		return json.Number(text), nil
	}
	return n.Value, nil // .inf and .nan are no numbers in JSON
}

// text is a scalar as it is written.
func text(n *yaml.Node) (string, error) {
	if n.Kind != yaml.ScalarNode {
		return "", wrong(n, "want text, not %s", short(n))
	}
	return n.Value, nil
}

// texts reads a list of texts, or one text alone.
func texts(n *yaml.Node) ([]string, error) {
	items := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		items = n.Content
	}
	var out []string
	for _, item := range items {
		s, err := text(item)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}
