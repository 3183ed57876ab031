@contract
Feature: A document that is indexed can be read back

  # Another Elasticsearch API, checked without a line of Go.

  @id:documents.round-trip
  Scenario: An indexed document is read back as it was written
    Given a name saved as "index"
    When I send PUT "/{index}/_doc/1?refresh=true" with the body:
      """
      {"title": "one", "size": 9007199254740993}
      """
    Then the response status is 201
    And the response at "/result" equals "created"
    When I send GET "/{index}/_doc/1"
    Then the response status is 200
    And the response at "/_source/title" equals "one"
    And the response at "/_source/size" equals 9007199254740993

  @id:documents.absent
  Scenario: A document that was never indexed is not found
    Given a name saved as "index"
    When I send PUT "/{index}/_doc/1" with the body:
      """
      {}
      """
    And I send GET "/{index}/_doc/2"
    Then the response status is 404
    And the response at "/found" equals false
