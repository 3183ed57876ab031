package suite

import (
	"slices"
	"testing"
)

// A scenario that speaks of no resource is about the API that its requests go to.
func TestFamiliesOfRequests(t *testing.T) {
	t.Parallel()
	s, err := load(t, map[string]string{"a.feature": `@documented
Feature: Requests
  @id:of.connectors @req:a.one
  Scenario: A
    Given a name saved as "x"
    When I send PUT "/_connector/{x}" with {}
    Then the response status is 201
  @id:of.templates @req:a.one
  Scenario: B
    When they send GET "/_index_template/x"
    Then the response status is 404
  @id:of.none @req:a.one
  Scenario: C
    When I send GET "/"
    Then the response status is 200
  @id:of.resources @req:a.one
  Scenario: D
    Given an index template
    When I send GET "/_connector"
    Then the response status is 200
`})
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string][]string{
		"of.connectors": {"connector"}, "of.templates": {"index-templates"}, "of.none": nil, "of.resources": {"index-templates"},
	} {
		c, _ := s.Case(id)
		if got := s.FamiliesOf(c); !slices.Equal(got, want) {
			t.Errorf("%s is about %q, want %q", id, got, want)
		}
	}
}
