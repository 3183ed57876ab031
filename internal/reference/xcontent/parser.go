package xcontent

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/esconform/esconform/internal/reference/eserr"
)

// Token is a kind of token, named as Elasticsearch names it.
type Token string

// The tokens. None is what stands at the end of the input.
const (
	None        Token = "null"
	StartObject Token = "START_OBJECT"
	EndObject   Token = "END_OBJECT"
	StartArray  Token = "START_ARRAY"
	EndArray    Token = "END_ARRAY"
	FieldName   Token = "FIELD_NAME"
	String      Token = "VALUE_STRING"
	Num         Token = "VALUE_NUMBER"
	Bool        Token = "VALUE_BOOLEAN"
	Null        Token = "VALUE_NULL"
)

// Location is a position in the input, counted from 1, columns in bytes.
type Location struct{ Line, Col int }

func (l Location) String() string { return fmt.Sprintf("%d:%d", l.Line, l.Col) }

// maxDepth is the nesting that Jackson allows.
const maxDepth = 1000

// frame is an object or array that is open.
type frame struct {
	object  bool
	start   Location
	entries int
	names   map[string]struct{}
}

// Parser is a pull parser over one JSON document. Like Jackson it looks one
// value ahead behind a field name, and it reads a string only when somebody
// asks for it: both decide which of two errors is seen first.
type Parser struct {
	src   []byte // in UTF-8
	given []byte // as it came, for errors
	// transcoded: it came in another encoding.
	transcoded bool
	pos        int
	line       int
	lineStart  int

	stack []frame
	token Token
	ahead Token // the value behind a field name

	name    string
	nameLoc Location
	loc     Location // of the current or the looked-ahead value
	raw     string   // of a number or a boolean

	stringOpen bool // a string was begun and not read
	text       string
}

// NewParser reads src, which it does not change, in any encoding of Unicode.
func NewParser(src []byte) *Parser {
	text, transcoded := toUTF8(src)
	return &Parser{src: text, given: src, transcoded: transcoded, pos: skipMark(text), line: 1, token: None, loc: Location{Line: 1}}
}

// Token returns the current token, None before the first Next.
func (p *Parser) Token() Token { return p.token }

// Name returns the field name that was read last.
func (p *Parser) Name() string { return p.name }

// Location returns the start of the current token.
func (p *Parser) Location() Location {
	if p.token == FieldName {
		return p.nameLoc
	}
	return p.loc
}

// Next goes to the next token; None at the end.
func (p *Parser) Next() (Token, *eserr.Error) {
	if p.token == FieldName {
		p.token = p.ahead
		return p.token, p.open(p.token)
	}
	if p.stringOpen {
		if err := p.finishString(); err != nil {
			return None, err
		}
	}
	c, eof, err := p.skipSpace()
	switch {
	case err != nil:
		return None, err
	case eof && len(p.stack) > 0:
		top := p.top()
		return None, p.eofError(fmt.Sprintf(": expected close marker for %s (start marker at %s)",
			p.context(), p.source(top.start)))
	case eof:
		p.token = None
		return None, nil
	case c == ']' || c == '}':
		return p.closeScope(c)
	}
	if len(p.stack) > 0 && p.top().entries > 0 {
		if c != ',' {
			return None, p.unexpected(c, "was expecting comma to separate "+p.context()+" entries")
		}
		if c, eof, err = p.skipSpace(); err != nil {
			return None, err
		} else if eof {
			return None, p.parseError("Unexpected end-of-input within/between "+p.context()+" entries", p.here())
		}
	}
	if len(p.stack) == 0 || !p.top().object {
		p.loc = p.before()
		p.token, err = p.value(c)
		if err == nil {
			err = p.open(p.token)
		}
		return p.token, err
	}
	return p.fieldName(c)
}

