package schema

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/jsonval"
)

const draft07 = "http://json-schema.org/draft-07/schema#"

// How the value of a keyword is read when looking for unknown keywords.
type shape int

const (
	plain     shape = iota // no schema in it
	one                    // a schema
	list                   // an array of schemas
	oneOrList              // either
	named                  // an object whose values are schemas
	schemaOrNames
)

// keywords are the ones of draft-07 that the library obeys. Anything else is
// ignored by it without a word, so a typo would make a schema accept more.
var keywords = map[string]shape{
	"$schema": plain, "$id": plain, "$ref": plain, "$comment": plain,
	"title": plain, "description": plain, "examples": plain, "default": plain,
	"type": plain, "enum": plain, "const": plain, "format": plain,
	"multipleOf": plain, "minimum": plain, "maximum": plain, "exclusiveMinimum": plain, "exclusiveMaximum": plain,
	"minLength": plain, "maxLength": plain, "pattern": plain,
	"minItems": plain, "maxItems": plain, "uniqueItems": plain,
	"minProperties": plain, "maxProperties": plain, "required": plain,
	"items": oneOrList, "additionalItems": one, "contains": one,
	"properties": named, "patternProperties": named, "definitions": named,
	"additionalProperties": one, "propertyNames": one, "dependencies": schemaOrNames,
	"allOf": list, "anyOf": list, "oneOf": list, "not": one,
	"if": one, "then": one, "else": one,
}

// Lint reads the schemas in the root of fsys and returns one line a problem:
// another draft, an unknown keyword or format, a reference that leads nowhere.
func Lint(fsys fs.FS) []string {
	files, err := read(fsys)
	if err != nil {
		return []string{err.Error()}
	}
	return lint(files)
}

func lint(files []file) []string {
	byID := map[string]any{}
	var problems []string
	for _, f := range files {
		id := f.id()
		switch {
		case !strings.HasPrefix(id, "https://") || !strings.HasSuffix(id, "/"+f.name):
			problems = append(problems, fmt.Sprintf("%s: $id %q is not an https URL that ends in the name of the file", f.name, id))
		case byID[id] != nil:
			problems = append(problems, fmt.Sprintf("%s: $id %q is already taken", f.name, id))
		}
		byID[id] = f.doc
		if draft, _ := jsonval.Pointer(f.doc, "/$schema"); draft != draft07 {
			problems = append(problems, fmt.Sprintf("%s: $schema is %v, want %s", f.name, draft, draft07))
		}
	}
	for _, f := range files {
		l := linter{file: f, byID: byID}
		l.schema("", f.doc)
		problems = append(problems, l.problems...)
	}
	return problems
}

type linter struct {
	file     file
	byID     map[string]any
	problems []string
}

func (l *linter) complain(at, format string, args ...any) {
	l.problems = append(l.problems, fmt.Sprintf("%s#%s: ", l.file.name, at)+fmt.Sprintf(format, args...))
}

func (l *linter) schema(at string, v any) {
	if _, ok := v.(bool); ok {
		return
	}
	obj, ok := v.(map[string]any)
	if !ok {
		l.complain(at, "a schema is an object or a boolean")
		return
	}
	keys := make([]string, 0, len(obj))
	for k := range obj {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		shape, known := keywords[k]
		if !known {
			l.complain(at, "unknown keyword %q", k)
			continue
		}
		l.keyword(at+"/"+jsonval.Escape(k), k, shape, obj[k])
	}
	keys = slices.DeleteFunc(keys, func(k string) bool { return k == "description" }) // it demands nothing
	if _, ref := obj["$ref"]; ref && len(keys) > 1 {
		l.complain(at, "keywords beside $ref are ignored; use allOf")
	}
}

func (l *linter) keyword(at, key string, s shape, v any) {
	switch key {
	case "$ref":
		l.ref(at, v)
	case "format":
		if name, _ := v.(string); !slices.Contains(Formats(), name) {
			l.complain(at, "unknown format %q; known are %s", v, strings.Join(Formats(), ", "))
		}
	}
	switch s {
	case one:
		l.schema(at, v)
	case list:
		l.list(at, v)
	case oneOrList:
		if _, ok := v.([]any); ok {
			l.list(at, v)
		} else {
			l.schema(at, v)
		}
	case named, schemaOrNames:
		obj, ok := v.(map[string]any)
		if !ok {
			l.complain(at, "want an object")
		}
		for name, sub := range obj {
			if _, names := sub.([]any); !names || s == named {
				l.schema(at+"/"+jsonval.Escape(name), sub)
			}
		}
	}
}

func (l *linter) list(at string, v any) {
	items, ok := v.([]any)
	if !ok || len(items) == 0 {
		l.complain(at, "want an array of schemas")
	}
	for i, sub := range items {
		l.schema(fmt.Sprintf("%s/%d", at, i), sub)
	}
}

// ref checks a reference before the library does, which would look for it on
// the network.
func (l *linter) ref(at string, v any) {
	ref, _ := v.(string)
	target, fragment, _ := strings.Cut(ref, "#")
	doc := l.file.doc
	if target != "" {
		if !strings.Contains(target, "/") {
			target = strings.TrimSuffix(l.file.id(), l.file.name) + target
		}
		doc = l.byID[target]
	}
	if doc == nil {
		l.complain(at, "%q refers to no schema of this set", ref)
		return
	}
	if _, ok := jsonval.Pointer(doc, fragment); !ok {
		l.complain(at, "%q leads nowhere", ref)
	}
}
