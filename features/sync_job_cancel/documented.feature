@documented @since:8.12.0
Feature: A cancellation, as its page describes it

  Background:
    Given a sync job

  @id:sync-job.cancel.example.works @req:sync-job.cancel.example @req:sync-job.cancel.route @req:sync-job.cancel.code.200 @since:8.14.0
  Scenario: The documented example does what it says
    When I send PUT "/_connector/_sync_job/{sync_job}/_cancel"
    Then the response status is 200
    And only these fields of the sync job have changed:
      | status                   | "canceled"             |
      | cancelation_requested_at | the time of the update |
      | canceled_at              | the time of the update |
      | completed_at             | the time of the update |

  @id:sync-job.cancel.example.earlier @req:sync-job.cancel.example @req:sync-job.cancel.route @until:8.14.0
  Scenario: Earlier versions only ask for the sync job to be canceled
    When I send PUT "/_connector/_sync_job/{sync_job}/_cancel"
    Then the response status is 200
    And only these fields of the sync job have changed:
      | status                   | "canceling"            |
      | cancelation_requested_at | the time of the update |

  @id:sync-job.cancel.code.404 @req:sync-job.cancel.code.404
  Scenario: An id that no sync job has is answered with 404
    Given an id that no sync job has
    When I send PUT "/_connector/_sync_job/{sync_job}/_cancel"
    Then the response status is 404
    And the sync job is gone
    And the response at "/result" is absent