// fieldName reads a name that begins with c, the colon, and the beginning of
// the value.
func (p *Parser) fieldName(c byte) (Token, *eserr.Error) {
	p.nameLoc = p.before()
	if c != '"' {
		return None, p.unexpected(c, "was expecting double-quote to start field name")
	}
	name, err := p.readString("name")
	if err != nil {
		return None, err
	}
	top := p.top()
	if _, dup := top.names[name]; dup {
		return None, p.parseError("Duplicate field '"+name+"'", p.here())
	}
	if top.names == nil {
		top.names = map[string]struct{}{}
	}
	top.names[name] = struct{}{}
	top.entries++
	p.name = name
	c, eof, err := p.skipSpace()
	switch {
	case err != nil:
		return None, err
	case eof:
		return None, p.eofError(" within/between Object entries")
	case c != ':':
		return None, p.unexpected(c, "was expecting a colon to separate field name and value")
	}
	c, eof, err = p.skipSpace()
	switch {
	case err != nil:
		return None, err
	case eof:
		return None, p.eofError(" within/between Object entries")
	}
	p.loc = p.before()
	if p.ahead, err = p.value(c); err != nil {
		return None, err
	}
	p.token = FieldName
	return FieldName, nil
}

// value reads the value that begins with c, a string and a structure only in
// their beginning.
func (p *Parser) value(c byte) (Token, *eserr.Error) {
	if len(p.stack) > 0 && !p.top().object {
		p.top().entries++
	}
	switch {
	case c == '"':
		p.stringOpen = true
		return String, nil
	case c == '{':
		return StartObject, nil
	case c == '[':
		return StartArray, nil
	case c == '-' || (c >= '0' && c <= '9'):
		return Num, p.number()
	case c == 't':
		return Bool, p.word("true")
	case c == 'f':
		return Bool, p.word("false")
	case c == 'n':
		return Null, p.word("null")
	case c == ',' || c == '}' || (c == ']' && len(p.stack) > 0 && !p.top().object):
		return None, p.unexpected(c, "expected a value")
	}
	if isIdentifierStart(p.runeBefore()) {
		p.pos-- // the token's first character belongs to the message
		return None, p.invalidToken("")
	}
	return None, p.unexpected(c, "expected a valid value "+validTokens)
}

const validTokens = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"

// open enters an object or an array.
func (p *Parser) open(t Token) *eserr.Error {
	if t != StartObject && t != StartArray {
		return nil
	}
	if len(p.stack) >= maxDepth {
		return p.jacksonError("stream_constraints_exception", fmt.Sprintf(
			"Document nesting depth (%d) exceeds the maximum allowed (%d, from `StreamReadConstraints.getMaxNestingDepth()`)",
			maxDepth+1, maxDepth), p.here())
	}
	p.stack = append(p.stack, frame{object: t == StartObject, start: p.loc})
	return nil
}

// closeScope leaves the innermost object or array.
func (p *Parser) closeScope(c byte) (Token, *eserr.Error) {
	if len(p.stack) == 0 || p.top().object != (c == '}') {
		want := byte(']')
		if c == ']' {
			want = '}'
		}
		start := Location{1, 0}
		if len(p.stack) > 0 {
			start = p.top().start
		}
		return None, p.parseError(fmt.Sprintf("Unexpected close marker '%c': expected '%c' (for %s starting at %s)",
			c, want, p.context(), p.source(start)), p.before())
	}
	p.loc = p.before()
	p.stack = p.stack[:len(p.stack)-1]
	p.token = EndObject
	if c == ']' {
		p.token = EndArray
	}
	return p.token, nil
}

func (p *Parser) top() *frame { return &p.stack[len(p.stack)-1] }

// context names the innermost structure as Jackson does.
func (p *Parser) context() string {
	switch {
	case len(p.stack) == 0:
		return "root"
	case p.top().object:
		return "Object"
	}
	return "Array"
}

// here is the position behind the last byte read, before that of this byte.
func (p *Parser) here() Location   { return Location{p.line, p.pos - p.lineStart + 1} }
func (p *Parser) before() Location { return Location{p.line, p.pos - p.lineStart} }

// skipSpace skips white space and comments and returns the byte behind them.
func (p *Parser) skipSpace() (c byte, eof bool, err *eserr.Error) {
	for p.pos < len(p.src) {
		c = p.src[p.pos]
		p.pos++
		switch {
		case c == '\n':
			p.newLine()
		case c == '\r':
			if p.pos < len(p.src) && p.src[p.pos] == '\n' {
				p.pos++
			}
			p.newLine()
		case c == ' ' || c == '\t':
		case c == '/':
			if err := p.comment(); err != nil {
				return 0, false, err
			}
		case c < 0x20:
			return 0, false, p.parseError("Illegal character ("+describe(rune(c))+
				`): only regular white space (\r, \n, \t) is allowed between tokens`, p.here())
		default:
			return c, false, nil
		}
	}
	return 0, true, nil
}

