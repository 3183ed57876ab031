// Package search finds documents as Elasticsearch does: which queries there
// are, how they read the values of mapped fields, in which order hits come and
// how errors are worded (measured on 8.19 and 9.5).
package search

import (
	"slices"
	"strings"
	"time"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/estime"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// The kinds of mapped fields, named as mappings name them.
const (
	Keyword = "keyword"
	Text    = "text"
	Date    = "date"
	Long    = "long"
	Integer = "integer"
	Short   = "short"
	Float   = "float"
	Boolean = "boolean"
	Object  = "object"

	kindID    = "_id"
	kindIndex = "_index"
)

// Field is how one field is mapped.
type Field struct {
	Kind string
	// Path is where its values are, if not under its own name.
	Path string
	// IgnoreAbove is the longest text that is indexed, 0 for any.
	IgnoreAbove int
}

// Fields are the mapped fields of an index by their full names. What is in no
// field can be neither searched nor sorted by.
type Fields map[string]Field

// metadata are fields that every document has.
var metadata = Fields{"_id": {Kind: kindID}, "_index": {Kind: kindIndex}, "_seq_no": {Kind: Long}, "_version": {Kind: Long}}

// Index is what is searched.
type Index struct {
	Name    string
	Aliases []string
	UUID    string
	Fields  Fields
	Docs    []store.Doc // in the order of their last writes
}

// shard is an index during one search.
type shard struct {
	Index
	now     time.Time
	columns map[string]*column
}

func newShard(ix Index, now time.Time) *shard {
	return &shard{Index: ix, now: now, columns: map[string]*column{}}
}

// field returns how a field is mapped; ok is false for one that is not.
func (sh *shard) field(name string) (f Field, ok bool) {
	if f, ok = metadata[name]; !ok {
		f, ok = sh.Fields[name]
	}
	return f, ok && f.Kind != Object
}

// column holds the indexed values of one field, document by document.
type column struct {
	Field
	name   string
	values [][]any // string, int64 or float64
	docs   int     // documents with a value
	total  int     // values in all
}

// column returns the values of a field, nil for one that is not mapped.
func (sh *shard) column(name string) *column {
	if c, known := sh.columns[name]; known {
		return c
	}
	f, ok := sh.field(name)
	if !ok {
		return nil
	}
	c := &column{Field: f, name: name, values: make([][]any, len(sh.Docs))}
	for i, d := range sh.Docs {
		c.values[i] = sh.indexed(c, d)
		c.total += len(c.values[i])
		if len(c.values[i]) > 0 {
			c.docs++
		}
	}
	sh.columns[name] = c
	return c
}

// indexed returns what of a document is indexed in a field.
func (sh *shard) indexed(c *column, d store.Doc) []any {
	switch c.name {
	case "_id":
		return []any{d.ID}
	case "_index":
		return []any{sh.Name}
	case "_seq_no":
		return []any{d.SeqNo}
	case "_version":
		return []any{d.Version}
	}
	path := c.Path
	if path == "" {
		path = c.name
	}
	var values []any
	for _, v := range valuesAt(d.Source, strings.Split(path, ".")) {
		values = append(values, c.index(v)...)
	}
	if c.Kind == Text { // how often a word stands there counts
		return values
	}
	return distinct(values)
}

func distinct(values []any) []any {
	seen := make(map[any]bool, len(values))
	return slices.DeleteFunc(values, func(v any) bool {
		again := seen[v]
		seen[v] = true
		return again
	})
}

// index returns what one value becomes in a field: nothing where it does not
// fit, which the mapping has let through then.
func (c *column) index(v any) []any {
	switch c.Kind {
	case Keyword, Boolean:
		if s := textOf(v); c.IgnoreAbove == 0 || len(s) <= c.IgnoreAbove {
			return []any{s}
		}
	case Text:
		return words(textOf(v))
	case Date:
		if t, err := estime.Default.Parse(textOf(v), time.UTC, false); err == nil {
			return []any{t.UnixMilli()}
		}
	case Long, Integer, Short:
		if n, err := parseNumber(v); err == nil {
			return []any{n.whole}
		}
	case Float:
		if n, err := parseNumber(v); err == nil {
			return []any{n.float}
		}
	}
	return nil
}

// valuesAt returns the values under a path. Names may hold dots themselves,
// and a list stands for each of its elements.
func valuesAt(v any, path []string) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		var all []any
		for _, e := range v {
			all = append(all, valuesAt(e, path)...)
		}
		return all
	case *xcontent.Object:
		var all []any
		for n := 1; n <= len(path); n++ {
			all = append(all, valuesAt(v.Get(strings.Join(path[:n], ".")), path[n:])...)
		}
		return all
	}
	if len(path) > 0 {
		return nil
	}
	return []any{v}
}

// textOf is a single value as text.
func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case xcontent.Number:
		return string(v)
	}
	return string(xcontent.JSON(v))
}

// failed makes an error of one index out of what a query stumbled over.
func (sh *shard) failed(cause *eserr.Error, format string, args ...any) *eserr.Error {
	e := eserr.New(400, "query_shard_exception", format, args...).With(
		eserr.Field{Name: "index_uuid", Value: sh.UUID}, eserr.Field{Name: "index", Value: sh.Name})
	return e.CausedBy(cause)
}

// unqueryable reports a value that a query cannot be made of.
func (sh *shard) unqueryable(cause *eserr.Error) *eserr.Error {
	return sh.failed(cause, "failed to create query: %s", cause.Reason)
}
