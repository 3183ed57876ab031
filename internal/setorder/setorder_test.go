package setorder

import (
	"reflect"
	"testing"
)

func TestSorted(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Invalid media-type value on headers [Content-Type, Accept]":       "Invalid media-type value on headers [Accept, Content-Type]",
		"x: Invalid media-type value on headers [Content-Type, Accept]; y": "x: Invalid media-type value on headers [Accept, Content-Type]; y",
		"Invalid media-type value on headers [Accept]":                     "Invalid media-type value on headers [Accept]",
		"Invalid media-type value on headers [Content-Type, Acc":           "Invalid media-type value on headers [Content-Type, Acc",
		// These are lists, whose order says something.
		"Required [indexed_document_count, deleted_document_count]": "Required [indexed_document_count, deleted_document_count]",
		"allowed: [PUT, GET]": "allowed: [PUT, GET]",
		"":                    "",
	} {
		if got := Sorted(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestSortedValue(t *testing.T) {
	t.Parallel()
	doc := func(set string) any {
		return map[string]any{"error": map[string]any{
			"reason": "Invalid media-type value on headers " + set, "list": []any{"b", "a", 1, nil},
			"root_cause": []any{map[string]any{"reason": "Invalid media-type value on headers " + set}},
		}}
	}
	if got, want := SortedValue(doc("[B, A]")), SortedValue(doc("[A, B]")); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := SortedValue(doc("[A, B]")); !reflect.DeepEqual(got, doc("[A, B]")) {
		t.Errorf("something else was changed, too: %v", got)
	}
}
