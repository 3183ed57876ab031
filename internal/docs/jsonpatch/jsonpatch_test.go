package jsonpatch

import (
	"encoding/json"
	"testing"

	evanphx "github.com/evanphx/json-patch/v5"

	"github.com/esconform/esconform/internal/jsonval"
)

// Changes are applied in an order in which each finds what it speaks of, however
// they were found.
func TestAssemble(t *testing.T) {
	t.Parallel()
	change := func(stage Stage, ops ...Op) *Change { return &Change{Stage: stage, Ops: ops} }
	for name, tt := range map[string]struct {
		doc, want string
		changes   []*Change
		left      int
	}{
		"nothing": {doc: `{"a":1}`, want: `{"a":1}`},
		"elements are taken out from the end": {
			doc: `{"a":[0,1,2,3,4,5,6,7,8,9,10,11]}`, want: `{"a":[0,1,3,4,5,6,7,8,9,11]}`,
			changes: []*Change{change(Shortened, Remove("/a/2")), change(Shortened, Remove("/a/10"))},
		},
		"a list of required members is not left empty": {
			doc: `{"required":["x","y"],"b":{"required":["x","y"]},"c":["x"]}`, want: `{"b":{"required":["x"]},"c":[]}`,
			changes: []*Change{change(Shortened, Remove("/required/0")), change(Shortened, Remove("/b/required/1")), change(Shortened, Remove("/required/1")), change(Shortened, Remove("/c/0"))},
		},
		"what is moved has what was changed in it": {
			doc: `{"a":{"b":1},"c":{"d":1}}`, want: `{"x":{"b":2},"c":{"d":2},"y":{"d":2}}`,
			changes: []*Change{
				change(Moved, Move("/a", "/x")), change(Within, Replace("/a/b", 2)),
				change(Moved, Copy("/c", "/y")), change(Within, Replace("/c/d", 2)),
			},
		},
		"the same is done once": {
			doc: `{"a":{"b":1},"l":[1,2,3]}`, want: `{"a":{"c":{}},"l":[1,3]}`,
			changes: []*Change{
				change(Moved, Move("/a/b", "/a/c"), Replace("/a/c", map[string]any{})), change(Moved, Move("/a/b", "/a/c"), Replace("/a/c", map[string]any{})),
				change(Shortened, Remove("/l/1")), change(Shortened, Remove("/l/1")),
			},
		},
		"what is replaced is not changed around": {
			doc: `{"a":{"$ref":"x"},"ab":1}`, want: `{"a":{"type":"string"},"ab":2}`, left: 1,
			changes: []*Change{change(Around, Move("/a/$ref", "/a/oneOf")), change(Within, Replace("/a", map[string]any{"type": "string"})), change(Within, Replace("/ab", 2))},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc, err := jsonval.Decode([]byte(tt.doc))
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range tt.changes {
				for _, o := range c.Ops {
					if o.Op == "replace" && c.Stage == Within {
						c.Guards = append(c.Guards, o.Path)
					}
				}
			}
			ops := Assemble(tt.changes, func(pointer string) any { v, _ := jsonval.Pointer(doc, pointer); return v })
			text, err := json.Marshal(append([]Op{}, ops...))
			if err != nil {
				t.Fatal(err)
			}
			patch, err := evanphx.DecodePatch(text)
			if err != nil {
				t.Fatal(err)
			}
			got, err := patch.Apply([]byte(tt.doc))
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			if !evanphx.Equal(got, []byte(tt.want)) {
				t.Errorf("%s\ngives %s, want %s", text, got, tt.want)
			}
			left := 0
			for _, c := range tt.changes {
				if c.Left != "" {
					left++
				}
			}
			if left != tt.left {
				t.Errorf("%d changes are left out, want %d", left, tt.left)
			}
		})
	}
}
