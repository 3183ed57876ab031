package search

import (
	"math"
	"strings"
	"unicode"
)

// matcher says of a document, by its number, whether a query finds it and with
// which score.
type matcher func(doc int) (score float32, found bool)

// nothing finds no document.
func nothing(int) (float32, bool) { return 0, false }

// constant gives all that it finds the same score.
func constant(score float32, found func(doc int) bool) matcher {
	return func(doc int) (float32, bool) { return score, found(doc) }
}

func everything(int) bool { return true }

// The parameters of BM25.
const (
	k1 float32 = 1.2
	b  float32 = 0.75
)

// ranked finds the documents in which something occurs, scored by BM25 in the
// single precision of Lucene. weight is the sum over its words of rarity.
func (c *column) ranked(weight, boost float32, count func(doc int) int) matcher {
	weight = boost * (1 + k1) * weight
	average := float32(float64(c.total) / float64(c.docs))
	return func(doc int) (float32, bool) {
		n := count(doc)
		if n == 0 {
			return 0, false
		}
		length := 1
		if c.Kind == Text {
			length = len(c.values[doc])
		}
		inverse := 1 / (k1 * ((1 - b) + float32(b*float32(storedLength(length)))/average))
		return weight - weight/(1+float32(float32(n)*inverse)), true
	}
}

// term finds documents by one of their words.
func (c *column) term(word string, boost float32) matcher {
	count := func(doc int) (n int) {
		for _, v := range c.values[doc] {
			if v == word {
				n++
			}
		}
		return n
	}
	return c.ranked(c.rarity(word), boost, count)
}

// rarity is the inverse document frequency of a word.
func (c *column) rarity(word string) float32 {
	with := 0
	for _, values := range c.values {
		for _, v := range values {
			if v == word {
				with++
				break
			}
		}
	}
	return float32(math.Log(1 + (float64(c.docs)-float64(with)+0.5)/(float64(with)+0.5)))
}

// storedLength is the length of a text as Lucene keeps it, in one byte: longer
// ones lose their lower bits.
func storedLength(n int) int {
	const exact = 24 // lengths up to here have values of their own
	if n < exact {
		return n
	}
	n -= exact
	bits := 0
	for n>>bits > 15 {
		bits++
	}
	return exact + n>>bits<<bits
}

// words cuts a text into words as the standard analyzer does: letters and
// digits, with what joins them, in lower case.
func words(text string) []any {
	var found []any
	runes := []rune(text)
	for i := 0; i < len(runes); {
		if !inWord(runes[i]) {
			i++
			continue
		}
		start := i
		for i < len(runes) && (inWord(runes[i]) || joins(runes, i)) {
			i++
		}
		found = append(found, strings.ToLower(string(runes[start:i])))
	}
	return found
}

func inWord(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// joins reports whether a sign is within a word: in "can't", "example.com" and
// "1,000".
func joins(runes []rune, i int) bool {
	if i == 0 || i+1 >= len(runes) {
		return false
	}
	before, after := runes[i-1], runes[i+1]
	return strings.ContainsRune(".'’:·", runes[i]) && unicode.IsLetter(before) && unicode.IsLetter(after) ||
		strings.ContainsRune(".',;", runes[i]) && unicode.IsDigit(before) && unicode.IsDigit(after)
}
