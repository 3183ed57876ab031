package verify

import (
	"encoding/json"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/jsonval"
)

func kindOf(v any) string {
	switch v.(type) {
	case map[string]any:
		return "object"
	case []any:
		return "array"
	case string:
		return "string"
	case bool:
		return "boolean"
	case nil:
		return "null"
	}
	return "number"
}

// fits reports whether a value of an answer is of the documented type.
func fits(typ string, v any) bool {
	for _, alt := range claim.Alternatives(typ) {
		if fitsOne(alt, v) {
			return true
		}
	}
	return false
}

func fitsOne(typ string, v any) bool {
	if item, isList := claim.ItemType(typ); isList {
		items, ok := v.([]any)
		for _, i := range items {
			ok = ok && fits(item, i)
		}
		return ok
	}
	switch c := class(typ); c {
	case "unknown", "any":
		return true
	case "integer", "int", "long", "short":
		return whole(v)
	case "number", "float":
		return kindOf(v) == "number"
	case "instant":
		_, ok := instant(v)
		return ok
	case "string", "duration", "enum":
		return kindOf(v) == "string"
	default:
		return kindOf(v) == c
	}
}

// whole reports whether a value is a number without a fraction.
func whole(v any) bool {
	n, isNumber := v.(json.Number)
	if !isNumber {
		return false
	}
	integral, _, _ := strings.Cut(n.String(), ".")
	return !strings.ContainsAny(n.String(), "eE") && jsonval.Equal(n, json.Number(integral))
}
