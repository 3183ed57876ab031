@contract @since:8.15.0
Feature: What a claim answers and leaves alone

  @id:sync-job.claim.answer @req:sync-job.claim.answer @req:sync-job.claim.headers
  Scenario: The answer is what clients expect
    Given a sync job
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1"}
    Then the update is accepted
    And the response header "X-elastic-product" is "Elasticsearch"
    And the answer is of the type "application/json"
    And the version of the sync job has risen by 1

  @id:sync-job.claim.siblings @req:sync-job.claim.siblings
  Scenario: Another sync job of the connector is left alone
    Given a sync job
    And another sync job of the same connector
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1"}
    Then the update is accepted
    And the sync job "other_sync_job" is unchanged

  @id:sync-job.claim.connector @req:sync-job.claim.connector
  Scenario: The connector is left alone
    Given a connector of its own with a pending sync job
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1"}
    Then the update is accepted
    And the connector is unchanged
