package xcontent

import (
	"slices"
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

// NeedsIt returns the field as a required one.
func (f Field) NeedsIt() Field {
	f.Required = true
	return f
}

// As returns the field read by another reader.
func (f Field) As(read func(*Parser) (any, *eserr.Error)) Field {
	f.Read = read
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
	if t != StartObject { // like Elasticsearch, whatever it is that is passed over
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
	start := p.Token()
	v, err := f.Read(p)
	if err != nil {
		return o.failed(p, name, err)
	}
	if end, opens := ends[start]; opens && p.Token() != end {
		return ParseError(p.Location(), "parser for [%s] did not end on %s", name, end)
	}
	result.Set(name, v)
	return nil
}

// ends are the tokens on which a reader stops that began on one of these.
var ends = map[Token]Token{StartObject: EndObject, StartArray: EndArray}

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
