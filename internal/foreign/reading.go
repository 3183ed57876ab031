package foreign

import (
	"bytes"
	"html"
	"strconv"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// reading is a text as it reads when its escapes are undone: those of JSON, of
// URLs, of HTML and XML, and those of Go. at says where each byte comes from in
// the text as it is written; it has one entry more, for the end.
type reading struct {
	text []byte
	at   []int
}

// maxReadings is how often a text may be escaped: JSON in JSON in a URL.
const maxReadings = 5

// readingsOf returns a text as it is, and as it reads with its escapes undone
// once, twice, as long as there are any. Blanks are folded in each.
func readingsOf(text string) []reading {
	r := reading{text: []byte(text), at: make([]int, len(text)+1)}
	for i := range r.at {
		r.at[i] = i
	}
	all := []reading{r.folded()}
	for len(all) < maxReadings {
		var changed bool
		if r, changed = r.unescaped(); !changed {
			break
		}
		all = append(all, r.folded())
	}
	return all
}

// folded makes one blank of all that stand together, for that is how texts
// become lines, and one character of bytes that are no UTF-8, as in JSON. A
// plus sign is a blank in URLs.
func (r reading) folded() reading {
	out := r.room()
	for i := 0; i < len(r.text); {
		c, size := rune(r.text[i]), 1
		if c >= utf8.RuneSelf {
			c, size = utf8.DecodeRune(r.text[i:])
		}
		switch {
		case c == '+' || unicode.IsSpace(c):
			c = ' '
		case unicode.IsControl(c): // as in XML, which holds none
			c = utf8.RuneError
		}
		if n := len(out.text); c != ' ' || n == 0 || out.text[n-1] != ' ' {
			out.text = utf8.AppendRune(out.text, c)
			out.come(r.at[i])
		}
		i += size
	}
	return out.ended(r)
}

// unescaped undoes the escapes of a text once; it is false where there are
// none.
func (r reading) unescaped() (reading, bool) {
	const starts = `\%&`
	if !bytes.ContainsAny(r.text, starts) {
		return r, false
	}
	out, changed := r.room(), false
	for i := 0; i < len(r.text); {
		n := bytes.IndexAny(r.text[i:], starts)
		if n < 0 {
			n = len(r.text) - i
		}
		out.text = append(out.text, r.text[i:i+n]...)
		out.at = append(out.at, r.at[i:i+n]...)
		if i += n; i == len(r.text) {
			break
		}
		plain, size := unescape(r.text[i:])
		out.text = append(out.text, plain...)
		out.come(r.at[i])
		i += size
		changed = changed || size > 1
	}
	return out.ended(r), changed
}

// room returns an empty reading with room for as much as r holds.
func (r reading) room() reading {
	return reading{text: make([]byte, 0, len(r.text)), at: make([]int, 0, len(r.at))}
}

// come notes where the bytes come from that have just been added.
func (r *reading) come(from int) {
	for len(r.at) < len(r.text) {
		r.at = append(r.at, from)
	}
}

func (r *reading) ended(of reading) reading {
	r.at = append(r.at, of.at[len(of.at)-1])
	return *r
}

// unescape returns what the escape at the start of a text stands for, and its
// length; or the first byte where there is none.
func unescape(text []byte) (plain []byte, size int) {
	switch text[0] {
	case '\\':
		if plain, size = backslash(text); size > 0 {
			return plain, size
		}
	case '%':
		if v, ok := hexadecimal(text, 1, 2); ok {
			return []byte{byte(v)}, 3
		}
	case '&':
		const longest = 33 // of the names of HTML
		if end := bytes.IndexByte(text[:min(len(text), longest)], ';'); end > 0 {
			entity := string(text[:end+1])
			if plain := html.UnescapeString(entity); plain != entity {
				return []byte(plain), end + 1
			}
		}
	}
	return text[:1], 1
}

var controls = map[byte]byte{'n': '\n', 't': '\t', 'r': '\r', 'b': '\b', 'f': '\f', 'v': '\v', 'a': '\a'}

// backslash undoes an escape that begins with one.
func backslash(text []byte) (plain []byte, size int) {
	if len(text) < 2 {
		return nil, 0
	}
	switch c := text[1]; {
	case c == 'u':
		v, ok := hexadecimal(text, 2, 4)
		if !ok {
			return nil, 0
		}
		if len(text) > 7 && text[6] == '\\' && text[7] == 'u' {
			if low, ok := hexadecimal(text, 8, 4); ok {
				if r := utf16.DecodeRune(v, low); r != utf8.RuneError {
					return utf8.AppendRune(nil, r), 12
				}
			}
		}
		return utf8.AppendRune(nil, v), 6
	case c == 'U':
		if v, ok := hexadecimal(text, 2, 8); ok {
			return utf8.AppendRune(nil, v), 10
		}
	case c == 'x':
		if v, ok := hexadecimal(text, 2, 2); ok {
			return []byte{byte(v)}, 4
		}
	case controls[c] != 0:
		return []byte{controls[c]}, 2
	case !alphanumeric(c):
		return text[1:2], 2
	}
	return nil, 0
}

// hexadecimal reads so many digits.
func hexadecimal(text []byte, at, digits int) (rune, bool) {
	if len(text) < at+digits {
		return 0, false
	}
	v, err := strconv.ParseUint(string(text[at:at+digits]), 16, 31)
	return rune(v), err == nil
}
