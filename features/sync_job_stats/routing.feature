@contract @since:8.12.0
Feature: The route of the stats API
  One path, one method, and the query parameters that every API takes.

  Background:
    Given a sync job

  @id:stats.routing.method @req:stats.routing.methods @req:stats.routing.allow
  Scenario Outline: The method <method> is refused and changes nothing
    When I send <request>
    Then the request is refused with status 405 because "Incorrect HTTP method for uri [/_connector/_sync_job/{sync_job}/_stats] and method [<method>], allowed: [PUT]"
    And the response header "Allow" is "PUT"
    And the sync job is unchanged
    But the complete stats are then accepted

    Examples:
      | method | request                                                                  |
      | POST   | POST "/_connector/_sync_job/{sync_job}/_stats" with {complete_stats}     |
      | GET    | GET "/_connector/_sync_job/{sync_job}/_stats"                            |
      | DELETE | DELETE "/_connector/_sync_job/{sync_job}/_stats"                         |

  @id:stats.routing.head @req:stats.routing.methods @req:stats.routing.allow
  Scenario: The method HEAD is refused and changes nothing
    When I send HEAD "/_connector/_sync_job/{sync_job}/_stats"
    Then the response status is 405
    And the response header "Allow" is "PUT"
    And the sync job is unchanged

  @id:stats.routing.method-unknown @req:stats.routing.methods
  Scenario: A wrong method is refused before the sync job is looked for
    Given an id that no sync job has
    When I send POST "/_connector/_sync_job/{sync_job}/_stats" with {complete_stats}
    Then the request is refused with status 405 because "allowed: [PUT]"
    And the sync job is gone

  @id:stats.routing.options @req:stats.routing.options
  Scenario: OPTIONS names the method
    When I send OPTIONS "/_connector/_sync_job/{sync_job}/_stats"
    Then the response status is 200
    And the response header "Allow" is "PUT"
    And the response has no body
    And the sync job is unchanged

  @id:stats.routing.unknown-parameter @req:stats.routing.unknown-parameter @req:stats.atomic
  Scenario Outline: The unknown query parameter <parameter> is rejected
    Given the next request has the query "<query>"
    When the complete stats are set
    Then the request is rejected as "illegal_argument_exception" because "unrecognized parameter: [<parameter>]"
    And the sync job is unchanged
    But the complete stats are then accepted

    Examples:
      | parameter              | query                    |
      | bogus                  | bogus=1                  |
      | refresh                | refresh=false            |
      | routing                | routing=x                |
      | deleted_document_count | deleted_document_count=1 |

  @id:stats.routing.common-parameter @req:stats.routing.common-parameters
  Scenario Outline: The common query parameter <case> is accepted
    Given the next request has the query "<query>"
    When the complete stats are set
    Then the update is accepted
    And the stored sync job has changed exactly as the update says

    Examples:
      | case        | query                   |
      | pretty      | pretty                  |
      | pretty=true | pretty=true             |
      | filter_path | filter_path=result      |
      | human       | human                   |
      | error_trace | human&error_trace=false |

  @id:stats.routing.filter-path @req:stats.routing.common-parameters
  Scenario: filter_path leaves out of the answer what it excludes, and the update is made
    Given the next request has the query "filter_path=-result"
    When the complete stats are set
    Then the response status is 200
    And the response is the JSON:
      """
      {}
      """
    And the stored sync job has changed exactly as the update says

  @id:stats.routing.trailing-slash @req:stats.routing.trailing-slash
  Scenario: A slash at the end of the path is accepted
    When I send PUT "/_connector/_sync_job/{sync_job}/_stats/" with {complete_stats}
    Then the update is accepted
    And the stored sync job has changed exactly as the update says

  @id:stats.routing.empty-id @req:stats.id.empty
  Scenario: An empty id is rejected
    When I send PUT "/_connector/_sync_job//_stats" with {complete_stats}
    Then the request is rejected as "action_request_validation_exception" because "[connector_sync_job_id] of the connector sync job cannot be null or empty."
    And the sync job is unchanged

  @id:stats.routing.long-id @req:stats.id.too-long
  Scenario Outline: An id of <length> bytes is rejected
    Given a name of <length> bytes saved as "long"
    When I send PUT "/_connector/_sync_job/{long}/_stats" with {complete_stats}
    Then the request is rejected as "action_request_validation_exception" because "is too long, must be no longer than 512 bytes"
    And the sync job is unchanged

    Examples:
      | length |
      | 513    |
      | 600    |

  @id:stats.routing.longest-id @req:stats.id.too-long @req:stats.code.404
  Scenario: An id of 512 bytes is looked for
    Given a name of 512 bytes saved as "long"
    When I send PUT "/_connector/_sync_job/{long}/_stats" with {complete_stats}
    Then the response status is 404
    And the response at "/error/type" equals "resource_not_found_exception"

  @id:stats.routing.percent-encoded @req:stats.id.percent-encoded
  Scenario Outline: A percent-encoded id is decoded: <case>
    When I send PUT "/_connector/_sync_job/<path>/_stats" with {complete_stats}
    Then the response status is 404
    And the response at "/error/reason" equals "connector sync job [<id>] not found"
    And the sync job is unchanged

    Examples:
      | case              | path      | id    |
      | a slash and blank | a%2Fb%20c | a/b c |
      | a check mark      | %E2%9C%93 | ✓     |
      | a percent sign    | 100%25    | 100%  |

  @id:stats.routing.target @req:stats.route
  Scenario: The path alone says which sync job is meant
    Given another sync job of the same connector
    When I send PUT "/_connector/_sync_job/{sync_job}/_stats" with {complete_stats}
    Then the update is accepted
    And the stored sync job has changed exactly as the update says
    And the sync job "other_sync_job" is unchanged
