package operation

import (
	_ "embed"
	"net/http"
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

// refused says why an operation is not called; "" where it may be.
func (r *runner) refused(o *op, s *subject) string {
	if r.ClusterWide {
		return ""
	}
	const allow = " (--allow-cluster-wide calls it)"
	target := o.filled(func(string) string { return "x" })
	for _, rule := range r.rules.Beyond {
		for _, c := range rule.Calls {
			if _, is := c.Is(o.method, target); is {
				return rule.Why + allow
			}
		}
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
