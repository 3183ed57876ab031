@documented @since:8.12.0
Feature: A report of an error, as its page describes it

  Background:
    Given a sync job in the state "in_progress"

  @id:sync-job.error.example.works @req:sync-job.error.example @req:sync-job.error.route @req:sync-job.error.code.200
  Scenario: The documented example does what it says
    When I send PUT "/_connector/_sync_job/{sync_job}/_error" with {"error": "some-error"}
    Then the response status is 200
    And only these fields of the sync job have changed:
      | status | "error"      |
      | error  | "some-error" |

  @id:sync-job.error.code.404 @req:sync-job.error.code.404
  Scenario: An id that no sync job has is answered with 404
    Given an id that no sync job has
    When I send PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"boom"}
    Then the response status is 404
    And the sync job is gone
    And the response at "/result" is absent
