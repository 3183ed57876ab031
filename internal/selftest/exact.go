package selftest

import (
	"bytes"
	_ "embed"
	"fmt"
	"path"
	"slices"

	"go.yaml.in/yaml/v3"
)

//go:embed exact.yaml
var exactYAML []byte

// exceptions say with which faults other requirements fail than those that the
// faults name.
type exceptions struct {
	// Beside: these fail, too.
	Beside []exception `yaml:"beside"`
	// Instead: these do not fail, though they are named.
	Instead []exception `yaml:"instead"`
}

// exception is one reason. Ids of faults and requirements may hold *.
type exception struct {
	Because      string   `yaml:"because"`
	Faults       []string `yaml:"faults"`
	Requirements []string `yaml:"requirements"`

	used bool
}

// loadExceptions reads the exceptions that belong to the faults.
func loadExceptions() (*exceptions, error) {
	var e exceptions
	dec := yaml.NewDecoder(bytes.NewReader(exactYAML))
	dec.KnownFields(true)
	if err := dec.Decode(&e); err != nil {
		return nil, fmt.Errorf("read exact.yaml: %w", err)
	}
	for _, x := range slices.Concat(e.Beside, e.Instead) {
		if x.Because == "" || len(x.Faults) == 0 || len(x.Requirements) == 0 {
			return nil, fmt.Errorf("read exact.yaml: an exception needs because, faults and requirements: %+v", x)
		}
	}
	return &e, nil
}

// allow reports whether an exception covers a fault and a requirement, and
// marks it as used.
func allow(list []exception, fault, requirement string) bool {
	covered := false
	for i := range list {
		if list[i].covers(fault, requirement) {
			list[i].used, covered = true, true
		}
	}
	return covered
}

func (x *exception) covers(fault, requirement string) bool {
	return matchesAny(x.Faults, fault) && matchesAny(x.Requirements, requirement)
}

func matchesAny(patterns []string, id string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { ok, _ := path.Match(p, id); return ok })
}
