@contract @since:8.12.0
Feature: Creating sync jobs
  What the stats of a sync job start from.

  Background:
    Given a connector of its own with a pending sync job

  @id:sync-job.create.answer @req:sync-job.create.answer
  Scenario: Creation is answered with the id of the new sync job
    When I send POST "/_connector/_sync_job" with the body:
      """
      {"id": "{connector}"}
      """
    Then the response status is 201
    And the response matches the schema "created"
    And the response at "/result" is absent
    And the response header "X-elastic-product" is "Elasticsearch"

  @id:sync-job.create.defaults @req:sync-job.create.defaults
  Scenario: A new sync job starts from nothing
    When I send GET "/_connector/_sync_job/{sync_job}"
    Then the response status is 200
    And the response matches the schema "sync-job"
    And the response at "/connector/id" equals "{connector}"
    And the response at "/status" equals "pending"
    And the response at "/job_type" equals "full"
    And the response at "/trigger_method" equals "on_demand"
    And the response at "/deleted_document_count" equals 0
    And the response at "/indexed_document_count" equals 0
    And the response at "/indexed_document_volume" equals 0
    And the response at "/total_document_count" equals 0
    And I save the response at "/created_at" as "created_at"
    And the response at "/last_seen" equals "{created_at}"

  @id:sync-job.create.fields @req:sync-job.create.fields
  Scenario Outline: A sync job can be created as <job_type>, <trigger_method>
    When I send POST "/_connector/_sync_job" with the body:
      """
      {"id": "{connector}", "job_type": "<job_type>", "trigger_method": "<trigger_method>"}
      """
    Then the response status is 201
    And I save the response at "/id" as "new"
    When I send GET "/_connector/_sync_job/{new}"
    Then the response status is 200
    And the response matches the schema "sync-job"
    And the response at "/job_type" equals "<job_type>"
    And the response at "/trigger_method" equals "<trigger_method>"
    And the response at "/status" equals "pending"

    Examples:
      | job_type       | trigger_method |
      | full           | on_demand      |
      | incremental    | scheduled      |
      | access_control | scheduled      |

  @id:sync-job.create.unknown-connector @req:sync-job.create.unknown-connector
  Scenario: A sync job needs a connector that exists
    When I send POST "/_connector/_sync_job" with the body:
      """
      {"id": "esconform-no-such-connector"}
      """
    Then the response status is 404
    And the response matches the schema "error"
    And the response at "/error/type" equals "resource_not_found_exception"
    And the response body contains "esconform-no-such-connector"
    And the connector has 1 sync job

  @id:sync-job.create.unknown-kind @req:sync-job.create.rejects-unknown-kinds
  Scenario Outline: The <field> bogus is rejected
    When I send POST "/_connector/_sync_job" with the body:
      """
      {"id": "{connector}", "<field>": "bogus"}
      """
    Then the request is rejected as "x_content_parse_exception"
    And the connector has 1 sync job
    When I send POST "/_connector/_sync_job" with the body:
      """
      {"id": "{connector}", "<field>": "<known>"}
      """
    Then the response status is 201

    Examples:
      | field          | known       |
      | job_type       | incremental |
      | trigger_method | scheduled   |

  @id:sync-job.create.needs-service-type @req:sync-job.create.needs-service-type @since:8.15.0
  Scenario: A sync job needs a connector with a service type
    Given a name saved as "plain"
    And I send PUT "/_connector/{plain}" with the body:
      """
      {"index_name": "{plain}", "name": "without a service type"}
      """
    And the response status is 201
    When I send POST "/_connector/_sync_job" with the body:
      """
      {"id": "{plain}"}
      """
    Then the request is rejected as "status_exception" because "[service_type] not defined"
    When I send POST "/_connector/_sync_job" with the body:
      """
      {"id": "{connector}"}
      """
    Then the response status is 201

  @id:sync-job.create.without-service-type @req:sync-job.create.without-service-type @until:8.15.0
  Scenario: Earlier versions create a sync job for a connector without a service type
    Given a name saved as "plain"
    And I send PUT "/_connector/{plain}" with the body:
      """
      {"index_name": "{plain}", "name": "without a service type"}
      """
    And the response status is 201
    When I send POST "/_connector/_sync_job" with the body:
      """
      {"id": "{plain}"}
      """
    Then the response status is 201
