@contract @since:8.12.0
Feature: The route of a check-in
  One path, one method, and the query parameters that every API takes.

  Background:
    Given a sync job

  @id:sync-job.check-in.routing.method @req:sync-job.check-in.routing.methods
  Scenario Outline: The method <method> is refused and changes nothing
    When I send <method> "/_connector/_sync_job/{sync_job}/_check_in"
    Then the request is refused with status 405 because "Incorrect HTTP method for uri [/_connector/_sync_job/{sync_job}/_check_in] and method [<method>], allowed: [PUT]"
    And the response header "Allow" is "PUT"
    And the sync job is unchanged
    When I send PUT "/_connector/_sync_job/{sync_job}/_check_in"
    Then the update is accepted

    Examples:
      | method |
      | POST   |
      | GET    |
      | DELETE |

  @id:sync-job.check-in.routing.options @req:sync-job.check-in.routing.options
  Scenario: OPTIONS names the method
    When I send OPTIONS "/_connector/_sync_job/{sync_job}/_check_in"
    Then the response status is 200
    And the response header "Allow" is "PUT"
    And the sync job is unchanged

  @id:sync-job.check-in.routing.unknown-parameter @req:sync-job.check-in.routing.unknown-parameter
  Scenario Outline: The unknown query parameter <parameter> is rejected
    Given the next request has the query "<parameter>=<value>"
    When I send PUT "/_connector/_sync_job/{sync_job}/_check_in"
    Then the request is rejected as "illegal_argument_exception" because "unrecognized parameter: [<parameter>]"
    And the sync job is unchanged
    When I send PUT "/_connector/_sync_job/{sync_job}/_check_in"
    Then the update is accepted

    Examples:
      | parameter | value |
      | bogus     | 1     |
      | refresh   | false |
      | last_seen | x     |

  @id:sync-job.check-in.routing.common-parameters @req:sync-job.check-in.routing.common-parameters
  Scenario Outline: The common query parameter <case> is accepted
    Given the next request has the query "<case>"
    When I send PUT "/_connector/_sync_job/{sync_job}/_check_in"
    Then the update is accepted
    And the version of the sync job has risen by 1

    Examples:
      | case               |
      | pretty             |
      | human              |
      | filter_path=result |

  @id:sync-job.check-in.id.empty @req:sync-job.check-in.id.empty
  Scenario: An empty id is rejected
    When I send PUT "/_connector/_sync_job//_check_in"
    Then the request is rejected as "action_request_validation_exception" because "[connector_sync_job_id] of the connector sync job cannot be null or empty."
    And the sync job is unchanged

  @id:sync-job.check-in.id.percent-encoded @req:sync-job.check-in.id.percent-encoded
  Scenario Outline: A percent-encoded id is decoded: <case>
    When I send PUT "/_connector/_sync_job/<path>/_check_in"
    Then the response status is 404
    And the response at "/error/reason" equals "connector sync job [<id>] not found"
    And the sync job is unchanged

    Examples:
      | case              | path      | id    |
      | a slash and blank | a%2Fb%20c | a/b c |
      | a check mark      | %E2%9C%93 | ✓     |

  @id:sync-job.check-in.body @req:sync-job.check-in.body
  Scenario Outline: A body is rejected: <case>
    When I send PUT "/_connector/_sync_job/{sync_job}/_check_in" with <body>
    Then the request is rejected as "illegal_argument_exception" because "request [PUT /_connector/_sync_job/{sync_job}/_check_in] does not support having a body"
    And the sync job is unchanged
    When I send PUT "/_connector/_sync_job/{sync_job}/_check_in"
    Then the update is accepted

    Examples:
      | case            | body    |
      | an empty object | {}      |
      | an object       | {"a":1} |
      | an array        | []      |

  @id:sync-job.check-in.id.too-long @req:sync-job.check-in.id.too-long
  Scenario: An id of more than 512 bytes is rejected
    Given an id of 513 bytes that no sync job has
    When I send PUT "/_connector/_sync_job/{sync_job}/_check_in"
    Then the request is rejected as "action_request_validation_exception" because "is too long, must be no longer than 512 bytes"

  @id:sync-job.check-in.id.longest @req:sync-job.check-in.id.too-long
  Scenario: An id of 512 bytes is looked for
    Given an id of 512 bytes that no sync job has
    When I send PUT "/_connector/_sync_job/{sync_job}/_check_in"
    Then the sync job is reported as not found
