// Package esversion reads Elasticsearch versions and the ranges that
// requirements and scenarios hold for.
package esversion

import (
	"fmt"
	"strings"

	"github.com/Masterminds/semver/v3"
)

// Version is a version of Elasticsearch. The zero Version is "unknown".
type Version struct{ v *semver.Version }

// Parse reads a version such as 8.19.21 or 9.6.0-SNAPSHOT. A pre-release
// suffix is dropped: a snapshot behaves like the version that it becomes.
func Parse(s string) (Version, error) {
	plain, _, _ := strings.Cut(s, "-")
	v, err := semver.StrictNewVersion(plain)
	if err != nil {
		return Version{}, fmt.Errorf("read version %q: not of the form 8.19.0", s)
	}
	return Version{v}, nil
}

// MustParse is Parse for versions written in the source.
func MustParse(s string) Version {
	v, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return v
}

// Known reports whether v is a version at all.
func (v Version) Known() bool { return v.v != nil }

// String returns the version as 8.19.21, or "unknown".
func (v Version) String() string {
	if !v.Known() {
		return "unknown"
	}
	return v.v.String()
}

// Compare orders versions; an unknown version comes before every other.
func (v Version) Compare(w Version) int {
	switch {
	case !v.Known() && !w.Known():
		return 0
	case !v.Known():
		return -1
	case !w.Known():
		return 1
	}
	return v.v.Compare(w.v)
}

// AtLeast reports whether v is w or later.
func (v Version) AtLeast(w Version) bool { return v.Compare(w) >= 0 }

// Range is a half-open range of versions: Since is the first version in it,
// Until the first one after it. An unknown bound leaves that side open.
type Range struct{ Since, Until Version }

// Contains reports whether v lies in the range. An unknown version lies in
// the range only where the range has no Until: it is taken for a recent one.
func (r Range) Contains(v Version) bool {
	if !v.Known() {
		return !r.Until.Known()
	}
	if r.Since.Known() && v.Compare(r.Since) < 0 {
		return false
	}
	return !r.Until.Known() || v.Compare(r.Until) < 0
}

// Overlaps reports whether some version lies in both ranges.
func (r Range) Overlaps(o Range) bool {
	return (!r.Until.Known() || o.Since.Compare(r.Until) < 0) && (!o.Until.Known() || r.Since.Compare(o.Until) < 0)
}

// String describes the range in words, for reasons and reports.
func (r Range) String() string {
	switch {
	case r.Since.Known() && r.Until.Known():
		return fmt.Sprintf("since %s, until %s", r.Since, r.Until)
	case r.Since.Known():
		return fmt.Sprintf("since %s", r.Since)
	case r.Until.Known():
		return fmt.Sprintf("until %s", r.Until)
	}
	return "every version"
}
