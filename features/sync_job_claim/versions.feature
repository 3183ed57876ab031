@contract @since:8.12.0
Feature: Versions that do not know claims

  @id:sync-job.claim.unknown-before-8-15 @req:sync-job.claim.unknown-before-8-15 @until:8.15.0
  Scenario: Earlier versions do not know claims
    Given a connector with a pending sync job
    When the call "_claim" is made with the body {"worker_hostname":"worker-1"}
    Then the response status is 400
    And the response body contains "no handler found for uri"
    And the stored sync job is unchanged
    When the call "_check_in" is made
    Then the update is accepted
