@contract @since:8.12.0
Feature: The route of the stats API
  One path, one method, and the query parameters that every API takes.

  Background:
    Given a connector with a pending sync job

  @id:stats.routing.method @req:stats.routing.methods @req:stats.routing.allow
  Scenario Outline: The method <method> is refused and changes nothing
    When the complete stats are sent with the method <method>
    Then the request is refused with status 405 because "Incorrect HTTP method for uri [/_connector/_sync_job/{sync_job}/_stats] and method [<method>], allowed: [PUT]"
    And the response header "Allow" is "PUT"
    And the stored sync job is unchanged
    But the complete stats are then accepted

    Examples:
      | method |
      | POST   |
      | GET    |
      | DELETE |

  @id:stats.routing.head @req:stats.routing.methods @req:stats.routing.allow
  Scenario: The method HEAD is refused and changes nothing
    When the complete stats are sent with the method HEAD
    Then the response status is 405
    And the response header "Allow" is "PUT"
    And the stored sync job is unchanged

  @id:stats.routing.method-unknown @req:stats.routing.methods
  Scenario: A wrong method is refused before the sync job is looked for
    Given an id that no sync job has
    When the complete stats are sent with the method POST
    Then the request is refused with status 405 because "allowed: [PUT]"
    And there is still no such sync job

  @id:stats.routing.options @req:stats.routing.options
  Scenario: OPTIONS names the method
    When the complete stats are sent with the method OPTIONS
    Then the response status is 200
    And the response header "Allow" is "PUT"
    And the response has no body
    And the stored sync job is unchanged

  @id:stats.routing.unknown-parameter @req:stats.routing.unknown-parameter @req:stats.atomic
  Scenario Outline: The unknown query parameter <parameter> is rejected
    Given the next request has the query "<query>"
    When the complete stats are set
    Then the request is rejected as "illegal_argument_exception" because "unrecognized parameter: [<parameter>]"
    And the stored sync job is unchanged
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
    When the complete stats are sent to the path "/_connector/_sync_job/{sync_job}/_stats/"
    Then the update is accepted
    And the stored sync job has changed exactly as the update says

  @id:stats.routing.empty-id @req:stats.id.empty
  Scenario: An empty id is rejected
    When the complete stats are sent to the path "/_connector/_sync_job//_stats"
    Then the request is rejected as "action_request_validation_exception" because "[connector_sync_job_id] of the connector sync job cannot be null or empty."
    And the stored sync job is unchanged

  @id:stats.routing.long-id @req:stats.id.too-long
  Scenario Outline: An id of <length> bytes is rejected
    When the complete stats are sent for an id of <length> bytes
    Then the request is rejected as "action_request_validation_exception" because "is too long, must be no longer than 512 bytes"
    And the stored sync job is unchanged

    Examples:
      | length |
      | 513    |
      | 600    |

  @id:stats.routing.longest-id @req:stats.id.too-long @req:stats.code.404
  Scenario: An id of 512 bytes is looked for
    When the complete stats are sent for an id of 512 bytes
    Then the response status is 404
    And the response at "/error/type" equals "resource_not_found_exception"

  @id:stats.routing.percent-encoded @req:stats.id.percent-encoded
  Scenario Outline: A percent-encoded id is decoded: <case>
    When the complete stats are sent to the path "/_connector/_sync_job/<path>/_stats"
    Then the response status is 404
    And the response at "/error/reason" equals "connector sync job [<id>] not found"
    And the stored sync job is unchanged

    Examples:
      | case              | path      | id    |
      | a slash and blank | a%2Fb%20c | a/b c |
      | a check mark      | %E2%9C%93 | ✓     |
      | a percent sign    | 100%25    | 100%  |

  @id:stats.routing.target @req:stats.route
  Scenario: The path alone says which sync job is meant
    Given another sync job of the same connector
    When the complete stats are sent to the path "/_connector/_sync_job/{sync_job}/_stats"
    Then the update is accepted
    And the stored sync job has changed exactly as the update says
    And the other sync job is unchanged
