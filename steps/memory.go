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
// was saved as is an error: it would go out as it is.
func (m *memory) expand(text string) (string, error) {
	out, missing := m.fillIn(text)
	if len(missing) > 0 {
		return "", fmt.Errorf("nothing is saved as %s; save it in an earlier step", strings.Join(missing, ", "))
	}
	return out, nil
}

// expandBody puts saved values into a body. Braces that name nothing saved are
// part of the body.
func (m *memory) expandBody(text string) []byte {
	out, _ := m.fillIn(text)
	return []byte(out)
}

// fillIn puts saved values in the place of their names, and returns those of
// the names that nothing is saved as, which stay.
func (m *memory) fillIn(text string) (string, []string) {
	var missing []string
	out := placeholder.ReplaceAllStringFunc(text, func(name string) string {
		if plain, escaped := strings.CutPrefix(name, `\`); escaped {
			return plain
		}
		v, ok := m.saved[name[1:len(name)-1]]
		if !ok {
			missing = append(missing, name)
			return name
		}
		return v
	})
	return out, missing
}
