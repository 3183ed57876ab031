package xcontent

import (
	"fmt"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/esconform/esconform/internal/reference/eserr"
)

// finishString reads the string that was begun.
func (p *Parser) finishString() *eserr.Error {
	p.stringOpen = false
	var err *eserr.Error
	p.text, err = p.readString("string value")
	return err
}

// readString reads to the closing quote; what says what it is, for errors.
func (p *Parser) readString(what string) (string, *eserr.Error) {
	var b []byte
	rest := p.pos // where what is not yet in b begins
	for {
		if p.pos >= len(p.src) {
			if what == "name" {
				return "", p.eofError(`: was expecting closing '"' for name`)
			}
			return "", p.eofError(": was expecting closing quote for a string value")
		}
		c := p.src[p.pos]
		switch {
		case c == '"':
			plain := p.src[rest:p.pos]
			p.pos++
			if b == nil {
				return string(plain), nil
			}
			return string(append(b, plain...)), nil
		case c == '\\':
			b = append(b, p.src[rest:p.pos]...)
			p.pos++
			r, err := p.escape()
			if err != nil {
				return "", err
			}
			b, rest = utf8.AppendRune(b, r), p.pos
		case c < 0x20:
			p.pos++
			return "", p.parseError("Illegal unquoted character ("+describe(rune(c))+
				"): has to be escaped using backslash to be included in "+what, p.here())
		case c < utf8.RuneSelf:
			p.pos++
		default:
			r, n := utf8.DecodeRune(p.src[p.pos:])
			if r == utf8.RuneError && n == 1 {
				return "", p.badUTF8(c)
			}
			p.pos += n
		}
	}
}

// badUTF8 reports the byte that is not UTF-8.
func (p *Parser) badUTF8(c byte) *eserr.Error {
	p.pos++
	if c < 0xC0 || c > 0xF4 || p.pos >= len(p.src) {
		return p.parseError(fmt.Sprintf("Invalid UTF-8 start byte 0x%x", c), p.here())
	}
	c = p.src[p.pos]
	p.pos++
	return p.parseError(fmt.Sprintf("Invalid UTF-8 middle byte 0x%x", c), p.here())
}

var escapes = map[byte]rune{
	'b': '\b', 't': '\t', 'n': '\n', 'f': '\f', 'r': '\r', '"': '"', '/': '/', '\\': '\\',
}

// escape reads what stands behind a backslash.
func (p *Parser) escape() (rune, *eserr.Error) {
	if p.pos >= len(p.src) {
		return 0, p.eofError(" in character escape sequence")
	}
	c := p.src[p.pos]
	p.pos++
	if r, ok := escapes[c]; ok {
		return r, nil
	}
	if c != 'u' {
		return 0, p.parseError("Unrecognized character escape "+describe(rune(c)), p.here())
	}
	r, err := p.hex()
	if err != nil || !utf16.IsSurrogate(r) {
		return r, err
	}
	if p.pos+1 < len(p.src) && p.src[p.pos] == '\\' && p.src[p.pos+1] == 'u' {
		back := p.pos
		p.pos += 2
		low, err := p.hex()
		if err != nil {
			return 0, err
		}
		if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
			return pair, nil
		}
		p.pos = back
	}
	return utf8.RuneError, nil
}

// hex reads four hexadecimal digits.
func (p *Parser) hex() (rune, *eserr.Error) {
	var r rune
	for range 4 {
		if p.pos >= len(p.src) {
			return 0, p.eofError(" in character escape sequence")
		}
		c := p.src[p.pos]
		p.pos++
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c >= 'a' && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		case c >= 'A' && c <= 'F':
			r = r<<4 | rune(c-'A'+10)
		default:
			return 0, p.unexpected(c, "expected a hex-digit for character escape sequence")
		}
	}
	return r, nil
}
