package xcontent

import (
	"slices"
	"strconv"

	"github.com/esconform/esconform/internal/reference/eserr"
)

// The kinds of value that fields are declared with.
var (
	stringTokens        = []Token{String}
	stringOrNullTokens  = []Token{String, Null}
	numberTokens        = []Token{Num, String}
	booleanTokens       = []Token{Bool, String}
	objectTokens        = []Token{StartObject}
	objectOrNullTokens  = []Token{StartObject, Null}
	objectOrTextTokens  = []Token{StartObject, String}
	anyValueTokens      = []Token{Bool, Null, Num, String, StartObject, StartArray}
	listOfObjectsTokens = []Token{StartArray, StartObject}
	listOfTextsTokens   = []Token{StartArray, String}
	scalarTokens        = []Token{Bool, Null, Num, String}
)

func readText(p *Parser) (any, *eserr.Error) {
	if p.Token() == Null {
		return nil, nil
	}
	return p.Text()
}

func readValue(p *Parser) (any, *eserr.Error) { return p.Value() }

// Text declares a field that takes a string.
func Text(name string) Field { return Field{Name: name, Tokens: stringTokens, Read: readText} }

// TextOrNull declares a field that takes a string or null.
func TextOrNull(name string) Field {
	return Field{Name: name, Tokens: stringOrNullTokens, Read: readText}
}

// Long declares a field that takes what can be read as a long.
func Long(name string) Field { return integer(name, (*Parser).Long) }

// Int declares a field that takes what can be read as an int.
func Int(name string) Field { return integer(name, (*Parser).Int) }

// LongOrNull declares a field that takes what can be read as a long, or null.
func LongOrNull(name string) Field {
	f := Long(name)
	f.Tokens = append(slices.Clone(f.Tokens), Null)
	return f
}

func integer(name string, read func(*Parser) (int64, *eserr.Error)) Field {
	return Field{Name: name, Tokens: numberTokens, Read: func(p *Parser) (any, *eserr.Error) {
		if p.Token() == Null {
			return nil, nil
		}
		v, err := read(p)
		if err != nil {
			return nil, err
		}
		return Number(strconv.FormatInt(v, 10)), nil
	}}
}

// Boolean declares a field that takes a boolean or its text.
func Boolean(name string) Field {
	return Field{Name: name, Tokens: booleanTokens, Read: func(p *Parser) (any, *eserr.Error) { return p.Boolean() }}
}

// Map declares a field that takes any object.
func Map(name string) Field { return Field{Name: name, Tokens: objectTokens, Read: readValue} }

// MapOrNull declares a field that takes any object or null.
func MapOrNull(name string) Field {
	return Field{Name: name, Tokens: objectOrNullTokens, Read: readValue}
}

// Any declares a field that takes any value.
func Any(name string) Field { return Field{Name: name, Tokens: anyValueTokens, Read: readValue} }

// MapOrText declares a field that takes an object or a string, read by read.
func MapOrText(name string, read func(*Parser) (any, *eserr.Error)) Field {
	return Field{Name: name, Tokens: objectOrTextTokens, Read: read}
}

// TextOrNullAs declares a field that takes a string or null, read by read
// unless it is null.
func TextOrNullAs(name string, read func(*Parser) (any, *eserr.Error)) Field {
	return Field{Name: name, Tokens: stringOrNullTokens, Read: func(p *Parser) (any, *eserr.Error) {
		if p.Token() == Null {
			return nil, nil
		}
		return read(p)
	}}
}

// TextAs declares a field that takes a string, read by read.
func TextAs(name string, read func(*Parser) (any, *eserr.Error)) Field {
	return Field{Name: name, Tokens: stringTokens, Read: read}
}

// Nested declares a field whose object another parser reads.
func Nested(name string, inner *ObjectParser) Field {
	return Field{Name: name, Tokens: objectTokens, Read: func(p *Parser) (any, *eserr.Error) { return inner.Parse(p) }}
}

// NestedOrNull declares a field that takes null or an object that another
// parser reads.
func NestedOrNull(name string, inner *ObjectParser) Field {
	return Field{Name: name, Tokens: objectOrNullTokens, Read: func(p *Parser) (any, *eserr.Error) {
		if p.Token() == Null {
			return nil, nil
		}
		return inner.Parse(p)
	}}
}

// NestedList declares a field that takes a list of objects, or one object in
// place of a list of one.
func NestedList(name string, inner *ObjectParser) Field {
	return Field{Name: name, Tokens: listOfObjectsTokens, Read: listOf(func(p *Parser) (any, *eserr.Error) { return inner.Parse(p) })}
}

// TextList declares a field that takes a list of texts, or one text in place of
// a list of one. Numbers and booleans in it count as texts.
func TextList(name string) Field {
	return Field{Name: name, Tokens: listOfTextsTokens, Read: listOf(func(p *Parser) (any, *eserr.Error) { return p.Text() })}
}

// listOf reads a list whose items are read by item.
func listOf(item func(*Parser) (any, *eserr.Error)) func(*Parser) (any, *eserr.Error) {
	return func(p *Parser) (any, *eserr.Error) {
		list := []any{}
		if p.Token() != StartArray {
			v, err := item(p)
			return append(list, v), err
		}
		for {
			t, err := p.Next()
			switch {
			case err != nil:
				return nil, err
			case t == EndArray:
				return list, nil
			case t == StartArray:
				return nil, eserr.JavaError("illegal_state_exception", "expected value but got [%s]", t)
			}
			v, err := item(p)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
	}
}

// NestedMap declares a field that takes an object in which every value is an
// object that another parser reads.
func NestedMap(name string, inner *ObjectParser) Field {
	return Field{Name: name, Tokens: objectTokens, Read: func(p *Parser) (any, *eserr.Error) {
		o := NewObject()
		for {
			if t, err := p.Next(); err != nil || t != FieldName {
				return o, err
			}
			key := p.Name()
			if _, err := p.Next(); err != nil {
				return nil, err
			}
			v, err := inner.Parse(p)
			if err != nil {
				return nil, err
			}
			o.Set(key, v)
		}
	}}
}

// LooseMap declares a field that takes any object, and anything else for an
// empty one.
func LooseMap(name string) Field {
	return Field{Name: name, Tokens: anyValueTokens, Read: func(p *Parser) (any, *eserr.Error) {
		if p.Token() == StartObject {
			return p.Value()
		}
		return NewObject(), nil
	}}
}

// MapOrList declares a field that takes any object or any list.
func MapOrList(name string) Field {
	return Field{Name: name, Tokens: listOfObjectsTokens, Read: readValue}
}

// Scalar declares a field that takes values of these tokens, all of which have
// to be single ones: others of that kind are refused as unsupported.
func Scalar(name string, takes ...Token) Field { return unsupported(name, scalarTokens, takes) }

// Some declares a field that takes values of these tokens: others are refused
// as unsupported.
func Some(name string, takes ...Token) Field { return unsupported(name, anyValueTokens, takes) }

func unsupported(name string, tokens, takes []Token) Field {
	return Field{Name: name, Tokens: tokens, Read: func(p *Parser) (any, *eserr.Error) {
		if !slices.Contains(takes, p.Token()) {
			return nil, ParseError(Location{}, "Unsupported token [%s]", p.Token())
		}
		return p.Value()
	}}
}
