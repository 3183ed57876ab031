@documented @since:8.15.0
Feature: A claim, as its page describes it

  Background:
    Given a sync job

  @id:sync-job.claim.example.works @req:sync-job.claim.example @req:sync-job.claim.route @req:sync-job.claim.code.200
  Scenario: The documented example does what it says
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname": "some-machine"}
    Then the response status is 200
    And only these fields of the sync job have changed:
      | status          | "in_progress"          |
      | worker_hostname | "some-machine"         |
      | started_at      | the time of the update |
      | last_seen       | the time of the update |

  @id:sync-job.claim.code.404 @req:sync-job.claim.code.404
  Scenario: An id that no sync job has is answered with 404
    Given an id that no sync job has
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1"}
    Then the response status is 404
    And the sync job is gone
    And the response at "/result" is absent
