@since:8.12.0
Feature: Stats of a sync job that does not exist
  Nothing is created and nothing is told.

  Background:
    Given a sync job

  @documented @id:stats.not-found.status @req:stats.code.404
  Scenario: An id that no sync job has is answered with 404
    Given an id that no sync job has
    When the complete stats are set
    Then the response status is 404
    And the sync job is gone

  @contract @id:stats.not-found.error @req:stats.not-found.error @req:stats.not-found.creates-nothing @req:stats.not-found.tells-nothing @req:stats.answer.error-shape
  Scenario: An id that no sync job has is reported by its name, and nothing is created
    Given an id that no sync job has
    When the complete stats are set
    Then the sync job is reported as not found
    And the sync job is gone

  @contract @id:stats.not-found.minimal @req:stats.not-found.error @req:stats.not-found.creates-nothing
  Scenario: The required stats alone are reported likewise
    Given an id that no sync job has
    When the required stats are set
    Then the sync job is reported as not found
    And the sync job is gone

  @contract @id:stats.not-found.other-jobs @req:stats.not-found.creates-nothing @req:stats.side-effects.sibling @req:stats.not-found.tells-nothing
  Scenario: An update of an id that no sync job has leaves the sync jobs that there are
    Given another sync job of the same connector
    When I send PUT "/_connector/_sync_job/{other_sync_job}-2/_stats" with {complete_stats}
    Then the response status is 404
    And the sync job is unchanged
    And the sync job "other_sync_job" is unchanged

  @contract @id:stats.not-found.similar @req:stats.not-found.error @req:stats.code.404
  Scenario Outline: An id that is <case> is not the id
    When I send PUT "/_connector/_sync_job/<id>/_stats" with {complete_stats}
    Then the response status is 404
    And the response at "/error/type" equals "resource_not_found_exception"
    And the sync job is unchanged
    But the complete stats are then accepted

    Examples:
      | case                    | id            |
      | one letter longer       | {sync_job}x   |
      | one letter longer ahead | x{sync_job}   |
      | followed by a blank     | {sync_job}%20 |
      | followed by a wildcard  | {sync_job}*   |
      | a wildcard              | *             |
      | two ids                 | {sync_job},x  |

  @contract @id:stats.not-found.deleted @req:stats.not-found.deleted @req:stats.not-found.creates-nothing
  Scenario: A sync job that was deleted is not found and not created again
    Given the sync job already has the complete stats
    And these requests have succeeded:
      | DELETE /_connector/_sync_job/{sync_job} |
    When the complete stats are set
    Then the sync job is reported as not found
    And the sync job is gone

  @contract @id:stats.not-found.connector-id @req:stats.not-found.connector-id @req:stats.not-found.creates-nothing
  Scenario: The id of a connector is not that of a sync job
    Given the id of the connector in place of a sync job's
    When the complete stats are set
    Then the sync job is reported as not found
    And the sync job is gone

  @contract @id:stats.not-found.body-first @req:stats.not-found.body-first
  Scenario Outline: A body with <fault> is rejected before the sync job is looked for
    Given an id that no sync job has
    When the stats are set with the body:
      """
      <body>
      """
    Then the request is rejected as "<type>" because "<reason>"
    And the sync job is gone

    Examples:
      | fault              | body                                                         | type                                | reason                                                       |
      | a negative count   | {"deleted_document_count":-1,"indexed_document_count":1,"indexed_document_volume":1} | action_request_validation_exception | [deleted_document_count] cannot be negative                  |
      | nothing in it      | {}                                                           | illegal_argument_exception          | Required [deleted_document_count, indexed_document_count, indexed_document_volume] |
      | an unknown field   | {"deleted_document_count":1,"indexed_document_count":1,"indexed_document_volume":1,"bogus":1} | x_content_parse_exception           | unknown field [bogus]                                        |
      | a word for a count | {"deleted_document_count":"ten","indexed_document_count":1,"indexed_document_volume":1} | x_content_parse_exception           | deleted_document_count                                       |
      | no object          | []                                                           | x_content_parse_exception           | Expected START_OBJECT but was: START_ARRAY                   |
