package reference

import (
	"strconv"
	"time"

	"github.com/esconform/esconform/internal/reference/estime"
	"github.com/esconform/esconform/internal/reference/search"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// mappedFields are the fields of the connector API's indices.
var mappedFields = map[string]search.Fields{
	ConnectorIndex: flat(search.Fields{}, "", mappings[ConnectorIndex]),
	JobIndex:       flat(search.Fields{}, "", mappings[JobIndex]),
}

// flat lists the fields of a mapping by their full names.
func flat(into search.Fields, prefix string, m mapping) search.Fields {
	for name, child := range m.properties {
		kind := child.kind
		if child.isObject() {
			kind = search.Object
			flat(into, prefix+name+".", child)
		}
		into[prefix+name] = search.Field{Kind: kind}
	}
	return into
}

// fieldsOf are the fields of an index. One that nobody mapped has those that
// its documents bring about: the first value of a field decides of which kind
// it is.
func fieldsOf(index string, docs []store.Doc) search.Fields {
	if mapped, ok := mappedFields[index]; ok {
		return mapped
	}
	fields := search.Fields{}
	for _, d := range docs {
		mapDynamically(fields, "", d.Source)
	}
	return fields
}

// keywordLimit is the longest text that is a keyword besides.
const keywordLimit = 256

func mapDynamically(fields search.Fields, name string, v any) {
	if _, mapped := fields[name]; mapped {
		return
	}
	switch v := v.(type) {
	case *xcontent.Object:
		for _, key := range v.Keys() {
			child := key
			if name != "" {
				child = name + "." + key
			}
			mapDynamically(fields, child, v.Get(key))
		}
	case []any:
		for _, e := range v {
			mapDynamically(fields, name, e)
		}
	case bool:
		fields[name] = search.Field{Kind: search.Boolean}
	case xcontent.Number:
		fields[name] = search.Field{Kind: search.Float}
		if _, err := strconv.ParseInt(string(v), 10, 64); err == nil {
			fields[name] = search.Field{Kind: search.Long}
		}
	case string:
		if looksLikeDate(v) {
			fields[name] = search.Field{Kind: search.Date}
			return
		}
		fields[name] = search.Field{Kind: search.Text}
		fields[name+".keyword"] = search.Field{Kind: search.Keyword, Path: name, IgnoreAbove: keywordLimit}
	}
}

// looksLikeDate reports whether a text is taken for a date: a bare number is
// not.
func looksLikeDate(s string) bool {
	if _, err := strconv.ParseFloat(s, 64); err == nil {
		return false
	}
	_, err := estime.Default.Parse(s, time.UTC, false)
	return err == nil
}
