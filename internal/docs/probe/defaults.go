package probe

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/jsonval"
)

// resultWindow is how far into the hits a search may reach: Elasticsearch's
// index.max_result_window. It makes a default size visible without so many
// resources.
const resultWindow = 10000

// defaults are those that any of the documents has for a parameter.
func defaults(params []claim.Field, name string) []string {
	var out []string
	for _, p := range params {
		if p.Name == name && p.Default != nil && !slices.Contains(out, *p.Default) {
			out = append(out, *p.Default)
		}
	}
	return out
}

// queryDefault finds out which of the documented defaults holds without the
// parameter.
func (b *bench) queryDefault(t *target, rf *RouteFacts, name string, documented []string) error {
	f := rf.field(claim.InQuery, name)
	if len(documented) == 0 || f.Sent == nil {
		return nil
	}
	base, err := b.scoped(t, rf, name)
	if err != nil {
		return err
	}
	with := func(v string) (*Call, error) {
		q := url.Values{}
		for k := range base {
			q.Set(k, base.Get(k))
		}
		if v != "" {
			q.Set(name, v)
		}
		return b.queried(t, rf, "what holds without "+name, q, true)
	}
	for _, v := range documented {
		like, known, err := f.alike(v, with)
		if err != nil {
			return err
		}
		switch {
		case !known:
			f.DefaultFound = ""
			return nil
		case like:
			f.DefaultFound = ""
			return b.distinct(t, rf, f, v, with)
		}
		f.DefaultFound = "other"
	}
	return nil
}

// maxAlike is how often an answer is asked for again that changes by itself:
// others use the server too.
const maxAlike = 3

// alike reports whether the answer with a value is that without one, and
// whether that is known at all.
func (f *FieldFacts) alike(v string, with func(string) (*Call, error)) (like, known bool, err error) {
	without, err := with("")
	if err != nil {
		return false, false, err
	}
	for range maxAlike {
		same, err := with(v)
		if err != nil {
			return false, false, err
		}
		f.DefaultProof = []*Call{without, same}
		if !same.OK() || jsonval.Equal(without.JSON, same.JSON) {
			return same.OK(), true, nil
		}
		again, err := with("")
		if err != nil {
			return false, false, err
		}
		if jsonval.Equal(without.JSON, again.JSON) {
			return false, true, nil
		}
		without = again
	}
	return false, false, nil
}

// distinct sees whether the answer with a value, which is that without any, is
// another one with its neighbours: only then does it mean something.
func (b *bench) distinct(t *target, rf *RouteFacts, f *FieldFacts, value string, with func(string) (*Call, error)) error {
	n, err := strconv.Atoi(value)
	isNumber := err == nil
	neighbours := []string{strconv.Itoa(n + 1), strconv.Itoa(n - 1)}
	if !isNumber {
		neighbours = f.others(value)
	}
	for _, v := range neighbours {
		c, err := with(v)
		if err != nil {
			return err
		}
		if !c.OK() || !jsonval.Equal(c.JSON, f.DefaultProof[0].JSON) {
			continue
		}
		if isNumber {
			return b.window(t, rf, f)
		}
		return nil
	}
	if len(neighbours) > 0 {
		f.DefaultFound = value
	}
	return nil
}

// others returns other values that a parameter is known to take.
func (f *FieldFacts) others(than string) []string {
	if than == "true" || than == "false" {
		return []string{map[string]string{"true": "false", "false": "true"}[than]}
	}
	for v, c := range f.Listed {
		if v != than && c.OK() && !strings.Contains(v, ",") {
			return []string{v}
		}
	}
	return nil
}

// window finds a default page size by how far an offset may reach without it.
func (b *bench) window(t *target, rf *RouteFacts, f *FieldFacts) error {
	offset := rf.Field(claim.InQuery, "from")
	if f.Name != "size" || offset == nil || offset.Sent == nil {
		return nil
	}
	ok := func(from int, size string) (bool, *Call, error) {
		q := url.Values{"from": {strconv.Itoa(from)}}
		if size != "" {
			q.Set("size", size)
		}
		c, err := b.queried(t, rf, "how far the offset reaches", q, true)
		if err != nil {
			return false, nil, err
		}
		return c.OK(), c, nil
	}
	// The control: the window is there, and where it should be.
	inside, _, err := ok(resultWindow-50, "50")
	if err != nil || !inside {
		return err
	}
	if outside, _, err := ok(resultWindow-49, "50"); err != nil || outside {
		return err
	}
	lo, hi := 0, resultWindow // lo is accepted, hi is not
	var last, refused *Call
	for hi-lo > 1 {
		mid := (lo + hi) / 2
		fits, c, err := ok(mid, "")
		if err != nil {
			return err
		}
		if fits {
			lo, last = mid, c
		} else {
			hi, refused = mid, c
		}
	}
	if last != nil && refused != nil {
		f.DefaultFound = strconv.Itoa(resultWindow - lo)
		f.DefaultProof = []*Call{last, refused}
	}
	return nil
}
