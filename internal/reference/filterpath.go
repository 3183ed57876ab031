package reference

import (
	"path"
	"strings"

	"github.com/esconform/esconform/internal/reference/xcontent"
)

// filterPath keeps what ?filter_path names: dotted paths with * for one name
// and ** for any number of them, several with commas, exclusions with a minus.
func filterPath(content any, paths string) any {
	var includes, excludes [][]string
	for p := range strings.SplitSeq(paths, ",") {
		switch p = strings.TrimSpace(p); {
		case p == "":
		case p[0] == '-':
			excludes = append(excludes, strings.Split(p[1:], "."))
		default:
			includes = append(includes, strings.Split(p, "."))
		}
	}
	if excludes != nil {
		content, _ = prune(content, excludes, false)
	}
	if includes != nil {
		content, _ = prune(content, includes, true)
	}
	if content == nil {
		return xcontent.NewObject()
	}
	return content
}

// prune keeps (or drops) what the paths match; kept is false where nothing is
// left.
func prune(v any, paths [][]string, keep bool) (rest any, kept bool) {
	switch v := v.(type) {
	case *xcontent.Object:
		out := xcontent.NewObject()
		for _, k := range v.Keys() {
			deeper, whole := advance(paths, k)
			if whole {
				if keep {
					out.Set(k, v.Get(k))
				}
				continue
			}
			if len(deeper) == 0 {
				if !keep {
					out.Set(k, v.Get(k))
				}
				continue
			}
			if child, kept := prune(v.Get(k), deeper, keep); kept {
				out.Set(k, child)
			}
		}
		return out, out.Len() > 0
	case []any:
		out := []any{}
		for _, e := range v {
			if child, kept := prune(e, paths, keep); kept {
				out = append(out, child)
			}
		}
		return out, len(out) > 0
	}
	return v, !keep
}

// advance follows the paths over a key; whole is true where one ends there.
func advance(paths [][]string, key string) (deeper [][]string, whole bool) {
	for _, p := range paths {
		if p[0] == "**" {
			deeper = append(deeper, p)
			if len(p) == 1 {
				return nil, true
			}
			p = p[1:]
		}
		if match, err := path.Match(p[0], key); err != nil || !match {
			continue
		}
		if len(p) == 1 {
			return nil, true
		}
		deeper = append(deeper, p[1:])
	}
	return deeper, false
}
