@contract @since:8.12.0
Feature: The route of a sync job

  Background:
    Given a sync job

  @id:sync-job.get.routing.method @req:sync-job.get.routing.methods
  Scenario Outline: The method <method> is refused and changes nothing
    When I send <method> "/_connector/_sync_job/{sync_job}"
    Then the request is refused with status 405 because "Incorrect HTTP method for uri [/_connector/_sync_job/{sync_job}] and method [<method>], allowed: ["
    And the answer allows exactly the methods "GET, DELETE"
    And the sync job is unchanged
    When the sync job is read
    Then the answer is the sync job as it is stored

    Examples:
      | method |
      | PUT    |
      | POST   |

  @id:sync-job.get.routing.unknown-parameter @req:sync-job.get.routing.unknown-parameter
  Scenario Outline: The unknown query parameter <parameter> is rejected
    When I send GET "/_connector/_sync_job/{sync_job}?<parameter>=true"
    Then the request is rejected as "illegal_argument_exception" because "unrecognized parameter: [<parameter>]"
    When the sync job is read
    Then the answer is the sync job as it is stored

    Examples:
      | parameter       |
      | bogus           |
      | realtime        |
      | include_deleted |

  @id:sync-job.get.routing.common-parameters @req:sync-job.get.routing.common-parameters
  Scenario Outline: The common query parameter <case> is accepted
    Given the next request has the query "<case>"
    When the sync job is read
    Then the answer is the sync job as it is stored

    Examples:
      | case        |
      | pretty      |
      | human       |
      | error_trace |

  @id:sync-job.get.routing.filter-path @req:sync-job.get.routing.common-parameters
  Scenario: filter_path leaves exactly what it asks for
    Given the next request has the query "filter_path=status,connector.id"
    When the sync job is read
    Then the response status is 200
    And the response is the JSON:
      """
      {"connector": {"id": "{connector}"}, "status": "pending"}
      """

  @id:sync-job.get.routing.trailing-slash @req:sync-job.get.routing.trailing-slash
  Scenario: A slash at the end of the path is accepted
    When I send GET "/_connector/_sync_job/{sync_job}/"
    Then the answer is the sync job as it is stored

  @id:sync-job.get.body @req:sync-job.get.body
  Scenario Outline: A body is rejected: <case>
    When I send GET "/_connector/_sync_job/{sync_job}" with <body>
    Then the request is rejected as "illegal_argument_exception" because "request [GET /_connector/_sync_job/{sync_job}] does not support having a body"
    When the sync job is read
    Then the answer is the sync job as it is stored

    Examples:
      | case            | body       |
      | an empty object | {}         |
      | an object       | {"id":"x"} |

  @id:sync-job.get.id.percent-encoded @req:sync-job.get.id.percent-encoded
  Scenario Outline: A percent-encoded id is decoded: <case>
    When I send GET "/_connector/_sync_job/<path>"
    Then the response status is 404
    And the response at "/error/reason" equals "<id>"

    Examples:
      | case              | path      | id    |
      | a slash and blank | a%2Fb%20c | a/b c |
      | a check mark      | %E2%9C%93 | ✓     |
