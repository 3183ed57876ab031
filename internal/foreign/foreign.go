// Package foreign is the door for every text that came from a server, a page
// or a file, on its way to a terminal, a log, an annotation or a report:
// secrets go out, what cannot be seen is made visible, and what a CI system
// would obey is made powerless.
//
// A character that cannot be seen is shown in one way everywhere, as JSON
// writes it: \u001b. So a file of JSON stays exact, and nothing in any file or
// on any screen is raw. A byte that is no UTF-8 is shown as \xff.
package foreign

import (
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Block makes a text visible that is shown as a block: its line breaks stay.
func Block(text string) string { return visible(text, true) }

// Line makes a text visible that is shown on one line.
func Line(text string) string { return visible(text, false) }

// Escape is Block for what is written to a file: text of any kind, or JSON as
// an encoder writes it, which means the same afterwards.
func Escape(content []byte) []byte {
	if seen(string(content), true) {
		return content
	}
	return []byte(Block(string(content)))
}

func visible(text string, breaks bool) string {
	if seen(text, breaks) {
		return text
	}
	var b strings.Builder
	b.Grow(len(text) + 16)
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		switch {
		case breaks && strings.HasPrefix(text, "\r\n"):
			b.WriteByte('\n')
			size = 2
		case graphic(r, breaks) && !(r == utf8.RuneError && size == 1):
			b.WriteString(text[:size])
		case r == utf8.RuneError:
			hex(&b, 'x', uint32(text[0]), 2)
		case r > 0xffff: // as JSON writes it
			high, low := utf16.EncodeRune(r)
			hex(&b, 'u', uint32(high), 4)
			hex(&b, 'u', uint32(low), 4)
		default:
			hex(&b, 'u', uint32(r), 4)
		}
		text = text[size:]
	}
	return b.String()
}

// seen reports whether a text can be shown as it is.
func seen(text string, breaks bool) bool {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(text[i:])
			if r == utf8.RuneError && size == 1 || !unicode.IsGraphic(r) {
				return false
			}
			i += size - 1
		case c < ' ' || c == 0x7f:
			if c != '\t' && !(breaks && c == '\n') {
				return false
			}
		}
	}
	return true
}

func graphic(r rune, breaks bool) bool {
	return unicode.IsGraphic(r) || r == '\t' || breaks && r == '\n'
}

// hex writes an escape of so many hexadecimal digits.
func hex(b *strings.Builder, kind byte, value uint32, digits int) {
	b.WriteByte('\\')
	b.WriteByte(kind)
	for shift := 4 * (digits - 1); shift >= 0; shift -= 4 {
		b.WriteByte("0123456789abcdef"[value>>shift&0xf])
	}
}
