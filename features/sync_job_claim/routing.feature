@contract @since:8.15.0
Feature: The route of a claim
  One path, one method, and the query parameters that every API takes.

  Background:
    Given a sync job

  @id:sync-job.claim.routing.method @req:sync-job.claim.routing.methods
  Scenario Outline: The method <method> is refused and changes nothing
    When I send <method> "/_connector/_sync_job/{sync_job}/_claim"
    Then the request is refused with status 405 because "Incorrect HTTP method for uri [/_connector/_sync_job/{sync_job}/_claim] and method [<method>], allowed: [PUT]"
    And the response header "Allow" is "PUT"
    And the sync job is unchanged
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1"}
    Then the update is accepted

    Examples:
      | method |
      | POST   |
      | GET    |
      | DELETE |

  @id:sync-job.claim.routing.options @req:sync-job.claim.routing.options
  Scenario: OPTIONS names the method
    When I send OPTIONS "/_connector/_sync_job/{sync_job}/_claim"
    Then the response status is 200
    And the response header "Allow" is "PUT"
    And the sync job is unchanged

  @id:sync-job.claim.routing.unknown-parameter @req:sync-job.claim.routing.unknown-parameter
  Scenario Outline: The unknown query parameter <parameter> is rejected
    Given the next request has the query "<parameter>=<value>"
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1"}
    Then the request is rejected as "illegal_argument_exception" because "unrecognized parameter: [<parameter>]"
    And the sync job is unchanged
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1"}
    Then the update is accepted

    Examples:
      | parameter       | value |
      | bogus           | 1     |
      | refresh         | false |
      | worker_hostname | x     |

  @id:sync-job.claim.routing.common-parameters @req:sync-job.claim.routing.common-parameters
  Scenario Outline: The common query parameter <case> is accepted
    Given the next request has the query "<case>"
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1"}
    Then the update is accepted
    And the version of the sync job has risen by 1

    Examples:
      | case               |
      | pretty             |
      | human              |
      | filter_path=result |

  @id:sync-job.claim.routing.trailing-slash @req:sync-job.claim.routing.trailing-slash
  Scenario: A slash at the end of the path is accepted
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim/" with {"worker_hostname":"worker-1"}
    Then the update is accepted
    And the version of the sync job has risen by 1

  @id:sync-job.claim.id.empty @req:sync-job.claim.id.empty
  Scenario: An empty id is rejected
    When I send PUT "/_connector/_sync_job//_claim" with {"worker_hostname":"worker-1"}
    Then the request is rejected as "action_request_validation_exception" because "[connector_sync_job_id] of the connector sync job cannot be null or empty."
    And the sync job is unchanged

  @id:sync-job.claim.id.percent-encoded @req:sync-job.claim.id.percent-encoded
  Scenario Outline: A percent-encoded id is decoded: <case>
    When I send PUT "/_connector/_sync_job/<path>/_claim" with {"worker_hostname":"worker-1"}
    Then the response status is 404
    And the response at "/error/reason" equals "<id>"
    And the sync job is unchanged

    Examples:
      | case              | path      | id    |
      | a slash and blank | a%2Fb%20c | a/b c |
      | a check mark      | %E2%9C%93 | ✓     |
