package xcontent

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/esconform/esconform/internal/reference/eserr"
)

// Text returns the current value as text.
func (p *Parser) Text() (string, *eserr.Error) {
	switch p.token {
	case String:
		if p.stringOpen {
			if err := p.finishString(); err != nil {
				return "", err
			}
		}
		return p.text, nil
	case Num, Bool:
		return p.raw, nil
	}
	return "", eserr.IllegalArgument("Expected text at %s but found %s", p.Location(), p.token)
}

// Long returns the current value as a long. A string is read like a number,
// and a fraction is cut off.
func (p *Parser) Long() (int64, *eserr.Error) {
	if p.token == String {
		s, err := p.Text()
		if err != nil {
			return 0, err
		}
		v, problem := textToLong(s)
		switch problem {
		case longNotANumber:
			return 0, eserr.IllegalArgument("For input string: %q", s)
		case longOutOfRange:
			return 0, eserr.IllegalArgument("Value [%s] is out of range for a long", s)
		}
		return v, nil
	}
	if p.token == Bool {
		return 0, p.parseError("Current token (VALUE_"+strings.ToUpper(p.raw)+") not numeric, can not use numeric value accessors", p.here())
	}
	v, ok := Number(p.raw).Long()
	if !ok {
		return 0, p.OutOfRange(p.raw, LongRange, p.here())
	}
	return v, nil
}

// Int returns the current value as an int. A string is read as a double, and a
// fraction is cut off.
func (p *Parser) Int() (int64, *eserr.Error) {
	if p.token != String {
		v, ok := Number(p.raw).Long()
		if !ok || v != int64(int32(v)) {
			return 0, p.OutOfRange(p.raw, IntRange, p.here())
		}
		return v, nil
	}
	s, err := p.Text()
	if err != nil {
		return 0, err
	}
	f, ok := textToDouble(s)
	switch {
	case strings.TrimSpace(s) == "":
		return 0, eserr.JavaError("number_format_exception", "empty String")
	case !ok:
		return 0, eserr.JavaError("number_format_exception", "For input string: %q", s)
	case f < math.MinInt32 || f > math.MaxInt32:
		return 0, eserr.IllegalArgument("Value [%s] is out of range for an integer", s)
	}
	return int64(f), nil
}

// The ranges of numbers, as errors name them.
const (
	IntRange  = "int (-2147483648 - 2147483647)"
	LongRange = "long (-9223372036854775808 - 9223372036854775807)"
)

// OutOfRange reports a number of the input that does not fit a range.
func (p *Parser) OutOfRange(number, of string, at Location) *eserr.Error {
	if len(number) >= 1000 {
		number = "[Integer with " + strconv.Itoa(len(number)) + " digits]"
	}
	return p.jacksonError("input_coercion_exception", fmt.Sprintf("Numeric value (%s) out of range of %s", number, of), at)
}

// Boolean returns the current value as a boolean; the strings true and false
// are taken for one, and the empty one for false.
func (p *Parser) Boolean() (bool, *eserr.Error) {
	if p.token == Bool {
		return p.raw == "true", nil
	}
	s, err := p.Text()
	if err != nil {
		return false, err
	}
	switch s {
	case "true":
		return true, nil
	case "false", "":
		return false, nil
	}
	return false, eserr.IllegalArgument("Failed to parse value [%s] as only [true] or [false] are allowed.", s)
}

// Value reads the current value with everything in it. The parser then stands
// on its last token.
func (p *Parser) Value() (any, *eserr.Error) {
	switch p.token {
	case StartObject:
		return p.object()
	case StartArray:
		list := []any{}
		for {
			t, err := p.Next()
			if err != nil {
				return nil, err
			}
			if t == EndArray {
				return list, nil
			}
			v, err := p.Value()
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
	case Num:
		return NormalNumber(p.raw), nil
	case Bool:
		return p.raw == "true", nil
	case Null:
		return nil, nil
	}
	return p.Text()
}

// object reads the object that the parser stands on.
func (p *Parser) object() (*Object, *eserr.Error) {
	o := NewObject()
	for {
		t, err := p.Next()
		if err != nil {
			return nil, err
		}
		if t == EndObject {
			return o, nil
		}
		name := p.name
		if _, err := p.Next(); err != nil {
			return nil, err
		}
		v, err := p.Value()
		if err != nil {
			return nil, err
		}
		o.Set(name, v)
	}
}

// Skip passes over the current value.
func (p *Parser) Skip() *eserr.Error {
	_, err := p.Value()
	return err
}

// ParseObject reads a document that has to be one object.
func ParseObject(src []byte) (*Object, *eserr.Error) { return ReadObject(NewParser(src)) }

// ReadObject reads the object that a parser is before.
func ReadObject(p *Parser) (*Object, *eserr.Error) {
	t, err := p.Next()
	if err != nil {
		return nil, err
	}
	if t != StartObject {
		return nil, ParseError(p.Location(), "Expected START_OBJECT but was: %s", t)
	}
	return p.object()
}
