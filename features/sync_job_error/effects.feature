@contract @since:8.12.0
Feature: What a report of an error answers and leaves alone

  @id:sync-job.error.answer @req:sync-job.error.answer @req:sync-job.error.headers
  Scenario: The answer is what clients expect
    Given a connector with a sync job in the status "in_progress"
    When the call "_error" is made with the body {"error":"boom"}
    Then the update is accepted
    And the response header "X-elastic-product" is "Elasticsearch"
    And the answer is of the type "application/json"
    And the version of the stored sync job has risen by 1

  @id:sync-job.error.siblings @req:sync-job.error.siblings
  Scenario: Another sync job of the connector is left alone
    Given a connector with a sync job in the status "in_progress"
    And another sync job of the same connector
    When the call "_error" is made with the body {"error":"boom"}
    Then the update is accepted
    And the other sync job is unchanged

  @id:sync-job.error.connector @req:sync-job.error.connector @direct-write
  Scenario: The connector is left alone
    Given a connector of its own with a pending sync job
    And the stored sync job carries the field "status" as "in_progress"
    When the call "_error" is made with the body {"error":"boom"}
    Then the update is accepted
    And the connector is unchanged
