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

// exception is a reason why, with some faults, requirements fail that the faults
// do not name. Ids of both may hold *.
type exception struct {
	Because      string   `yaml:"because"`
	Faults       []string `yaml:"faults"`
	Requirements []string `yaml:"requirements"`
}

func loadExceptions() ([]exception, error) {
	var list []exception
	dec := yaml.NewDecoder(bytes.NewReader(exactYAML))
	dec.KnownFields(true)
	if err := dec.Decode(&list); err != nil {
		return nil, fmt.Errorf("read exact.yaml: %w", err)
	}
	for _, x := range list {
		if x.Because == "" || len(x.Faults) == 0 || len(x.Requirements) == 0 {
			return nil, fmt.Errorf("read exact.yaml: an exception needs because, faults and requirements: %+v", x)
		}
	}
	return list, nil
}

// allow reports whether an exception covers a fault and a requirement.
func allow(list []exception, fault, requirement string) bool {
	return slices.ContainsFunc(list, func(x exception) bool {
		return matchesAny(x.Faults, fault) && matchesAny(x.Requirements, requirement)
	})
}

func matchesAny(patterns []string, id string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { ok, _ := path.Match(p, id); return ok })
}
