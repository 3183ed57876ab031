@contract @since:8.12.0
Feature: What a cancellation answers and leaves alone

  @id:sync-job.cancel.answer @req:sync-job.cancel.answer @req:sync-job.cancel.headers
  Scenario: The answer is what clients expect
    Given a sync job
    When I send PUT "/_connector/_sync_job/{sync_job}/_cancel"
    Then the update is accepted
    And the response header "X-elastic-product" is "Elasticsearch"
    And the answer is of the type "application/json"
    And the version of the sync job has risen by 1

  @id:sync-job.cancel.siblings @req:sync-job.cancel.siblings
  Scenario: Another sync job of the connector is left alone
    Given a sync job
    And another sync job of the same connector
    When I send PUT "/_connector/_sync_job/{sync_job}/_cancel"
    Then the update is accepted
    And the sync job "other_sync_job" is unchanged

  @id:sync-job.cancel.connector @req:sync-job.cancel.connector
  Scenario: The connector is left alone
    Given a connector of its own with a pending sync job
    When I send PUT "/_connector/_sync_job/{sync_job}/_cancel"
    Then the update is accepted
    And the connector is unchanged
