@contract @since:8.12.0
Feature: A cancellation of a sync job that does not exist
  Nothing is created, nothing else is touched.

  Background:
    Given a sync job

  @id:sync-job.cancel.not-found.unknown @req:sync-job.cancel.not-found @req:sync-job.cancel.headers
  Scenario: An id that no sync job has is reported by its name
    Given an id that no sync job has
    When I send PUT "/_connector/_sync_job/{sync_job}/_cancel"
    Then the sync job is reported as not found
    And the response header "X-elastic-product" is "Elasticsearch"
    And the answer is of the type "application/json"
    And the sync job is gone

  @id:sync-job.cancel.not-found.reason @req:sync-job.cancel.not-found @since:8.14.0
  Scenario: The reason is the one that clients know
    Given an id that no sync job has
    When I send PUT "/_connector/_sync_job/{sync_job}/_cancel"
    Then the sync job is reported as not found
    And the response at "/error/reason" equals "{sync_job}"

  @id:sync-job.cancel.not-found.deleted @req:sync-job.cancel.not-found
  Scenario: A deleted sync job is not found and stays deleted
    Given these requests have succeeded:
      | DELETE /_connector/_sync_job/{sync_job} |
    When I send PUT "/_connector/_sync_job/{sync_job}/_cancel"
    Then the sync job is reported as not found
    And the sync job is gone

  @id:sync-job.cancel.not-found.connector-id @req:sync-job.cancel.not-found
  Scenario: The id of a connector is not that of a sync job
    Given the id of the connector in place of a sync job's
    When I send PUT "/_connector/_sync_job/{sync_job}/_cancel"
    Then the sync job is reported as not found
    And the sync job is gone

  @id:sync-job.cancel.not-found.similar @req:sync-job.cancel.not-found @req:sync-job.cancel.code.404
  Scenario Outline: An id that is <case> is not the id
    When I send PUT "/_connector/_sync_job/<id>/_cancel"
    Then the response status is 404
    And the response at "/error/type" equals "resource_not_found_exception"
    And the sync job is unchanged
    When I send PUT "/_connector/_sync_job/{sync_job}/_cancel"
    Then the update is accepted

    Examples:
      | case                    | id           |
      | one letter longer       | {sync_job}x  |
      | one letter longer ahead | x{sync_job}  |
      | followed by a wildcard  | {sync_job}*  |
      | two ids                 | {sync_job},x |
