@contract @since:8.18.0
Feature: Check-ins of connectors

  @id:connector.check-in.last-seen @req:connector.check-in.last-seen
  Scenario: A first check-in sets last_seen
    Given a connector
    Then the connector at "/last_seen" is absent
    When I send PUT "/_connector/{connector}/_check_in"
    Then the response status is 200
    And the connector at "/last_seen" equals "<time>"
    And only these fields of the connector have changed:
      | /last_seen |

  @id:connector.check-in.between @req:connector.check-in.last-seen
  Scenario: last_seen lies between what the server did before and after
    Given a connector
    And I send GET "/_connector/{connector}"
    And I save the response at "/filtering/0/draft/advanced_snippet/created_at" as "before"
    When I send PUT "/_connector/{connector}/_check_in"
    Then the response status is 200
    When I send PUT "/_connector/{connector}-2"
    And I send GET "/_connector/{connector}-2"
    And I save the response at "/filtering/0/draft/advanced_snippet/created_at" as "after"
    And I send GET "/.elastic-connectors/_search" with the body:
      """
      {"query": {"bool": {"filter": [{"ids": {"values": ["{connector}"]}}, {"range": {"last_seen": {"gte": "{before}", "lte": "{after}"}}}]}}}
      """
    Then eventually, within 5 s, the response at "/hits/total/value" equals 1

  @id:connector.check-in.moves @req:connector.check-in.moves
  Scenario: A second check-in moves last_seen on
    Given a connector
    And I send PUT "/_connector/{connector}/_check_in"
    And 20 milliseconds pass
    When I send PUT "/_connector/{connector}/_check_in"
    Then the response status is 200
    And only these fields of the connector have changed:
      | /last_seen |

  @id:connector.check-in.status @req:connector.check-in.status
  Scenario Outline: A connector that is <status> stays so
    Given a connector in the state "<status>"
    When I send PUT "/_connector/{connector}/_check_in"
    Then the response status is 200
    And the connector at "/status" equals "<status>"

    Examples:
      | status              |
      | created             |
      | needs_configuration |
      | configured          |
      | connected           |
      | error               |
