package resttest

import (
	"context"
	"encoding/base64"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// assignment puts something aside.
type assignment struct{ path, name string }

// set puts parts of the last answer aside.
type set []assignment

func readSet(n *yaml.Node) (action, error) {
	all, err := entries(n)
	if err != nil {
		return nil, err
	}
	var s set
	for _, e := range all {
		name, err := text(e.value)
		if err != nil {
			return nil, err
		}
		s = append(s, assignment{e.key.Value, strings.TrimPrefix(name, "$")})
	}
	return s, nil
}

func (s set) String() string {
	var parts []string
	for _, a := range s {
		parts = append(parts, a.path+" as "+a.name)
	}
	return strings.Join(parts, ", ")
}

func (s set) run(_ context.Context, x *Execution) error {
	for _, a := range s {
		v, ok, err := x.stash.find(a.path)
		if err != nil {
			return err
		}
		if !ok {
			return x.failed("set "+a.path, "a value to put aside as "+a.name, actual{}.show())
		}
		x.stash[a.name] = v
	}
	return nil
}

// transform puts credentials aside, made of parts of the last answer, or a text
// as it is written.
type transform struct {
	name  string
	paths []string // none: the text
	text  string
}

var credentials = regexp.MustCompile(`^#base64EncodeCredentials\(([^,()]+),([^,()]+)\)$`)

func readTransform(n *yaml.Node) (action, error) {
	e, err := only(n)
	if err != nil {
		return nil, err
	}
	source, err := text(e.value)
	if err != nil {
		return nil, err
	}
	parts := credentials.FindStringSubmatch(source)
	switch {
	case parts != nil:
		return &transform{name: e.key.Value, paths: []string{strings.TrimSpace(parts[1]), strings.TrimSpace(parts[2])}}, nil
	case strings.HasPrefix(source, "#"):
		return nil, wrong(e.value, "unknown transformation %q; known is #base64EncodeCredentials(user,password)", source)
	}
	return &transform{name: e.key.Value, text: source}, nil
}

func (t *transform) String() string { return strings.Join(t.paths, ", ") + t.text + " as " + t.name }

func (t *transform) run(_ context.Context, x *Execution) error {
	if t.paths == nil {
		x.stash[t.name] = t.text
		return nil
	}
	var values []string
	for _, path := range t.paths {
		v, ok, err := x.stash.find(path)
		if err != nil {
			return err
		}
		if !ok {
			return x.failed("transform_and_set "+path, "a value to make credentials of", actual{}.show())
		}
		values = append(values, plain(v))
	}
	encoded := base64.StdEncoding.EncodeToString([]byte(strings.Join(values, ":")))
	x.env.Session.Client().AddSecret(encoded)
	x.stash[t.name] = encoded
	return nil
}
