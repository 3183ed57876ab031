package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/schemas"
)

// Published returns the project's own schemas, compiled once.
var Published = sync.OnceValues(func() (*Set, error) { return Load(schemas.FS) })

// Write writes a file that the project publishes a schema of: v as JSON, held
// against the schema of this name before anything is written.
func Write(w io.Writer, name string, v any) error {
	text, _, err := published(name, v)
	if err == nil {
		_, err = w.Write(text)
	}
	return err
}

// WriteLong is Write for a document whose last member is a list that is too long
// to be held as text: head is the document with that list empty. Each item is
// held against the schema as the only one of the list, and stands on a line of
// its own. An item that does not match leaves half a file behind.
func WriteLong[T any](w io.Writer, name string, head any, list string, items []T) error {
	text, doc, err := published(name, head)
	if err != nil {
		return err
	}
	whole, isObject := doc.(map[string]any)
	start, ok := bytes.CutSuffix(text, []byte("[]\n}\n"))
	if !isObject || !ok || !bytes.HasSuffix(start, fmt.Appendf(nil, "%q: ", list)) {
		return fmt.Errorf("write a document %s: it does not end with an empty list %s (a defect of esconform)", name, list)
	}
	if _, err := w.Write(append(slices.Clip(start), '[')); err != nil {
		return err
	}
	for _, others := range lists(whole, list) {
		whole[others] = []any{} // they match: once is enough
	}
	for i := range items {
		line, item, err := encoded(items[i], "")
		if err != nil {
			return err
		}
		whole[list] = []any{item}
		if err := check(name, whole); err != nil {
			return fmt.Errorf("item %d of %s: %w", i, list, err)
		}
		before := ",\n"
		if i == 0 {
			before = "\n"
		}
		if _, err := w.Write(append([]byte(before), bytes.TrimSuffix(line, []byte("\n"))...)); err != nil {
			return err
		}
	}
	_, err = io.WriteString(w, "\n]\n}\n")
	return err
}

// lists are the members of a document that are lists, but for one.
func lists(doc map[string]any, but string) (names []string) {
	for name, v := range doc {
		if _, ok := v.([]any); ok && name != but {
			names = append(names, name)
		}
	}
	return names
}

// published is v as JSON, indented, and what a reader makes of it, held against
// a schema.
func published(name string, v any) ([]byte, any, error) {
	text, doc, err := encoded(v, "  ")
	if err == nil {
		err = check(name, doc)
	}
	return text, doc, err
}

func encoded(v any, indent string) ([]byte, any, error) {
	var raw bytes.Buffer
	enc := json.NewEncoder(&raw)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	if err := enc.Encode(v); err != nil {
		return nil, nil, err
	}
	doc, err := jsonval.Decode(raw.Bytes())
	if err != nil {
		return nil, nil, fmt.Errorf("read back what was written: %w", err)
	}
	return raw.Bytes(), doc, nil
}

func check(name string, doc any) error {
	set, err := Published()
	if err != nil {
		return err
	}
	if problems := set.Validate(name, doc); len(problems) > 0 {
		return fmt.Errorf("the report does not match its schema %s (a defect of esconform): %s", name, problems[0])
	}
	return nil
}
