package jsonval

import (
	"strings"
	"testing"
)

func TestMatch(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ want, got, how, differs string }{
		{`{"a":1}`, `{"a":1.0}`, "", ""},
		{`{"a":1}`, `{"a":1,"b":2}`, "", "/b"},
		{`{"a":1}`, `{"a":1,"b":2}`, "subset", ""},
		{`{"a":1}`, `{"b":2}`, "subset", "/a"},
		{`{"a":{"b":1}}`, `{"a":{"b":1,"c":2}}`, "subset", ""},
		{`{"a":[2]}`, `{"a":[1,2]}`, "subset", ""},
		{`{"a":[2,2]}`, `{"a":[1,2]}`, "subset", "/a/1"},
		{`[1,2]`, `[2,1]`, "", "/0 /1"},
		{`[1,2]`, `[2,1]`, "order", ""},
		{`[1,2]`, `[2,1,1]`, "order", "/2"},
		{`["<any>",1]`, `[1,2]`, "order", ""},
		{`{"a":[{"b":[1,2]}]}`, `{"a":[{"b":[2,1]}]}`, "order", ""},
		{`{"a":1,"t":1}`, `{"a":1,"t":2}`, "t", ""},
		{`{"a":{"t":1},"t":1}`, `{"a":{"t":2},"t":2}`, "/t", "/a/t"},
		{`{"l":[{"t":1}],"t":1}`, `{"l":[{"t":2}],"t":2}`, "order /t", "/l/0 /l/0"},
		{`{"l":[{"t":1}]}`, `{"l":[{"t":2}]}`, "order /l/0/t", ""},
		{`{"l":[{"t":1}]}`, `{"l":[{"t":2}]}`, "order t", ""},
		{`"<any>"`, `null`, "", ""},
		{`{"a":"<any>"}`, `{}`, "", "/a"},
		{`"<string>"`, `""`, "", ""},
		{`"<string>"`, `1`, "", "whole"},
		{`"<id>"`, `""`, "", "whole"},
		{`"<number>"`, `1`, "", ""},
		{`"<number>"`, `"1"`, "", "whole"},
		{`"<boolean>"`, `true`, "", ""},
		{`"<boolean>"`, `0`, "", "whole"},
		{`"<time>"`, `"2026-01-02T03:04:05.678Z"`, "", ""},
		{`"<time>"`, `1767323045678`, "", ""},
		{`"<time>"`, `"yesterday"`, "", "whole"},
		{`"\\<any>"`, `"<any>"`, "", ""},
		{`"\\<any>"`, `"x"`, "", "whole"},
		{`"\\x"`, `"\\x"`, "", ""},
	} {
		how := Matching{Subset: tt.how == "subset", AnyOrder: strings.HasPrefix(tt.how, "order")}
		if ignored := strings.TrimPrefix(tt.how, "order "); strings.HasSuffix(ignored, "t") {
			how.Ignore = []string{ignored}
		}
		want, _ := Decode([]byte(tt.want))
		got, _ := Decode([]byte(tt.got))
		var at []string
		for _, c := range Match(want, got, how) {
			if c.Pointer == "" {
				c.Pointer = "whole"
			}
			at = append(at, c.Pointer)
		}
		if differs := strings.Join(at, " "); differs != tt.differs {
			t.Errorf("%s against %s (%s): differs at %q, want %q", tt.want, tt.got, tt.how, differs, tt.differs)
		}
	}
}
