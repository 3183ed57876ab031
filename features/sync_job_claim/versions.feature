@contract @since:8.12.0
Feature: Versions that do not know claims

  @id:sync-job.claim.unknown-before-8-15 @req:sync-job.claim.unknown-before-8-15 @until:8.15.0
  Scenario: Earlier versions do not know claims
    Given a sync job
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1"}
    Then the response status is 400
    And the response body contains "no handler found for uri"
    And the sync job is unchanged
    When I send PUT "/_connector/_sync_job/{sync_job}/_check_in"
    Then the update is accepted
