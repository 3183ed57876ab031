// Package jsonval handles JSON documents whose exact content matters: numbers
// are never rounded, duplicate keys are never merged, and nothing after the
// document is overlooked.
//
// A document is one of nil, bool, string, json.Number, []any and
// map[string]any.
package jsonval

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// MaxDepth is how deep objects and arrays may be nested.
const MaxDepth = 512

// Decode reads exactly one JSON document. Numbers stay json.Number, as they
// were written. Duplicate keys, trailing data, invalid UTF-8 and nesting
// deeper than MaxDepth are errors.
func Decode(b []byte) (any, error) {
	if len(bytes.TrimSpace(b)) == 0 {
		return nil, errors.New("read JSON: the text is empty")
	}
	if at := invalidUTF8(b); at >= 0 {
		return nil, fmt.Errorf("read JSON: invalid UTF-8 at byte %d", at)
	}
	d := decoder{json: json.NewDecoder(bytes.NewReader(b))}
	d.json.UseNumber()
	v, err := d.document()
	if err != nil {
		return nil, fmt.Errorf("read JSON: %w", err)
	}
	return v, nil
}

func invalidUTF8(b []byte) int {
	if utf8.Valid(b) {
		return -1
	}
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

type decoder struct {
	json  *json.Decoder
	depth int
}

func (d *decoder) document() (any, error) {
	v, err := d.value()
	if err != nil {
		return nil, err
	}
	end := d.json.InputOffset()
	if _, err := d.json.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("text after the document, from byte %d", end)
	}
	return v, nil
}

func (d *decoder) value() (any, error) {
	tok, err := d.json.Token()
	if err != nil {
		return nil, d.syntax(err)
	}
	return d.from(tok)
}

func (d *decoder) from(tok json.Token) (any, error) {
	delim, ok := tok.(json.Delim)
	if !ok {
		return tok, nil // nil, bool, string or json.Number
	}
	if d.depth++; d.depth > MaxDepth {
		return nil, fmt.Errorf("nested deeper than %d levels at byte %d", MaxDepth, d.json.InputOffset())
	}
	defer func() { d.depth-- }()
	if delim == '{' {
		return d.object()
	}
	return d.array()
}

func (d *decoder) object() (any, error) {
	object := map[string]any{}
	for {
		tok, err := d.json.Token()
		if err != nil {
			return nil, d.syntax(err)
		}
		key, ok := tok.(string)
		if !ok {
			return object, nil // the decoder lets only '}' stand here
		}
		if _, twice := object[key]; twice {
			return nil, fmt.Errorf("duplicate key %q at byte %d", short(key), d.json.InputOffset())
		}
		if object[key], err = d.value(); err != nil {
			return nil, err
		}
	}
}

func (d *decoder) array() (any, error) {
	array := []any{}
	for {
		tok, err := d.json.Token()
		if err != nil {
			return nil, d.syntax(err)
		}
		if tok == json.Delim(']') {
			return array, nil
		}
		v, err := d.from(tok)
		if err != nil {
			return nil, err
		}
		array = append(array, v)
	}
}

// syntax words an error of the decoder: an end of text is named as such, and
// every error says where it happened.
func (d *decoder) syntax(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("the text ends in the middle of the document, at byte %d", d.json.InputOffset())
	}
	return fmt.Errorf("%s at byte %d", strings.TrimPrefix(err.Error(), "json: "), d.json.InputOffset())
}

func short(s string) string {
	if len(s) <= 60 {
		return s
	}
	return strings.ToValidUTF8(s[:60], "") + "…"
}
