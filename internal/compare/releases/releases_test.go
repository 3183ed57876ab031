package releases

import (
	"fmt"
	"strings"
	"testing"
)

func TestKnownIsSortedAndBeginsWithTheFirstVersionOfTheAPI(t *testing.T) {
	t.Parallel()
	known := Known()
	if len(known) < 50 || known[0].String() != "8.12.0" {
		t.Fatalf("got %d releases from %s", len(known), known[0])
	}
	for i := 1; i < len(known); i++ {
		if known[i-1].Compare(known[i]) >= 0 {
			t.Errorf("%s stands before %s", known[i-1], known[i])
		}
	}
}

func TestSelect(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ in, want string }{
		{"8.15.0,8.12.0,8.15.0", "[8.12.0 8.15.0]"},
		{"8.12.0..8.13.1", "[8.12.0 8.12.1 8.12.2 8.13.0 8.13.1]"},
		{"8.12.1..8.12.9", "[8.12.1 8.12.2 8.12.9]"},
		{"9.5.0.., ", "error: read version \"\": not of the form 8.19.0"},
		{"9.5.0..8.12.0", "error: read versions \"9.5.0..8.12.0\": 9.5.0 comes after 8.12.0"},
		{" , ", "error: read versions: none are given; give some as 8.12.0,8.15.0 or 8.12.0..9.5.3"},
		{"nine", "error: read version \"nine\": not of the form 8.19.0"},
	} {
		got, err := Select(strings.Split(tc.in, ",")...)
		text := fmt.Sprint(got)
		if err != nil {
			text = "error: " + err.Error()
		}
		if text != tc.want {
			t.Errorf("Select(%q): got %s, want %s", tc.in, text, tc.want)
		}
	}
}
