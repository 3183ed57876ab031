@contract @since:8.12.0
Feature: What a check-in answers and leaves alone

  @id:sync-job.check-in.answer @req:sync-job.check-in.answer @req:sync-job.check-in.headers
  Scenario: The answer is what clients expect
    Given a connector with a pending sync job
    When the call "_check_in" is made
    Then the update is accepted
    And the response header "X-elastic-product" is "Elasticsearch"
    And the answer is of the type "application/json"
    And the version of the stored sync job has risen by 1

  @id:sync-job.check-in.siblings @req:sync-job.check-in.siblings
  Scenario: Another sync job of the connector is left alone
    Given a connector with a pending sync job
    And another sync job of the same connector
    When the call "_check_in" is made
    Then the update is accepted
    And the other sync job is unchanged

  @id:sync-job.check-in.connector @req:sync-job.check-in.connector
  Scenario: The connector is left alone
    Given a connector of its own with a pending sync job
    When the call "_check_in" is made
    Then the update is accepted
    And the connector is unchanged
