@contract @since:8.15.0
Feature: A claim of a sync job that does not exist
  Nothing is created, nothing else is touched.

  Background:
    Given a sync job

  @id:sync-job.claim.not-found.unknown @req:sync-job.claim.not-found @req:sync-job.claim.headers
  Scenario: An id that no sync job has is reported by its name
    Given an id that no sync job has
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1"}
    Then the sync job is reported as not found
    And the response header "X-elastic-product" is "Elasticsearch"
    And the answer is of the type "application/json"
    And the sync job is gone

  @id:sync-job.claim.not-found.reason @req:sync-job.claim.not-found
  Scenario: The reason is the one that clients know
    Given an id that no sync job has
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1"}
    Then the sync job is reported as not found
    And the response at "/error/reason" equals "{sync_job}"

  @id:sync-job.claim.not-found.deleted @req:sync-job.claim.not-found
  Scenario: A deleted sync job is not found and stays deleted
    Given these requests have succeeded:
      | DELETE /_connector/_sync_job/{sync_job} |
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1"}
    Then the sync job is reported as not found
    And the sync job is gone

  @id:sync-job.claim.not-found.connector-id @req:sync-job.claim.not-found
  Scenario: The id of a connector is not that of a sync job
    Given the id of the connector in place of a sync job's
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1"}
    Then the sync job is reported as not found
    And the sync job is gone

  @id:sync-job.claim.not-found.similar @req:sync-job.claim.not-found @req:sync-job.claim.code.404
  Scenario Outline: An id that is <case> is not the id
    When I send PUT "/_connector/_sync_job/<id>/_claim" with {"worker_hostname":"worker-1"}
    Then the response status is 404
    And the response at "/error/type" equals "resource_not_found_exception"
    And the sync job is unchanged
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1"}
    Then the update is accepted

    Examples:
      | case                    | id           |
      | one letter longer       | {sync_job}x  |
      | one letter longer ahead | x{sync_job}  |
      | followed by a wildcard  | {sync_job}*  |
      | two ids                 | {sync_job},x |

  @id:sync-job.claim.not-found.body-first @req:sync-job.claim.not-found.body-first
  Scenario Outline: A body with <fault> is rejected before the sync job is looked for
    Given an id that no sync job has
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with <body>
    Then the request is rejected as "<type>" because "<reason>"
    And the sync job is gone

    Examples:
      | fault            | body                              | type                       | reason                     |
      | nothing in it    | {}                                | illegal_argument_exception | Required [worker_hostname] |
      | an unknown field | {"worker_hostname":"a","bogus":1} | x_content_parse_exception  | unknown field [bogus]      |
