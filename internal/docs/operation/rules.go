package operation

import (
	_ "embed"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
)

//go:embed rules.yaml
var rulesFile []byte

// rules say what is not called, and what stands for parameters that name
// nothing that a run can make.
type rules struct {
	Beyond []struct {
		Calls []family.Request `yaml:"calls"`
		Why   string           `yaml:"why"`
	} `yaml:"beyond"`
	Values map[string]string `yaml:"values"`
	Apart  []string          `yaml:"apart"`
	Fields []string          `yaml:"fields"`
	Varies []string          `yaml:"varies"`
}

// theRules are read once; a test reads them.
var theRules = sync.OnceValue(func() *rules {
	var r rules
	_ = yaml.Unmarshal(rulesFile, &r)
	return &r
})

// allow says what calls an operation that is not called.
const allow = " (--allow-cluster-wide calls it)"

// reaches says why a call reaches beyond what the run makes, whatever its path
// says; "" where no rule says so.
func (r *runner) reaches(method, target string) string {
	for _, rule := range r.rules.Beyond {
		for _, c := range rule.Calls {
			if _, is := c.Is(method, target); is {
				return rule.Why
			}
		}
	}
	return ""
}

// unmakeable says why a resource of a catalogue, or one that it needs, is not
// made: that would reach beyond what the run makes. It is "" where they may be.
func (r *runner) unmakeable(res *family.Resource) string {
	created, has := res.Verb("created")
	if r.ClusterWide || !has {
		return ""
	}
	if why := r.reaches(created.Request.Method(), inBraces.ReplaceAllString(created.Request.Path, "x")); why != "" {
		return fmt.Sprintf("no %s is made: %s%s", res.Name, why, allow)
	}
	for _, name := range res.Needs {
		need, known := r.families.Resource(name)
		if !known {
			continue
		}
		if why := r.unmakeable(need); why != "" {
			return why
		}
	}
	return ""
}

// refused says why an operation is not called; "" where it may be.
func (r *runner) refused(o *op, s *subject) string {
	if r.ClusterWide {
		return ""
	}
	if why := r.reaches(o.method, o.filled(func(string) string { return "x" })); why != "" {
		return why + allow
	}
	found, known := r.catalogued(o)
	switch {
	case o.reads(), s.own(), known && found.Call.Reads, r.readsToo(o):
		return ""
	case known && found.Creation != nil && tracked(found.Creation):
		return ""
	case r.names(o) != "":
		return ""
	}
	return "it would change what this run did not make" + allow
}

// plain are the characters that a path may have outside of its parameters.
var plain = regexp.MustCompile(`^[\w.~!$&'()*+,;=:@-]+$`)

// odd says why a path is none that can be asked for; "" where it is one.
func (o *op) odd() string {
	for i, s := range o.segs {
		rest := inBraces.ReplaceAllString(s, "")
		switch {
		case s == "." || s == "..":
			return fmt.Sprintf("its path %q leads to another path", o.path)
		case rest != "" && !plain.MatchString(rest), s == "" && (i > 0 || len(o.segs) > 1):
			return fmt.Sprintf("its path %q is not one that can be sent", o.path)
		}
	}
	return ""
}

// catalogued is what the catalogues say of an operation.
func (r *runner) catalogued(o *op) (family.Found, bool) {
	return r.families.Find(o.method, o.filled(func(string) string { return "x" }))
}

// names leads to what the body of an operation says that it is about, where it
// creates nothing and no path says it; "" where that is not so.
func (r *runner) names(o *op) string {
	found, known := r.catalogued(o)
	if !known || found.Resource == nil || found.Creation != nil || strings.Contains(o.path, "{") {
		return ""
	}
	body := decoded(found.Call.Body)
	for _, ptr := range pointers(body, "") {
		if v, _ := jsonval.Pointer(body, ptr); v == "{id}" {
			return strings.TrimSuffix(ptr, "/0")
		}
	}
	return ""
}

// readsToo reports whether the operation is a GET of the same API in other
// words, for clients that send no body with a GET.
func (r *runner) readsToo(o *op) bool {
	get := r.at(http.MethodGet, o.segs)
	return o.method == http.MethodPost && get != nil && get.api == o.api
}

// tracked reports whether what a call creates can be given a name of the run's
// own, or is named by the answer.
func tracked(c *family.Creation) bool {
	switch {
	case c.Each != nil:
		return c.Each.Of == "request" && c.ID == "{1}" && strings.Count(c.Each.At, "*") == 1
	case c.Brings != nil:
		return false
	}
	return c.Named != nil || c.Answer != ""
}

// filled is the path of the operation with something in the place of each
// parameter.
func (o *op) filled(with func(name string) string) string {
	segs := slices.Clone(o.segs)
	for i, s := range segs {
		segs[i] = inBraces.ReplaceAllStringFunc(s, func(name string) string { return with(name[1 : len(name)-1]) })
	}
	return "/" + strings.Join(segs, "/")
}
