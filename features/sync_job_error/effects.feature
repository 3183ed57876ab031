@contract @since:8.12.0
Feature: What a report of an error answers and leaves alone

  @id:sync-job.error.answer @req:sync-job.error.answer @req:sync-job.error.headers
  Scenario: The answer is what clients expect
    Given a sync job in the state "in_progress"
    When I send PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"boom"}
    Then the update is accepted
    And the response header "X-elastic-product" is "Elasticsearch"
    And the answer is of the type "application/json"
    And the version of the sync job has risen by 1

  @id:sync-job.error.siblings @req:sync-job.error.siblings
  Scenario: Another sync job of the connector is left alone
    Given a sync job in the state "in_progress"
    And another sync job of the same connector
    When I send PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"boom"}
    Then the update is accepted
    And the sync job "other_sync_job" is unchanged

  @id:sync-job.error.connector @req:sync-job.error.connector @direct-write
  Scenario: The connector is left alone
    Given a connector of its own with a pending sync job
    And the stored sync job carries the field "status" as "in_progress"
    When I send PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"boom"}
    Then the update is accepted
    And the connector is unchanged
