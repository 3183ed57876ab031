@contract
Feature: Documents

  @id:others.documents.plain
  Scenario: An index with a plain name comes into being with a document
    When I send PUT "/documents-of-others/_doc/1?refresh=true" with the body:
      """
      {"title": "one", "n": 9007199254740993, "tags": ["b", "a"]}
      """
    Then the response status is 201
    And the response at "/_version" is at least 1
    When I send GET "/documents-of-others/_doc/1"
    Then the response is the JSON, in any order, ignoring "_seq_no, _primary_term":
      """
      {"_index": "documents-of-others", "_id": "<id>", "_version": "<number>", "found": true, "_source": {"title": "<string>", "n": 9007199254740993, "tags": ["a", "b"]}}
      """
    And the response at "/_source/tags" has the length 2
    And the response at "/_source/tags" contains "a"
    And the response at "/_source/title" does not equal "two"
    And the response status is 2xx
    And the response header "Content-Type" matches "json"

  @id:others.documents.eventually
  Scenario: A document is found a moment later
    Given an index created with:
      """
      {"settings": {"refresh_interval": "200ms"}}
      """
    When I send POST "/{index}/_doc" with the body:
      """
      {"a": 1}
      """
    And I send GET "/{index}/_count"
    Then eventually, within 10 s, the response at "/count" equals 1
    And the response at "/count" is less than 2

  @id:others.documents.resource
  Scenario: A document is a resource
    Given a document
    When the document is created with:
      """
      {"other": true}
      """
    Then the response status is 200
    And only these fields of the document have changed:
      | /esconform |
      | /other     |
