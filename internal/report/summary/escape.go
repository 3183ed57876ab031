package summary

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// The texts of a run come from servers and feature files. They are shown, never
// interpreted: neither as HTML, nor as Markdown, nor as a mention of somebody.

var htmlEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "@", "&#64;")

func html(s string) string { return htmlEscapes.Replace(s) }

// inline makes one line of running text.
func inline(s string) string {
	var b strings.Builder
	for _, r := range oneLine(s) {
		switch r {
		case '&':
			b.WriteString("&amp;")
		case '<':
			b.WriteString("&lt;")
		case '>':
			b.WriteString("&gt;")
		case '@':
			b.WriteString("&#64;") // no mention of somebody
		case '\\', '`', '*', '_', '[', ']', '|', '#', '~', '!':
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// cell is text in a table.
func cell(s string) string { return inline(cut(s, 1000)) }

// code is a span of code on one line, also in a table.
func code(s string) string {
	s = oneLine(s)
	if s == "" {
		return ""
	}
	// In a table a bar ends the cell even within code.
	s = strings.ReplaceAll(s, "|", "¦")
	ticks := strings.Repeat("`", longestRun(s)+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return ticks + s + ticks
}

// fenced is a block of code; the fence is longer than any in the text.
func fenced(s string) string {
	fence := strings.Repeat("`", max(3, longestRun(s)+1))
	return fence + "\n" + s + "\n" + fence
}

func longestRun(s string) int {
	longest, current := 0, 0
	for _, r := range s {
		if r != '`' {
			current = 0
			continue
		}
		current++
		longest = max(longest, current)
	}
	return longest
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// cut shortens a text to n bytes and says by how much. It is applied before
// escaping, for an escape that is cut in the middle is none.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	at := n
	for at > 0 && !utf8.RuneStart(s[at]) {
		at--
	}
	return fmt.Sprintf("%s … (%d more bytes)", s[:at], len(s)-at)
}
