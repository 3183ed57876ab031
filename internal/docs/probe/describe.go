package probe

import (
	"fmt"
	"strings"
)

// maxReason is how many characters of a reason a description repeats.
const maxReason = 160

// Answer describes an answer in a few words.
func Answer(c *Call) string {
	if c == nil {
		return "nothing"
	}
	out := fmt.Sprint(c.Status)
	if c.Type != "" {
		out += " " + c.Type
	}
	text := c.Reason
	if text == "" && c.Status < 300 {
		text = c.Body
	}
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > maxReason {
		text = string(r[:maxReason]) + "…"
	}
	if text != "" {
		out += " " + text
	}
	return out
}
