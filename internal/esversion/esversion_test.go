package esversion

import "testing"

func TestParse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"8.19.21": "8.19.21", "9.6.0-SNAPSHOT": "9.6.0"} {
		if v, err := Parse(text); err != nil || v.String() != want {
			t.Errorf("Parse(%q) = %v, %v; want %s", text, v, err, want)
		}
	}
	for _, text := range []string{"", "8", "8.19", "v8.19.0", "latest", "8.19.0.1"} {
		if v, err := Parse(text); err == nil {
			t.Errorf("Parse(%q) = %v, want an error", text, v)
		}
	}
	if (Version{}).String() != "unknown" {
		t.Error("the zero version is not called unknown")
	}
}

func TestRange(t *testing.T) {
	t.Parallel()
	bound := func(s string) Version {
		if s == "" {
			return Version{}
		}
		return MustParse(s)
	}
	for _, tc := range []struct {
		since, until, version string
		want                  bool
	}{
		{"", "", "8.12.0", true},
		{"", "", "", true},
		{"8.15.0", "", "8.14.9", false},
		{"8.15.0", "", "8.15.0", true},
		{"8.15.0", "", "", true},
		{"", "8.13.0", "8.13.0", false},
		{"", "8.13.0", "8.12.2", true},
		{"", "8.13.0", "", false},
		{"8.13.0", "9.0.0", "8.19.21", true},
	} {
		r := Range{bound(tc.since), bound(tc.until)}
		if got := r.Contains(bound(tc.version)); got != tc.want {
			t.Errorf("%s contains %q: got %v, want %v", r, tc.version, got, tc.want)
		}
	}
}

func TestOverlaps(t *testing.T) {
	t.Parallel()
	old := Range{Until: MustParse("8.13.0")}
	recent := Range{Since: MustParse("8.13.0")}
	middle := Range{Since: MustParse("8.12.0"), Until: MustParse("8.15.0")}
	if old.Overlaps(recent) || recent.Overlaps(old) {
		t.Error("ranges that only touch do not overlap")
	}
	if !middle.Overlaps(old) || !middle.Overlaps(recent) || !(Range{}).Overlaps(old) {
		t.Error("ranges that share a version overlap")
	}
}
