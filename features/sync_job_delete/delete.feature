@since:8.12.0
Feature: Deleting a sync job

  Background:
    Given a sync job

  @documented @id:sync-job.delete.example @req:sync-job.delete.example @req:sync-job.delete.route
  Scenario: The documented example removes the sync job and is answered as documented
    When I send DELETE "/_connector/_sync_job/{sync_job}"
    Then the response status is 200
    And the response is the JSON:
      """
      {
          "acknowledged": true
      }
      """
    And the sync job is gone

  @documented @id:sync-job.delete.code.404 @req:sync-job.delete.code.404
  Scenario: An id that no sync job has is answered with 404
    Given an id that no sync job has
    When the sync job is deleted
    Then the response status is 404

  @contract @id:sync-job.delete.answer @req:sync-job.delete.answer @req:sync-job.delete.headers @req:sync-job.delete
  Scenario: A deleted sync job is gone at once
    When the sync job is deleted
    Then the deletion is acknowledged
    And the response header "X-elastic-product" is "Elasticsearch"
    And the answer is of the type "application/json"
    And the sync job is gone

  @contract @id:sync-job.delete @req:sync-job.delete @req:sync-job.delete.not-found
  Scenario: A sync job is deleted once
    When the sync job is deleted
    Then the deletion is acknowledged
    And the sync job is gone
    When the sync job is deleted
    Then the sync job is reported as not found
    And the response at "/error/reason" equals "{sync_job}"
    And the sync job is gone

  @contract @id:sync-job.delete.not-found @req:sync-job.delete.not-found @req:sync-job.delete.headers
  Scenario: An id that no sync job has is reported by its name
    Given an id that no sync job has
    When the sync job is deleted
    Then the sync job is reported as not found
    And the response at "/error/reason" equals "{sync_job}"
    And the response header "X-elastic-product" is "Elasticsearch"
    And the answer is of the type "application/json"

  @contract @id:sync-job.delete.not-found.connector-id @req:sync-job.delete.not-found @req:sync-job.delete.connector
  Scenario: The id of a connector is not that of a sync job
    Given a connector of its own with a pending sync job
    And the id of the connector in place of a sync job's
    When the sync job is deleted
    Then the sync job is reported as not found
    And the connector is unchanged

  @contract @id:sync-job.delete.not-found.similar @req:sync-job.delete.not-found
  Scenario Outline: An id that is <case> is not the id
    When I send DELETE "/_connector/_sync_job/<id>"
    Then the response status is 404
    And the response at "/error/type" equals "resource_not_found_exception"
    And the sync job is unchanged

    Examples:
      | case                    | id           |
      | one letter longer       | {sync_job}x  |
      | one letter longer ahead | x{sync_job}  |
      | followed by a wildcard  | {sync_job}*  |
      | two ids                 | {sync_job},x |

  @contract @id:sync-job.delete.siblings @req:sync-job.delete.siblings
  Scenario: Another sync job of the connector is left alone
    Given another sync job of the same connector
    When the sync job is deleted
    Then the deletion is acknowledged
    And the sync job "other_sync_job" is unchanged

  @contract @id:sync-job.delete.connector @req:sync-job.delete.connector
  Scenario: The connector is left alone
    Given a connector of its own with a pending sync job
    When the sync job is deleted
    Then the deletion is acknowledged
    And the connector is unchanged

  @contract @id:sync-job.delete.list @req:sync-job.delete.list
  Scenario: A deleted sync job is gone from the list at once
    Given a connector of its own with these sync jobs, created one after the other:
      | a | full | pending |
      | b | full | pending |
    When the sync job is deleted
    Then the deletion is acknowledged
    When the sync jobs of the connector are listed
    Then the list holds exactly "a"

  @contract @id:sync-job.delete.final @req:sync-job.delete.final
  Scenario Outline: <call> does not bring a deleted sync job back
    When the sync job is deleted
    Then the deletion is acknowledged
    When I send PUT "/_connector/_sync_job/{sync_job}/<call>" with <body>
    Then the sync job is reported as not found
    And the sync job is gone

    Examples:
      | call   | body                                                                                |
      | _error | {"error":"boom"}                                                                    |
      | _stats | {"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3} |

    @since:8.15.0
    Examples:
      | call   | body                           |
      | _claim | {"worker_hostname":"worker-1"} |

  @contract @id:sync-job.delete.final.bare @req:sync-job.delete.final
  Scenario Outline: <call> without a body does not bring a deleted sync job back either
    When the sync job is deleted
    Then the deletion is acknowledged
    When I send PUT "/_connector/_sync_job/{sync_job}/<call>"
    Then the sync job is reported as not found
    And the sync job is gone

    Examples:
      | call      |
      | _cancel   |
      | _check_in |

  @contract @id:sync-job.delete.routing.unknown-parameter @req:sync-job.delete.routing.unknown-parameter
  Scenario Outline: The unknown query parameter <parameter> is rejected and nothing is deleted
    Given the next request has the query "<parameter>=true"
    When I send DELETE "/_connector/_sync_job/{sync_job}"
    Then the request is rejected as "illegal_argument_exception" because "unrecognized parameter: [<parameter>]"
    And the sync job is unchanged
    When the sync job is deleted
    Then the deletion is acknowledged

    Examples:
      | parameter        |
      | bogus            |
      | refresh          |
      | hard             |
      | delete_sync_jobs |

  @contract @id:sync-job.delete.routing.trailing-slash @req:sync-job.delete.routing.trailing-slash
  Scenario: A slash at the end of the path is accepted
    When I send DELETE "/_connector/_sync_job/{sync_job}/"
    Then the deletion is acknowledged
    And the sync job is gone

  @contract @id:sync-job.delete.body @req:sync-job.delete.body
  Scenario Outline: A body is rejected and nothing is deleted: <case>
    When I send DELETE "/_connector/_sync_job/{sync_job}" with <body>
    Then the request is rejected as "illegal_argument_exception" because "request [DELETE /_connector/_sync_job/{sync_job}] does not support having a body"
    And the sync job is unchanged
    When the sync job is deleted
    Then the deletion is acknowledged

    Examples:
      | case            | body       |
      | an empty object | {}         |
      | an object       | {"id":"x"} |

  @contract @id:sync-job.delete.id.percent-encoded @req:sync-job.delete.id.percent-encoded
  Scenario Outline: A percent-encoded id is decoded: <case>
    When I send DELETE "/_connector/_sync_job/<path>"
    Then the response status is 404
    And the response at "/error/reason" equals "<id>"
    And the sync job is unchanged

    Examples:
      | case              | path      | id    |
      | a slash and blank | a%2Fb%20c | a/b c |
      | a check mark      | %E2%9C%93 | ✓     |
