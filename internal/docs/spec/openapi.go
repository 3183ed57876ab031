// Package spec finds what machine-readable specifications claim about an API:
// OpenAPI documents and Elasticsearch's rest-api-spec.
package spec

import (
	"slices"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/openapi"
)

// Set holds the operations of one specification by their route. Each is read
// when it is asked for.
type Set struct {
	byKey map[string]func() *claim.Model
}

// Find returns the model of the operation with that route, whatever its
// parameters are called.
func (s *Set) Find(r claim.Route) (*claim.Model, bool) {
	if s == nil {
		return nil, false
	}
	read, ok := s.byKey[r.Key()]
	if !ok {
		return nil, false
	}
	return read(), true
}

// Len is the number of operations.
func (s *Set) Len() int { return len(s.byKey) }

// OpenAPI reads an OpenAPI 3 document in JSON or YAML. file is its name in
// reports. A reference that leads nowhere is noted in the model of the operation
// that it belongs to.
func OpenAPI(file string, b []byte) (*Set, error) {
	doc, err := openapi.Read(file, b)
	if err != nil {
		return nil, err
	}
	set := &Set{byKey: map[string]func() *claim.Model{}}
	for _, op := range doc.Operations() {
		set.byKey[op.Route().Key()] = func() *claim.Model { return beside(op.Model()) }
	}
	return set, nil
}

// beside is a model as it stands beside a page: the probes are made from the
// page, so nothing is asked about fields inside of others that only the
// specification has, and its examples are not run.
func beside(m *claim.Model) *claim.Model {
	m.Fields = slices.DeleteFunc(m.Fields, func(f claim.Field) bool { return f.In == claim.InBody && f.Parent() != "" })
	m.Examples = nil
	return m
}
