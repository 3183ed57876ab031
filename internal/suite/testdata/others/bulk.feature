@contract
Feature: Bulk requests

  @id:others.bulk.plain
  Scenario: Indices with plain names come into being by a bulk request
    Given the next request has the header "Content-Type" set to "application/x-ndjson"
    When I send POST "/_bulk?refresh=true" with the body:
      """
      {"index": {"_index": "bulk-of-others-1", "_id": "1"}}
      {"a": 1}
      {"create": {"_index": "bulk-of-others-2"}}
      {"a": 2}
      {"delete": {"_index": "bulk-of-others-1", "_id": "1"}}

      """
    Then the response status is 200
    And the response at "/items" has the length 3
    And the response at "/errors" equals false

  @id:others.bulk.own
  Scenario: A bulk request fills an index of one's own
    Given an index
    And the next request has the header "Content-Type" set to "application/x-ndjson"
    When I send PUT "/{index}/_bulk?refresh=true" with the body:
      """
      {"index": {}}
      {"a": 1}
      {"index": {}}
      {"a": 2}

      """
    And I send GET "/{index}/_count"
    Then the response at "/count" equals 2
