@documented @since:8.12.0
Feature: A report of an error, as its page describes it

  Background:
    Given a connector with a sync job in the status "in_progress"

  @id:sync-job.error.example.works @req:sync-job.error.example @req:sync-job.error.route @req:sync-job.error.code.200
  Scenario: The documented example does what it says
    When the call "_error" is made with the body {"error": "some-error"}
    Then the response status is 200
    And only these fields of the stored sync job have changed:
      | status | "error"      |
      | error  | "some-error" |

  @id:sync-job.error.code.404 @req:sync-job.error.code.404
  Scenario: An id that no sync job has is answered with 404
    Given an id that no sync job has
    When the call "_error" is made with the body {"error":"boom"}
    Then the response status is 404
    And there is still no such sync job
    And the response at "/result" is absent
