package steps

import (
	"fmt"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

// stringAt returns the string at a pointer of an answer, or "".
func stringAt(res *wire.Response, pointer string) string {
	doc, err := res.JSON()
	if err != nil {
		return ""
	}
	v, _ := jsonval.Pointer(doc, pointer)
	s, _ := v.(string)
	return s
}

// saveName makes up a name.
func (w *World) saveName(name string) error {
	if !isName(name) {
		return fmt.Errorf("save a name as %q: it begins with a small letter and has small letters, digits, - and _", name)
	}
	w.saved[name] = w.deps.Scope.NewID()
	return nil
}
