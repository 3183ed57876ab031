@contract @since:8.12.0
Feature: What a check-in answers and leaves alone

  @id:sync-job.check-in.answer @req:sync-job.check-in.answer @req:sync-job.check-in.headers
  Scenario: The answer is what clients expect
    Given a sync job
    When I send PUT "/_connector/_sync_job/{sync_job}/_check_in"
    Then the update is accepted
    And the response header "X-elastic-product" is "Elasticsearch"
    And the answer is of the type "application/json"
    And the version of the sync job has risen by 1

  @id:sync-job.check-in.siblings @req:sync-job.check-in.siblings
  Scenario: Another sync job of the connector is left alone
    Given a sync job
    And another sync job of the same connector
    When I send PUT "/_connector/_sync_job/{sync_job}/_check_in"
    Then the update is accepted
    And the sync job "other_sync_job" is unchanged

  @id:sync-job.check-in.connector @req:sync-job.check-in.connector
  Scenario: The connector is left alone
    Given a connector of its own with a pending sync job
    When I send PUT "/_connector/_sync_job/{sync_job}/_check_in"
    Then the update is accepted
    And the connector is unchanged
