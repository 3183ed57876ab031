@contract @since:8.18.0
Feature: Deleted connectors

  Background:
    Given a connector

  @id:connector.delete.route @req:connector.delete.route @req:connector.delete.answer @req:connector.delete.headers
  Scenario: A deleted connector is gone
    When the connector is deleted
    Then the response status is 200
    And the response header "X-elastic-product" is "Elasticsearch"
    And the answer is of the type "application/json"
    And the response is the JSON:
      """
      {"acknowledged": true}
      """
    And the connector is gone

  @id:connector.delete.hard @req:connector.delete.hard @since:9.0.0
  Scenario Outline: hard=true removes a connector that is <case>
    Given I send <method> "/_connector/{connector}"
    When I send DELETE "/_connector/{connector}?hard=true"
    Then the response status is 200
    And the response is the JSON:
      """
      {"acknowledged": true}
      """
    When I send GET "/_connector/{connector}?include_deleted=true"
    Then the response status is 404
    When I send GET "/.elastic-connectors/_doc/{connector}"
    Then the response status is 404

    Examples:
      | case    | method |
      | there   | GET    |
      | deleted | DELETE |

  @id:connector.delete.hard.states @req:connector.delete.hard @since:9.0.0
  Scenario Outline: hard=true removes a connector in the status <status>
    Given a connector "one" in the state "<status>"
    When I send DELETE "/_connector/{one}?hard=true"
    Then the response status is 200
    When I send GET "/.elastic-connectors/_doc/{one}"
    Then the response status is 404

    Examples:
      | status              |
      | created             |
      | needs_configuration |
      | configured          |
      | connected           |
      | error               |

  @id:connector.delete.marks @req:connector.delete.marks @since:9.0.0
  Scenario Outline: A deletion with <query> only marks a connector in the status <status>
    Given a connector "one" in the state "<status>"
    And I send GET "/.elastic-connectors/_doc/{one}"
    And I save the response at "/_source" as "before"
    When I send DELETE "/_connector/{one}<query>"
    Then the response status is 200
    When I send GET "/.elastic-connectors/_doc/{one}"
    Then the response at "/_source" is the JSON, ignoring "/deleted":
      """
      {before}
      """
    And the response at "/_source/deleted" equals true

    Examples:
      | status              | query       |
      | created             |             |
      | needs_configuration | ?hard=false |
      | configured          |             |
      | connected           | ?hard=false |
      | error               |             |

  @id:connector.delete.unknown @req:connector.delete.unknown @req:connector.delete.headers
  Scenario Outline: An unknown id is not found: <query>
    When I send DELETE "/_connector/{connector}x<query>"
    Then the request is rejected with status 404 as "resource_not_found_exception" saying "connector [{connector}x] not found"
    And the response header "X-elastic-product" is "Elasticsearch"
    And the answer is of the type "application/json"
    And the connector is unchanged

    Examples:
      | query                   |
      |                         |
      | ?delete_sync_jobs=true  |
      | ?delete_sync_jobs=false |

  @id:connector.delete.unknown.hard @req:connector.delete.unknown @since:9.0.0
  Scenario Outline: An unknown id is not found with <query>, either
    When I send DELETE "/_connector/{connector}x?<query>"
    Then the request is rejected with status 404 as "resource_not_found_exception" saying "connector [{connector}x] not found"
    And the connector is unchanged

    Examples:
      | query                           |
      | hard=true                       |
      | hard=true&delete_sync_jobs=true |

  @id:connector.delete.twice @req:connector.delete.unknown
  Scenario: A second deletion finds nothing
    Given the connector is deleted
    When the connector is deleted
    Then the request is rejected with status 404 as "resource_not_found_exception" saying "connector [{connector}] not found"

  @id:connector.delete.twice.hard @req:connector.delete.unknown @since:9.0.0
  Scenario Outline: A second removal finds nothing: <query>
    Given I send DELETE "/_connector/{connector}?hard=true"
    When I send DELETE "/_connector/{connector}?<query>"
    Then the request is rejected with status 404 as "resource_not_found_exception" saying "connector [{connector}] not found"

    Examples:
      | query      |
      | hard=true  |
      | hard=false |

  @id:connector.delete.other-connectors @req:connector.delete.other-connectors
  Scenario: A deletion leaves another connector alone
    Given a connector "other"
    When the connector is deleted
    Then the response status is 200
    And the connector "other" is unchanged

  @id:connector.delete.other-connectors.hard @req:connector.delete.other-connectors @since:9.0.0
  Scenario: A removal leaves another connector alone
    Given a connector "other"
    When I send DELETE "/_connector/{connector}?hard=true&delete_sync_jobs=true"
    Then the response status is 200
    And the connector "other" is unchanged

  @id:connector.delete.values @req:connector.delete.values @since:9.0.0
  Scenario Outline: hard=<value> is rejected and nothing is deleted
    When I send DELETE "/_connector/{connector}?hard=<value>"
    Then the request is rejected as "illegal_argument_exception" because "Failed to parse value [<value>] as only [true] or [false] are allowed."
    And the connector is unchanged

    Examples:
      | value |
      | x     |
      | TRUE  |
      | 1     |
      | yes   |

  @id:connector.delete.values.bare @req:connector.delete.values @since:9.0.0
  Scenario Outline: <query> removes a connector for good
    When I send DELETE "/_connector/{connector}?<query>"
    Then the response status is 200
    When I send GET "/_connector/{connector}?include_deleted=true"
    Then the response status is 404

    Examples:
      | query     |
      | hard      |
      | hard=     |
      | hard=true |

  @id:connector.delete.routing.unknown-parameter @req:connector.delete.routing.unknown-parameter
  Scenario Outline: A deletion does not know the query parameter <parameter>
    When I send DELETE "/_connector/{connector}?<parameter>=true"
    Then the request is rejected as "illegal_argument_exception" because "contains unrecognized parameter: [<parameter>]"
    And the connector is unchanged

    Examples:
      | parameter       |
      | bogus           |
      | include_deleted |
      | refresh         |
      | force           |

  @id:connector.delete.routing.body @req:connector.delete.routing.body
  Scenario Outline: A deletion with the body <body> is rejected
    When I send DELETE "/_connector/{connector}" with the body:
      """
      <body>
      """
    Then the request is rejected as "illegal_argument_exception" because "request [DELETE /_connector/{connector}] does not support having a body"
    And the connector is unchanged

    Examples:
      | body           |
      | {}             |
      | {"hard": true} |
      | []             |

  @id:connector.delete.sync-jobs-after @req:connector.delete.sync-jobs-after @since:9.0.0
  Scenario: A connector that is only marked still gets sync jobs
    Given the connector is deleted
    When I send POST "/_connector/_sync_job" with the body:
      """
      {"id": "{connector}"}
      """
    Then the response status is 201

  @id:connector.delete.sync-jobs-after.hard @req:connector.delete.sync-jobs-after @since:9.0.0
  Scenario: A connector that was removed gets no sync jobs
    Given I send DELETE "/_connector/{connector}?hard=true"
    When I send POST "/_connector/_sync_job" with the body:
      """
      {"id": "{connector}"}
      """
    Then the response status is 404

  @id:connector.delete.visible @req:connector.delete.visible @since:9.0.0
  Scenario Outline: A deleted connector is gone from the list at once: <query>
    Given I send GET "/_connector?<query>={connector}"
    And the response at "/count" equals 1
    When the connector is deleted
    And I send GET "/_connector?<query>={connector}"
    Then the response at "/count" equals 0

    Examples:
      | query          |
      | connector_name |
      | index_name     |

  @id:connector.delete.visible.query @req:connector.delete.visible @since:9.0.0
  Scenario: A deleted connector is found by no text any more
    Given a connector created with:
      """
      {"name": "{connector}-gone"}
      """
    And I send GET "/_connector?query={connector}-gone"
    And the response at "/count" equals 1
    When the connector is deleted
    And I send GET "/_connector?query={connector}-gone"
    Then the response at "/count" equals 0
