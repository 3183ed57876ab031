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
	d := decoder{text: b}
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

// decoder reads a text of valid UTF-8. It is written by hand because documents
// are most of what a run works on: the tokens of encoding/json take four times
// as long.
type decoder struct {
	text  []byte
	at    int
	depth int
}

func (d *decoder) document() (any, error) {
	v, err := d.value()
	if err != nil {
		return nil, err
	}
	end := d.at
	if d.next(); d.at < len(d.text) {
		return nil, fmt.Errorf("text after the document, from byte %d", end)
	}
	return v, nil
}

// next passes over blanks and returns the byte that follows, 0 at the end.
func (d *decoder) next() byte {
	for ; d.at < len(d.text); d.at++ {
		switch c := d.text[d.at]; c {
		case ' ', '\t', '\r', '\n':
		default:
			return c
		}
	}
	return 0
}

func (d *decoder) value() (any, error) {
	switch c := d.next(); c {
	case '{':
		return d.nested(d.object)
	case '[':
		return d.nested(d.array)
	case '"':
		return d.string()
	case 't':
		return true, d.word("true")
	case 'f':
		return false, d.word("false")
	case 'n':
		return nil, d.word("null")
	default:
		return d.number()
	}
}

func (d *decoder) nested(read func() (any, error)) (any, error) {
	d.at++
	if d.depth++; d.depth > MaxDepth {
		return nil, fmt.Errorf("nested deeper than %d levels at byte %d", MaxDepth, d.at)
	}
	defer func() { d.depth-- }()
	return read()
}

func (d *decoder) object() (any, error) {
	object := map[string]any{}
	if d.next() == '}' {
		d.at++
		return object, nil
	}
	for {
		if d.next() != '"' {
			return nil, d.invalid("where a key in quotes is due")
		}
		key, err := d.string()
		if err != nil {
			return nil, err
		}
		if _, twice := object[key]; twice {
			return nil, fmt.Errorf("duplicate key %q at byte %d", short(key), d.at)
		}
		if d.next() != ':' {
			return nil, d.invalid("after a key")
		}
		d.at++
		if object[key], err = d.value(); err != nil {
			return nil, err
		}
		if more, err := d.goesOn('}'); !more {
			return object, err
		}
	}
}

func (d *decoder) array() (any, error) {
	array := []any{}
	if d.next() == ']' {
		d.at++
		return array, nil
	}
	for {
		v, err := d.value()
		if err != nil {
			return nil, err
		}
		array = append(array, v)
		if more, err := d.goesOn(']'); !more {
			return array, err
		}
	}
}

// goesOn reports whether a comma follows, and not the end.
func (d *decoder) goesOn(end byte) (bool, error) {
	switch d.next() {
	case ',':
		d.at++
		return true, nil
	case end:
		d.at++
		return false, nil
	}
	return false, d.invalid("after a value")
}

func (d *decoder) string() (string, error) {
	start, plain := d.at, true
	for d.at++; d.at < len(d.text); d.at++ {
		switch c := d.text[d.at]; {
		case c == '"':
			d.at++
			if plain {
				return string(d.text[start+1 : d.at-1]), nil
			}
			var s string
			if err := json.Unmarshal(d.text[start:d.at], &s); err != nil {
				return "", fmt.Errorf("%w at byte %d", err, start)
			}
			return s, nil
		case c == '\\':
			plain = false
			d.at++
		case c < ' ':
			return "", d.invalid("in a string")
		}
	}
	return "", d.invalid("in a string")
}

func (d *decoder) word(want string) error {
	for i := range len(want) {
		if d.at >= len(d.text) || d.text[d.at] != want[i] {
			return d.invalid("in " + want)
		}
		d.at++
	}
	return nil
}

func (d *decoder) number() (any, error) {
	start := d.at
	d.passes("-")
	if !d.passes("0") && !d.digits() {
		return nil, d.invalid("where a value is due")
	}
	if d.passes(".") && !d.digits() {
		return nil, d.invalid("after a decimal point")
	}
	if d.passes("eE") {
		d.passes("+-")
		if !d.digits() {
			return nil, d.invalid("in an exponent")
		}
	}
	return json.Number(d.text[start:d.at]), nil
}

// passes goes past one of these bytes, where it is next.
func (d *decoder) passes(any string) bool {
	if d.at >= len(d.text) || strings.IndexByte(any, d.text[d.at]) < 0 {
		return false
	}
	d.at++
	return true
}

func (d *decoder) digits() bool {
	start := d.at
	for d.passes("0123456789") {
	}
	return d.at > start
}

// invalid is the error of the byte that is next.
func (d *decoder) invalid(where string) error {
	if d.at >= len(d.text) {
		return fmt.Errorf("the text ends in the middle of the document, at byte %d", len(d.text))
	}
	r, _ := utf8.DecodeRune(d.text[d.at:])
	return fmt.Errorf("invalid character %q %s at byte %d", r, where, d.at)
}

func short(s string) string {
	if len(s) <= 60 {
		return s
	}
	return strings.ToValidUTF8(s[:60], "") + "…"
}
