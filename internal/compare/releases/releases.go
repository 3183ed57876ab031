// Package releases knows which versions of Elasticsearch there are.
package releases

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/esversion"
)

//go:embed releases.txt
var list string

// Known returns the known releases that have the sync-job API, the oldest
// first. It is a list to choose from, not a promise: patch releases that
// nobody has written into releases.txt are missing.
func Known() []esversion.Version {
	var out []esversion.Version
	for line := range strings.Lines(list) {
		line, _, _ = strings.Cut(line, "#")
		for _, word := range strings.Fields(line) {
			out = append(out, esversion.MustParse(word))
		}
	}
	return sorted(out)
}

// Select reads a choice of versions: a list (8.12.0,8.15.0), a range of known
// releases (8.12.0..9.5.3, both ends included even where they are not known),
// or both mixed. The result is sorted and has no version twice.
func Select(texts ...string) ([]esversion.Version, error) {
	var out []esversion.Version
	for _, part := range strings.Split(strings.Join(texts, ","), ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		from, to, isRange := strings.Cut(part, "..")
		first, err := esversion.Parse(from)
		if err != nil {
			return nil, err
		}
		out = append(out, first)
		if !isRange {
			continue
		}
		last, err := esversion.Parse(to)
		if err != nil {
			return nil, err
		}
		if first.Compare(last) > 0 {
			return nil, fmt.Errorf("read versions %q: %s comes after %s", part, first, last)
		}
		out = append(out, last)
		for _, v := range Known() {
			if v.AtLeast(first) && last.AtLeast(v) {
				out = append(out, v)
			}
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("read versions: none are given; give some as 8.12.0,8.15.0 or 8.12.0..9.5.3")
	}
	return sorted(out), nil
}

func sorted(list []esversion.Version) []esversion.Version {
	slices.SortFunc(list, esversion.Version.Compare)
	return slices.CompactFunc(list, func(a, b esversion.Version) bool { return a.Compare(b) == 0 })
}
