package foreign

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
)

// unreserved are the characters that no form of a text escapes.
const unreserved = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-._~"

// pattern finds one secret in whatever form it is written: a text is searched
// as it is, and then as it reads when its escapes are undone, once and again.
type pattern struct {
	// readings are the secret as it is, and with what looks like an escape in
	// it undone: that happens to the text as well.
	readings [][]byte
	core     string // stands in each form as it is
	word     bool
}

// leastReading is how many bytes are left of a secret when what looks like an
// escape in it is undone; fewer would be found everywhere.
const leastReading = 4

func newPattern(secret string) pattern {
	p := pattern{core: core(secret), word: len(secret) <= shortSecret}
	for i, r := range readingsOf(secret) {
		if i == 0 || len(r.text) >= leastReading {
			p.readings = append(p.readings, r.text)
		}
	}
	return p
}

// core is the longest part of a secret that no form of it escapes.
func core(secret string) string {
	longest := ""
	for _, part := range strings.FieldsFunc(secret, func(r rune) bool { return !strings.ContainsRune(unreserved, r) }) {
		if len(part) > len(longest) {
			longest = part
		}
	}
	return longest
}

// span is a part of a text, in bytes.
type span struct{ start, end int }

// find lists where the secret stands in a text with these readings.
func (p pattern) find(texts []reading) []span {
	var found []span
	for _, in := range texts {
		for _, secret := range p.readings {
			for from := 0; ; {
				at := bytes.Index(in.text[from:], secret)
				if at < 0 {
					break
				}
				start := from + at
				end := start + len(secret)
				if !p.word || !joined(in.text, start) && !joined(in.text, end) {
					found = append(found, span{in.at[start], in.at[end]})
				}
				from = start + 1
			}
		}
	}
	return found
}

// findWord lists where a secret without anything to escape stands as a word.
func findWord(text, word string) []span {
	var found []span
	for from := 0; ; {
		at := strings.Index(text[from:], word)
		if at < 0 {
			return found
		}
		start := from + at
		end := start + len(word)
		left := joined(text, start) && !afterEscape.MatchString(text[max(0, start-6):start])
		if !left && !joined(text, end) {
			found = append(found, span{start, end})
		}
		from = end
	}
}

// afterEscape finds an escape at the end of a text; it may end in a letter.
var afterEscape = regexp.MustCompile(`(?:\\(?:[nrtbfva]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4})|%[0-9a-fA-F]{2})$`)

// joined reports whether a place in a text is in the middle of a word.
func joined[T string | []byte](text T, at int) bool {
	return at > 0 && at < len(text) && alphanumeric(text[at-1]) && alphanumeric(text[at])
}

func alphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}

// replace replaces parts of a text.
func replace(text string, parts []span) string {
	slices.SortFunc(parts, func(a, b span) int { return a.start - b.start })
	var b strings.Builder
	done := 0
	for i, p := range parts {
		if i > 0 && p.start < done {
			done = max(done, p.end)
			continue
		}
		b.WriteString(text[done:p.start])
		b.WriteString(Redacted)
		done = p.end
	}
	return b.String() + text[done:]
}
