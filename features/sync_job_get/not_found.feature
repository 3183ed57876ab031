@contract @since:8.12.0
Feature: Reading a sync job that does not exist

  Background:
    Given a sync job

  @id:sync-job.get.not-found @req:sync-job.get.not-found @req:sync-job.get.headers
  Scenario: An id that no sync job has is reported by its name
    Given an id that no sync job has
    When the sync job is read
    Then the sync job is reported as not found
    And the response at "/error/reason" equals "{sync_job}"
    And the response header "X-elastic-product" is "Elasticsearch"
    And the answer is of the type "application/json"

  @id:sync-job.get.not-found.deleted @req:sync-job.get.not-found
  Scenario: A deleted sync job is not found
    When I send GET "/_connector/_sync_job/{sync_job}"
    Then the answer is the sync job as it is stored
    Given these requests have succeeded:
      | DELETE /_connector/_sync_job/{sync_job} |
    When I send GET "/_connector/_sync_job/{sync_job}"
    Then the sync job is reported as not found
    And the sync job is gone

  @id:sync-job.get.not-found.connector-id @req:sync-job.get.not-found
  Scenario: The id of a connector is not that of a sync job
    Given the id of the connector in place of a sync job's
    When the sync job is read
    Then the sync job is reported as not found

  @id:sync-job.get.not-found.similar @req:sync-job.get.not-found
  Scenario Outline: An id that is <case> is not the id
    When I send GET "/_connector/_sync_job/<id>"
    Then the response status is 404
    And the response at "/error/type" equals "resource_not_found_exception"
    When the sync job is read
    Then the answer is the sync job as it is stored

    Examples:
      | case                    | id           |
      | one letter longer       | {sync_job}x  |
      | one letter longer ahead | x{sync_job}  |
      | followed by a wildcard  | {sync_job}*  |
      | two ids                 | {sync_job},x |
