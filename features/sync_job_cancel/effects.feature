@contract @since:8.12.0
Feature: What a cancellation answers and leaves alone

  @id:sync-job.cancel.answer @req:sync-job.cancel.answer @req:sync-job.cancel.headers
  Scenario: The answer is what clients expect
    Given a connector with a pending sync job
    When the call "_cancel" is made
    Then the update is accepted
    And the response header "X-elastic-product" is "Elasticsearch"
    And the answer is of the type "application/json"
    And the version of the stored sync job has risen by 1

  @id:sync-job.cancel.siblings @req:sync-job.cancel.siblings
  Scenario: Another sync job of the connector is left alone
    Given a connector with a pending sync job
    And another sync job of the same connector
    When the call "_cancel" is made
    Then the update is accepted
    And the other sync job is unchanged

  @id:sync-job.cancel.connector @req:sync-job.cancel.connector
  Scenario: The connector is left alone
    Given a connector of its own with a pending sync job
    When the call "_cancel" is made
    Then the update is accepted
    And the connector is unchanged
