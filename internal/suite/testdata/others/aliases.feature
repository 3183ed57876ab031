@contract
Feature: Aliases

  @id:others.aliases.own
  Scenario: An alias leads to its index
    Given an index
    When I send PUT "/{index}/_alias/{index}-alias"
    Then the response status is 200
    When I send GET "/{index}-alias"
    Then the response at "/{index}/aliases" equals {"{index}-alias": {}}

  @id:others.aliases.actions
  Scenario: Actions add and remove aliases of an index with a plain name
    When I send PUT "/aliases-of-others"
    And I send POST "/_aliases" with the body:
      """
      {"actions": [{"add": {"index": "aliases-of-others", "alias": "one-of-others"}}, {"add": {"index": "aliases-of-others", "alias": "two-of-others"}}]}
      """
    Then the response is the JSON, ignoring "errors":
      """
      {"acknowledged": true}
      """
    When I send GET "/_alias/*-of-others"
    Then the response at "/aliases-of-others/aliases" has the length 2

  @id:others.aliases.resource
  Scenario: An alias is a resource
    Given an alias
    When the alias is deleted
    Then the response status is 200
    And the alias is gone
