package suite

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/internal/wire"
)

// needs are what the tag @needs: can ask for, each with how it is written.
var needs = map[string]string{
	"security": "@needs:security", "lineage": "@needs:lineage", "licence": "@needs:licence:trial", "module": "@needs:module:NAME",
	"flavour": "@needs:flavour:default", "route": "@needs:route:PUT:/path", "api": "@needs:api:NAME", "nodes": "@needs:nodes:3",
	"roll": "@needs:roll",
}

// checkNeed refuses a need that nobody knows how to look for.
func (s *Suite) checkNeed(need string) error {
	kind, value, _ := strings.Cut(need, ":")
	form, known := needs[kind]
	switch {
	case !known:
		return fmt.Errorf("nobody knows how to see whether a target has %q; known are %s", need, strings.Join(slices.Sorted(maps.Values(needs)), ", "))
	case slices.Contains([]string{"security", "lineage", "roll"}, kind) != (value == ""):
		return fmt.Errorf("%q is not of the form %s", need, form)
	case kind == "route" && !strings.Contains(value, ":/"):
		return fmt.Errorf("%q is not of the form %s", need, form)
	}
	if n, err := strconv.Atoi(value); kind == "nodes" && (err != nil || n < 2) {
		return fmt.Errorf("%q is not of the form %s", need, form)
	}
	if kind == "api" {
		if _, ok := s.Families.Named(value); !ok {
			return fmt.Errorf("there is no catalogue of an API %q; see \"esconform list --apis\"", value)
		}
	}
	return nil
}

// FamiliesOf lists the families of APIs that a scenario is about: those that
// it is tagged with, and those whose resources its steps speak of.
func (s *Suite) FamiliesOf(c *Case) []string {
	if c.Rest != nil {
		return nil // it says itself what it requires
	}
	var names []string
	add := func(name string) {
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, t := range c.Tags {
		if f, ok := s.Families.Named(strings.TrimPrefix(t, "@")); ok {
			add(f.Name)
		}
	}
	for _, st := range c.Steps {
		add(s.meaning(st.Text).family)
	}
	if len(names) == 0 { // it speaks of requests alone
		for _, st := range c.Steps {
			if sent := sends.FindStringSubmatch(st.Text); sent != nil {
				add(s.Families.OfPath(sent[1]))
			}
		}
	}
	return names
}

// sends are steps that send a request, with its path.
var sends = regexp.MustCompile(`^\S+(?: service)? sends? [A-Z]+ "(/[^"]*)"`)

// abilities are what a target turns out to have. Each is asked for once.
type abilities struct {
	target   *target.Target
	session  *wire.Session
	families family.Set
	lacking  map[string]string // by need: what is lacking, "" for nothing
}

// Lacks says in words what a target lacks of an API, "" where it has that.
func Lacks(ctx context.Context, t *target.Target, set family.Set, f *family.Family) string {
	return newAbilities(t, set).lacksFamily(ctx, f)
}

func newAbilities(t *target.Target, families family.Set) *abilities {
	session := t.Client.Session()
	session.SetPurpose("see what the target has")
	return &abilities{t, session, families, map[string]string{}}
}

// lacks says in words what a target lacks for a need, "" for nothing. What
// cannot be found out is taken to be there.
func (a *abilities) lacks(ctx context.Context, need string) string {
	if why, known := a.lacking[need]; known {
		return why
	}
	why := a.ask(ctx, need)
	a.lacking[need] = why
	return why
}

func (a *abilities) ask(ctx context.Context, need string) string {
	kind, value, _ := strings.Cut(need, ":")
	switch kind {
	case "security":
		if !a.target.Info.Security {
			return "needs a target with security on; see --security"
		}
	case "flavour":
		if is := a.target.Info.BuildFlavor; is != value {
			return fmt.Sprintf("needs the flavour %s; the target is %q, so test one of that flavour", value, is)
		}
	case "licence":
		if is := a.text(ctx, "/_license", "/license/type"); is != "" && is != value && is != "enterprise" && is != "trial" {
			return fmt.Sprintf("needs the licence %s; the target has %s, so start a trial in one that may be changed", value, is)
		}
	case "module":
		if !a.hasModule(ctx, value) {
			return "needs the module or plugin " + value + ", which the target does not have: install it there"
		}
	case "route":
		method, path, _ := strings.Cut(value, ":")
		if !a.offers(ctx, method, path) {
			return fmt.Sprintf("needs %s %s, which the target does not have: test one that has", method, path)
		}
	case "nodes":
		if n, _ := strconv.Atoi(value); a.target.Controlled() < n {
			return fmt.Sprintf("needs a cluster of %s nodes that the run may stop; see --nodes, with --es-version or --image", value)
		}
	case "roll":
		if a.target.Roll == nil {
			return "needs a cluster whose nodes are being replaced by newer ones; see \"esconform upgrade --rolling\""
		}
	case "api":
		f, _ := a.families.Named(value)
		return a.lacksFamily(ctx, f)
	}
	return ""
}

// lacksFamily says what a target lacks of an API.
func (a *abilities) lacksFamily(ctx context.Context, f *family.Family) string {
	if since, err := esversion.Parse(f.Since); err == nil && a.target.Version.Known() && !a.target.Version.AtLeast(since) {
		return fmt.Sprintf("needs Elasticsearch %s or later for the API %s; the target is %s, so test a later one", f.Since, f.Name, a.target.Version)
	}
	for _, need := range f.Needs {
		if why := a.lacks(ctx, need); why != "" {
			return why
		}
	}
	path := family.Fill(f.Route.Path, map[string]string{"id": "esconform"})
	if !a.offers(ctx, f.Route.Method(), path) {
		return fmt.Sprintf("the target does not have the API %s (%s): it does not offer %s %s; test an Elasticsearch that does (--es-version, --url), or select others", f.Name, f.Title, f.Route.Method(), path)
	}
	return ""
}

func (a *abilities) offers(ctx context.Context, method, path string) bool {
	return resource.Offers(ctx, a.session, method, path)
}

func (a *abilities) text(ctx context.Context, path, pointer string) string {
	v, _ := a.value(ctx, path, pointer).(string)
	return v
}

func (a *abilities) value(ctx context.Context, path, pointer string) any {
	res, err := a.session.Do(ctx, wire.Request{Method: http.MethodGet, Path: path})
	if err != nil || res.Status != http.StatusOK {
		return nil
	}
	doc, err := res.JSON()
	if err != nil {
		return nil
	}
	v, _ := jsonval.Pointer(doc, pointer)
	return v
}

// hasModule reports whether any node has a module or a plugin.
func (a *abilities) hasModule(ctx context.Context, name string) bool {
	nodes, ok := a.value(ctx, "/_nodes/plugins?filter_path=nodes.*.modules.name,nodes.*.plugins.name", "/nodes").(map[string]any)
	if !ok {
		return true
	}
	for _, node := range nodes {
		for _, list := range []string{"/modules", "/plugins"} {
			entries, _ := jsonval.Pointer(node, list)
			all, _ := entries.([]any)
			for _, e := range all {
				if is, _ := jsonval.Pointer(e, "/name"); is == name {
					return true
				}
			}
		}
	}
	return false
}
