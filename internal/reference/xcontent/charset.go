package xcontent

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

var utf8BOM = []byte("\xef\xbb\xbf")

// toUTF8 finds out as Jackson does how a JSON text is encoded, by a byte order
// mark or by where its first zero bytes are, and returns it in UTF-8. A mark of
// UTF-8 stays: positions count it.
func toUTF8(src []byte) (text []byte, transcoded bool) {
	big, little := binary.BigEndian, binary.LittleEndian
	whole := len(src) >= 4 // a shorter text has no mark
	switch {
	case whole && big.Uint32(src) == 0xfeff:
		return fromUTF32(src[4:], big), true
	case whole && little.Uint32(src) == 0xfeff:
		return fromUTF32(src[4:], little), true
	case whole && big.Uint16(src) == 0xfeff:
		return fromUTF16(src[2:], big), true
	case whole && little.Uint16(src) == 0xfeff:
		return fromUTF16(src[2:], little), true
	case whole && src[0] == 0 && src[1] == 0 && src[2] == 0:
		return fromUTF32(src, big), true
	case whole && src[1] == 0 && src[2] == 0 && src[3] == 0:
		return fromUTF32(src, little), true
	case len(src) >= 2 && src[0] == 0:
		return fromUTF16(src, big), true
	case len(src) >= 2 && src[1] == 0:
		return fromUTF16(src, little), true
	}
	return src, false
}

func fromUTF16(src []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, len(src)/2)
	for i := range units {
		units[i] = order.Uint16(src[2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}

func fromUTF32(src []byte, order binary.ByteOrder) []byte {
	var b []byte
	for ; len(src) >= 4; src = src[4:] {
		b = utf8.AppendRune(b, rune(order.Uint32(src)))
	}
	return b
}

// skipMark is how many bytes of a text are a byte order mark.
func skipMark(text []byte) int {
	if bytes.HasPrefix(text, utf8BOM) {
		return len(utf8BOM)
	}
	return 0
}
