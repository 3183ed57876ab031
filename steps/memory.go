package steps

import (
	"fmt"
	"regexp"
	"strings"
)

// memory holds what is saved under names.
type memory struct{ saved map[string]string }

// placeholder is a saved value in the text of a step, or, after a backslash,
// the text itself.
var placeholder = regexp.MustCompile(`\\?\{([a-z][a-z0-9_-]*)\}`)

// isName reports whether something can be saved under a name.
func isName(name string) bool {
	return strings.HasPrefix(placeholder.FindString("{"+name+"}"), "{"+name)
}

// expand puts saved values in the place of their names. A name that nothing
// was saved as is an error: it would go out, or be compared, as it is.
func (m *memory) expand(text string) (string, error) {
	var missing []string
	out := placeholder.ReplaceAllStringFunc(text, func(name string) string {
		if plain, escaped := strings.CutPrefix(name, `\`); escaped {
			return plain
		}
		v, ok := m.saved[name[1:len(name)-1]]
		if !ok {
			missing = append(missing, name)
		}
		return v
	})
	if len(missing) > 0 {
		return "", fmt.Errorf("nothing is saved as %s; save it in an earlier step, or write \\%s for the text itself", strings.Join(missing, ", "), missing[0])
	}
	return out, nil
}

// body is a text with what is saved in the place of names, as a request has it.
func (m *memory) body(text string) ([]byte, error) {
	out, err := m.expand(text)
	return []byte(out), err
}
