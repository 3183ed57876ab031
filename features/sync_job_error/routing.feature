@contract @since:8.12.0
Feature: The route of a report of an error
  One path, one method, and the query parameters that every API takes.

  Background:
    Given a sync job in the state "in_progress"

  @id:sync-job.error.routing.method @req:sync-job.error.routing.methods
  Scenario Outline: The method <method> is refused and changes nothing
    When I send <method> "/_connector/_sync_job/{sync_job}/_error"
    Then the request is refused with status 405 because "Incorrect HTTP method for uri [/_connector/_sync_job/{sync_job}/_error] and method [<method>], allowed: [PUT]"
    And the response header "Allow" is "PUT"
    And the sync job is unchanged
    When I send PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"boom"}
    Then the update is accepted

    Examples:
      | method |
      | POST   |
      | GET    |
      | DELETE |

  @id:sync-job.error.routing.options @req:sync-job.error.routing.options
  Scenario: OPTIONS names the method
    When I send OPTIONS "/_connector/_sync_job/{sync_job}/_error"
    Then the response status is 200
    And the response header "Allow" is "PUT"
    And the sync job is unchanged

  @id:sync-job.error.routing.unknown-parameter @req:sync-job.error.routing.unknown-parameter
  Scenario Outline: The unknown query parameter <parameter> is rejected
    Given the next request has the query "<parameter>=<value>"
    When I send PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"boom"}
    Then the request is rejected as "illegal_argument_exception" because "unrecognized parameter: [<parameter>]"
    And the sync job is unchanged
    When I send PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"boom"}
    Then the update is accepted

    Examples:
      | parameter | value |
      | bogus     | 1     |
      | refresh   | false |
      | error     | x     |

  @id:sync-job.error.routing.common-parameters @req:sync-job.error.routing.common-parameters
  Scenario Outline: The common query parameter <case> is accepted
    Given the next request has the query "<case>"
    When I send PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"boom"}
    Then the update is accepted
    And the version of the sync job has risen by 1

    Examples:
      | case               |
      | pretty             |
      | human              |
      | filter_path=result |

  @id:sync-job.error.routing.trailing-slash @req:sync-job.error.routing.trailing-slash
  Scenario: A slash at the end of the path is accepted
    When I send PUT "/_connector/_sync_job/{sync_job}/_error/" with {"error":"boom"}
    Then the update is accepted
    And the version of the sync job has risen by 1

  @id:sync-job.error.id.empty @req:sync-job.error.id.empty
  Scenario: An empty id is rejected
    When I send PUT "/_connector/_sync_job//_error" with {"error":"boom"}
    Then the request is rejected as "action_request_validation_exception" because "[connector_sync_job_id] of the connector sync job cannot be null or empty."
    And the sync job is unchanged

  @id:sync-job.error.id.percent-encoded @req:sync-job.error.id.percent-encoded @since:8.14.0
  Scenario Outline: A percent-encoded id is decoded: <case>
    When I send PUT "/_connector/_sync_job/<path>/_error" with {"error":"boom"}
    Then the response status is 404
    And the response at "/error/reason" equals "<id>"
    And the sync job is unchanged

    Examples:
      | case              | path      | id    |
      | a slash and blank | a%2Fb%20c | a/b c |
      | a check mark      | %E2%9C%93 | ✓     |
