package resttest

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/esconform/esconform/internal/esversion"
)

// ranges are versions as tests write them: "all", " - 8.0.99, 8.8.0 - ".
type ranges []bounds

// bounds are the first and the last version of a range; an unknown one leaves
// that side open.
type bounds struct{ first, last esversion.Version }

func readRanges(n *yaml.Node) (ranges, error) {
	s, err := text(n)
	if err != nil {
		return nil, err
	}
	if s = strings.TrimSpace(s); s == "all" {
		return ranges{{}}, nil
	}
	var out ranges
	for _, part := range strings.Split(s, ",") {
		first, last, ok := strings.Cut(" "+strings.TrimSpace(part)+" ", " - ")
		if !ok {
			return nil, wrong(n, "versions are \"8.0.0 - 8.1.99\", one side may be left out, or \"all\"; not %q", part)
		}
		var b bounds
		for _, side := range []struct {
			text string
			into *esversion.Version
		}{{first, &b.first}, {last, &b.last}} {
			if side.text = strings.TrimSpace(side.text); side.text == "" {
				continue
			}
			if *side.into, err = esversion.Parse(side.text); err != nil {
				return nil, wrong(n, "%v", err)
			}
		}
		out = append(out, b)
	}
	return out, nil
}

func (r ranges) contain(v esversion.Version) bool {
	for _, b := range r {
		if (!b.first.Known() || v.AtLeast(b.first)) && (!b.last.Known() || b.last.AtLeast(v)) {
			return true
		}
	}
	return false
}

func (r ranges) reason(v esversion.Version) string {
	if !r.contain(v) {
		return ""
	}
	return "not for version " + v.String()
}