func (p *Parser) newLine() {
	p.line++
	p.lineStart = p.pos
}

// comment skips a comment, which Elasticsearch allows.
func (p *Parser) comment() *eserr.Error {
	if p.pos >= len(p.src) {
		return p.eofError(" in a comment")
	}
	c := p.src[p.pos]
	p.pos++
	switch c {
	case '/':
		for p.pos < len(p.src) && p.src[p.pos] != '\n' && p.src[p.pos] != '\r' {
			p.pos++
		}
		return nil
	case '*':
		end := bytes.Index(p.src[p.pos:], []byte("*/"))
		if end < 0 {
			p.pos = len(p.src)
			return p.eofError(" in a comment")
		}
		for stop := p.pos + end + 2; p.pos < stop; {
			p.pos++
			if p.src[p.pos-1] == '\n' {
				p.newLine()
			}
		}
		return nil
	}
	return p.unexpected(c, "was expecting either '*' or '/' for a comment")
}

// number reads the rest of a number whose first byte was read.
func (p *Parser) number() *eserr.Error {
	start := p.pos - 1
	digits := func() int {
		n := 0
		for p.pos < len(p.src) && p.src[p.pos] >= '0' && p.src[p.pos] <= '9' {
			p.pos++
			n++
		}
		return n
	}
	first := p.src[start]
	if first == '-' {
		if p.pos >= len(p.src) {
			return p.eofError("")
		}
		first = p.src[p.pos]
		p.pos++
		if first < '0' || first > '9' {
			return p.numberError(first, "expected digit (0-9) to follow minus sign, for valid numeric value")
		}
	}
	if more := digits(); first == '0' && more > 0 {
		return p.parseError("Invalid numeric value: Leading zeroes not allowed", p.here())
	}
	if p.pos < len(p.src) && p.src[p.pos] == '.' {
		p.pos++
		if digits() == 0 {
			return p.missingDigit("Decimal point not followed by a digit")
		}
	}
	if p.pos < len(p.src) && (p.src[p.pos] == 'e' || p.src[p.pos] == 'E') {
		p.pos++
		if p.pos < len(p.src) && (p.src[p.pos] == '+' || p.src[p.pos] == '-') {
			p.pos++
		}
		if digits() == 0 {
			return p.missingDigit("Exponent indicator not followed by a digit")
		}
	}
	p.raw = string(p.src[start:p.pos])
	if len(p.stack) == 0 && p.pos < len(p.src) && !strings.ContainsRune(" \t\r\n", rune(p.src[p.pos])) {
		p.pos++
		return p.unexpected(p.src[p.pos-1], "Expected space separating root-level values")
	}
	return nil
}

func (p *Parser) missingDigit(comment string) *eserr.Error {
	if p.pos >= len(p.src) {
		return p.eofError("")
	}
	p.pos++
	return p.numberError(p.src[p.pos-1], comment)
}

// word reads the rest of true, false or null.
func (p *Parser) word(word string) *eserr.Error {
	for i := 1; i < len(word); i++ {
		if p.pos >= len(p.src) || p.src[p.pos] != word[i] {
			return p.invalidToken(word[:i])
		}
		p.pos++
	}
	if p.pos < len(p.src) {
		if r, _ := utf8.DecodeRune(p.src[p.pos:]); isIdentifierPart(r) {
			return p.invalidToken(word)
		}
	}
	p.raw = word
	return nil
}

// invalidToken reads on to the end of what looks like a word.
func (p *Parser) invalidToken(begin string) *eserr.Error {
	token := []rune(begin)
	for p.pos < len(p.src) {
		r, n := utf8.DecodeRune(p.src[p.pos:])
		if isIdentifierPart(r) || !p.transcoded { // Jackson's reader of characters does not go past it
			p.pos += n
		}
		if !isIdentifierPart(r) {
			break
		}
		if token = append(token, r); len(token) >= 256 {
			token = append(token, []rune("...")...)
			break
		}
	}
	return p.parseError(fmt.Sprintf("Unrecognized token '%s': was expecting %s", string(token), validTokens), p.here())
}

func (p *Parser) runeBefore() rune {
	r, _ := utf8.DecodeRune(p.src[p.pos-1:])
	return r
}

func isIdentifierStart(r rune) bool { return r == '_' || r == '$' || unicode.IsLetter(r) }
func isIdentifierPart(r rune) bool  { return isIdentifierStart(r) || unicode.IsDigit(r) }
