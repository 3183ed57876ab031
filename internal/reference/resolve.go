package reference

import (
	"path"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/security"
)

// indicesOptions say what to do about names in a path that stand for several
// indices or for none.
type indicesOptions struct {
	ignoreUnavailable bool // names of what is not there
	allowNone         bool // patterns that fit nothing
	open, hidden      bool // what patterns are held against
	closed            bool // no index is
}

// readIndicesOptions reads the parameters of all APIs of indices.
func (c *Call) readIndicesOptions() (o indicesOptions, err *eserr.Error) {
	o = indicesOptions{allowNone: true, open: true}
	if list := c.listParam("expand_wildcards"); list != nil {
		o.open, o.hidden, o.closed = false, false, false
		for _, v := range list {
			switch v {
			case "open":
				o.open = true
			case "hidden":
				o.hidden = true
			case "all":
				o.open, o.hidden, o.closed = true, true, true
			case "none":
				o.open, o.hidden, o.closed = false, false, false
			case "closed":
				o.closed = true
			default:
				return o, eserr.IllegalArgument("No valid expand wildcard value [%s]", v)
			}
		}
	}
	for name, option := range map[string]*bool{"ignore_unavailable": &o.ignoreUnavailable, "allow_no_indices": &o.allowNone} {
		if *option, err = c.boolParam(name, *option); err != nil {
			return o, eserr.IllegalArgument("Could not convert [%s] to boolean", name).CausedBy(err)
		}
	}
	return o, nil
}

// indices returns the indices that the path's names stand for, sorted: all of
// them without a name.
func (s *Server) indices(c *Call) ([]string, *eserr.Error) {
	expression := c.id("index")
	o, err := c.readIndicesOptions()
	if err != nil {
		return nil, err
	}
	found, patterns := map[string]bool{}, false
	for _, name := range indexNames(expression) {
		patterns = patterns || isPattern(name)
		if excluded, is := strings.CutPrefix(name, "-"); is {
			if !patterns && !s.version.AtLeast(sinceLoneExclusions) {
				missing := indexNotFound(name)
				missing.Reason += " and if you intended to exclude this index, ensure that you use wildcards that include it before explicitly excluding it"
				return nil, missing
			}
			for _, index := range s.matching(c, excluded, indicesOptions{open: true, hidden: true}) {
				delete(found, index)
			}
			continue
		}
		if err := checkReadName(name); err != nil {
			return nil, err
		}
		matched := s.matching(c, name, o)
		mayLack := o.ignoreUnavailable
		if name == "*" || isPattern(name) && (o.open || o.closed) {
			mayLack = o.allowNone
		}
		if len(matched) == 0 && !mayLack {
			return nil, indexNotFound(name)
		}
		for _, index := range matched {
			found[index] = true
		}
	}
	if len(found) == 0 && !o.allowNone {
		return nil, indexNotFound(expression)
	}
	return sortedKeys(found), nil
}

// indexNames are the names that a path's part is made of; none stand for all.
func indexNames(expression string) []string {
	if expression == "_all" {
		return []string{"*"}
	}
	names := slices.DeleteFunc(strings.Split(expression, ","), func(name string) bool { return name == "" })
	if len(names) == 0 {
		return []string{"*"}
	}
	return names
}

// literalNames are the names that somebody has to be allowed one by one: a
// pattern stands only for what is allowed.
func literalNames(expression string) []string {
	return slices.DeleteFunc(indexNames(expression), func(name string) bool { return isPattern(name) || strings.HasPrefix(name, "-") })
}

func isPattern(name string) bool { return strings.Contains(name, "*") }

// matching returns the indices that a name or a pattern stands for. A pattern
// fits aliases, too, and hidden indices only where both begin with a dot or
// the options say so; of somebody who may not read all it fits only the rest.
func (s *Server) matching(c *Call, name string, o indicesOptions) []string {
	if !isPattern(name) {
		if index, exists := s.store.Resolve(name); exists {
			return []string{index}
		}
		return nil
	}
	var matched []string
	for _, index := range s.store.Names() {
		_, hidden := mappings[index]
		names := []string{s.aliasOf(index)}
		if !hidden || o.hidden || strings.HasPrefix(name, ".") {
			names = append(names, index)
		}
		fits := slices.ContainsFunc(names, func(candidate string) bool {
			return candidate != "" && matchName(name, candidate) && s.mayExpand(c, candidate)
		})
		if o.open && fits {
			matched = append(matched, index)
		}
	}
	return matched
}

// matchName holds a name against a pattern in which only * is special.
func matchName(pattern, name string) bool {
	quoted := strings.NewReplacer("?", `\?`, "[", `\[`, `\`, `\\`).Replace(pattern)
	match, err := path.Match(quoted, name)
	return err == nil && match
}

// mayExpand reports whether a pattern may stand for a name: only for what its
// user may read.
func (s *Server) mayExpand(c *Call, name string) bool {
	a, limited := indexActions[c.Op]
	if c.Who == nil || !limited {
		return true
	}
	return c.Who.Authorize(security.Action{Name: a.Name, Privileges: a.Privileges, Indices: []string{name}}) == nil
}
