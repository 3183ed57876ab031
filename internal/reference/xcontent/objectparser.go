package xcontent

import (
	"slices"
	"strconv"
	"strings"

	"github.com/esconform/esconform/internal/reference/eserr"
)

// Field is a field that an ObjectParser knows.
type Field struct {
	Name string
	// Tokens are the kinds of value that the field takes.
	Tokens []Token
	// Required fields must be there; null counts as absent.
	Required bool
	// Read reads the value that the parser stands on and leaves the parser on
	// its last token.
	Read func(*Parser) (any, *eserr.Error)
}

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

func integer(name string, read func(*Parser) (int64, *eserr.Error)) Field {
	return Field{Name: name, Tokens: numberTokens, Read: func(p *Parser) (any, *eserr.Error) {
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

// NestedList declares a field that takes a list of objects, or one object in
// place of a list of one.
func NestedList(name string, inner *ObjectParser) Field {
	return Field{Name: name, Tokens: listOfObjectsTokens, Read: func(p *Parser) (any, *eserr.Error) {
		list := []any{}
		if p.Token() == StartObject {
			v, err := inner.Parse(p)
			return append(list, v), err
		}
		for {
			t, err := p.Next()
			if err != nil {
				return nil, err
			}
			if t == EndArray {
				return list, nil
			}
			v, err := inner.Parse(p)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
	}}
}

// NeedsIt returns the field as a required one.
func (f Field) NeedsIt() Field {
	f.Required = true
	return f
}

// ObjectParser reads an object with declared fields, as Elasticsearch's
// ConstructingObjectParser does.
type ObjectParser struct {
	Name   string
	Fields []Field
	// Lenient parsers pass over unknown fields.
	Lenient bool
	// Build, if set, checks or changes what was read. Like Elasticsearch's
	// constructor it runs as soon as the last declared field has been read,
	// else at the end.
	Build func(*Object) *eserr.Error
}

// Parse reads the object that the parser stands on or before. The result has
// the fields that were given, null ones included.
func (o *ObjectParser) Parse(p *Parser) (*Object, *eserr.Error) {
	t := p.Token()
	if t == None {
		var err *eserr.Error
		if t, err = p.Next(); err != nil {
			return nil, err
		}
	}
	if t != StartObject {
		return nil, ParseError(p.Location(), "[%s] Expected START_OBJECT but was: %s", o.Name, t)
	}
	result, built := NewObject(), false
	for {
		t, err := p.Next()
		if err != nil {
			return nil, err
		}
		if t == EndObject {
			break
		}
		name, at := p.Name(), p.Location()
		if _, err := p.Next(); err != nil {
			return nil, err
		}
		if err := o.field(p, name, at, result); err != nil {
			return nil, err
		}
		if !built && result.Len() == len(o.Fields) {
			built = true
			if err := o.build(result); err != nil {
				return nil, o.failed(p, name, err)
			}
		}
	}
	if built {
		return result, nil
	}
	if err := o.missing(result); err != nil {
		return nil, err
	}
	return result, o.build(result)
}

// field reads one field into the result.
func (o *ObjectParser) field(p *Parser, name string, at Location, result *Object) *eserr.Error {
	i := slices.IndexFunc(o.Fields, func(f Field) bool { return f.Name == name })
	if i < 0 {
		if o.Lenient {
			return p.Skip()
		}
		return ParseError(at, "[%s] unknown field [%s]%s", o.Name, name, o.suggest(name))
	}
	f := o.Fields[i]
	if !slices.Contains(f.Tokens, p.Token()) {
		return ParseError(p.Location(), "[%s] %s doesn't support values of type: %s", o.Name, name, p.Token())
	}
	v, err := f.Read(p)
	if err != nil {
		return o.failed(p, name, err)
	}
	result.Set(name, v)
	return nil
}

func (o *ObjectParser) failed(p *Parser, name string, cause *eserr.Error) *eserr.Error {
	return ParseError(p.Location(), "[%s] failed to parse field [%s]", o.Name, name).CausedBy(cause)
}

func (o *ObjectParser) missing(result *Object) *eserr.Error {
	var missing []string
	for _, f := range o.Fields {
		if f.Required && result.Get(f.Name) == nil {
			missing = append(missing, f.Name)
		}
	}
	if missing == nil {
		return nil
	}
	return eserr.IllegalArgument("Required [%s]", strings.Join(missing, ", "))
}

func (o *ObjectParser) build(result *Object) *eserr.Error {
	if o.Build == nil {
		return nil
	}
	if err := o.Build(result); err != nil {
		return ParseError(Location{}, "Failed to build [%s] after last required field arrived", o.Name).CausedBy(err)
	}
	return nil
}

func (o *ObjectParser) suggest(name string) string {
	names := make([]string, len(o.Fields))
	for i, f := range o.Fields {
		names[i] = f.Name
	}
	return Suggest(name, names, " did you mean ")
}

// Suggest names the candidates that are like a word, best first, behind
// intro; "" where there are none.
func Suggest(word string, candidates []string, intro string) string {
	type scored struct {
		name  string
		score float32
	}
	var list []scored
	for _, c := range candidates {
		if s := similarity(word, c); s > 0.5 {
			list = append(list, scored{c, s})
		}
	}
	if list == nil {
		return ""
	}
	slices.SortFunc(list, func(a, b scored) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return strings.Compare(a.name, b.name)
	})
	names := make([]string, len(list))
	for i, s := range list {
		names[i] = s.name
	}
	if len(names) == 1 {
		return intro + "[" + names[0] + "]?"
	}
	return intro + "any of [" + strings.Join(names, ", ") + "]?"
}

// similarity is Lucene's LevenshteinDistance: 1 for the same word, 0 for
// nothing in common.
func similarity(a, b string) float32 {
	ra, rb := []rune(a), []rune(b)
	if len(ra) == 0 || len(rb) == 0 {
		if len(ra) == len(rb) {
			return 1
		}
		return 0
	}
	row := make([]int, len(rb)+1)
	for j := range row {
		row[j] = j
	}
	for i := range ra {
		diagonal := row[0]
		row[0] = i + 1
		for j := range rb {
			cost := 1
			if ra[i] == rb[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return 1 - float32(row[len(rb)])/float32(max(len(ra), len(rb)))
}
