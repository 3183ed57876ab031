package xcontent

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/esconform/esconform/internal/reference/eserr"
)

// maxSnippet is how many bytes of its input Jackson shows in an error.
const maxSnippet = 500

// ParseError makes an XContentParseException at a position; the zero Location
// is none.
func ParseError(at Location, format string, args ...any) *eserr.Error {
	reason := fmt.Sprintf(format, args...)
	if at != (Location{}) {
		reason = "[" + at.String() + "] " + reason
	}
	return &eserr.Error{Type: "x_content_parse_exception", Reason: reason, Status: 400, Family: eserr.Parse}
}

// source describes the input and a position in it as Jackson does.
func (p *Parser) source(at Location) string {
	shown, rest := p.given, ""
	if len(shown) > maxSnippet {
		rest = fmt.Sprintf("[truncated %d bytes]", len(shown)-maxSnippet)
		shown = shown[:maxSnippet]
	}
	var b strings.Builder
	for _, r := range string(shown) { // a byte that is no UTF-8 is U+FFFD
		if unicode.IsControl(r) && r != '\r' && r != '\n' {
			fmt.Fprintf(&b, "\\u%04X", r)
			continue
		}
		b.WriteRune(r)
	}
	return fmt.Sprintf(`[Source: (byte[])"%s"%s; line: %d, column: %d]`, b.String(), rest, at.Line, at.Col)
}

// jacksonError wraps an exception of Jackson as Elasticsearch does.
func (p *Parser) jacksonError(typ, message string, at Location) *eserr.Error {
	message += "\n at " + p.source(at)
	return ParseError(at, "%s", message).CausedBy(
		&eserr.Error{Type: typ, Reason: message, Status: 400, Family: eserr.Java})
}

func (p *Parser) parseError(message string, at Location) *eserr.Error {
	return p.jacksonError("json_parse_exception", message, at)
}

// eofError reports that the input ended too early.
func (p *Parser) eofError(message string) *eserr.Error {
	at := p.here()
	err := ParseError(at, "Unexpected end of file")
	err.Type = "x_content_e_o_f_exception"
	return err.CausedBy(&eserr.Error{
		Type: "json_e_o_f_exception", Status: 400, Family: eserr.Java,
		Reason: "Unexpected end-of-input" + message + "\n at " + p.source(at),
	})
}

// unexpected reports the byte c, which was just read.
func (p *Parser) unexpected(c byte, comment string) *eserr.Error {
	r := rune(c)
	if c >= utf8.RuneSelf {
		var n int
		if r, n = utf8.DecodeRune(p.src[p.pos-1:]); r == utf8.RuneError && n == 1 {
			if p.pos < len(p.src) { // Jackson reports what it reads next
				c = p.src[p.pos]
			}
			return p.badUTF8(c)
		}
		p.pos += n - 1
	}
	return p.parseError("Unexpected character ("+describe(r)+"): "+comment, p.here())
}

// numberError reports a byte that no number has at this place.
func (p *Parser) numberError(c byte, comment string) *eserr.Error {
	return p.parseError("Unexpected character ("+describe(rune(c))+") in numeric value: "+comment, p.here())
}

// describe names a character as Jackson does.
func describe(r rune) string {
	switch {
	case r < 0x20 || (r >= 0x7f && r < 0xa0):
		return fmt.Sprintf("(CTRL-CHAR, code %d)", r)
	case r > 255:
		return fmt.Sprintf("'%c' (code %d / 0x%x)", r, r, r)
	}
	return fmt.Sprintf("'%c' (code %d)", r, r)
}
