@documented @since:8.12.0
Feature: The creation of a sync job, as its page describes it

  Background:
    Given a connector of its own with a pending sync job

  @id:sync-job.create.example @req:sync-job.create.example @req:sync-job.create.route @req:sync-job.create.code.201
  Scenario: The documented example creates a sync job
    When I send POST "/_connector/_sync_job" with the body:
      """
      {
        "id": "{connector}",
        "job_type": "full",
        "trigger_method": "on_demand"
      }
      """
    Then the response status is 201
    And the response matches the schema "created"
    And I save the response at "/id" as "new"
    When I send GET "/_connector/_sync_job/{new}"
    Then the response status is 200
    And the response at "/connector/id" equals "{connector}"
    And the response at "/job_type" equals "full"
    And the response at "/trigger_method" equals "on_demand"
    And the connector has 2 sync jobs

  @id:sync-job.create.id @req:sync-job.create.id
  Scenario: Each sync job has an id of its own, which the answer tells
    When a sync job is requested with the body {"id":"{connector}"}
    Then a new sync job is created
    When the sync job is read
    Then the answer is the sync job as it is stored
    And the connector has 2 sync jobs

  @id:sync-job.create.job-type @req:sync-job.create.job-type
  Scenario Outline: job_type is stored as <stored> where the request has <case>
    When a sync job is requested with the body {"id":"{connector}"<field>}
    Then a new sync job is created
    When the sync job is read
    Then the response at "/job_type" equals "<stored>"

    Examples:
      | case           | field                        | stored         |
      | none           |                              | full           |
      | full           | ,"job_type":"full"           | full           |
      | incremental    | ,"job_type":"incremental"    | incremental    |
      | access_control | ,"job_type":"access_control" | access_control |

  @id:sync-job.create.trigger-method @req:sync-job.create.trigger-method
  Scenario Outline: trigger_method is stored as <stored> where the request has <case>
    When a sync job is requested with the body {"id":"{connector}"<field>}
    Then a new sync job is created
    When the sync job is read
    Then the response at "/trigger_method" equals "<stored>"

    Examples:
      | case      | field                         | stored    |
      | none      |                               | on_demand |
      | on_demand | ,"trigger_method":"on_demand" | on_demand |
      | scheduled | ,"trigger_method":"scheduled" | scheduled |

  @id:sync-job.create.initial @req:sync-job.create.initial
  Scenario: The counters are 0 and the times are set
    When a sync job is requested with the body {"id":"{connector}"}
    Then a new sync job is created
    When the sync job is read
    Then the response at "/deleted_document_count" equals 0
    And the response at "/indexed_document_count" equals 0
    And the response at "/indexed_document_volume" equals 0
    And the response at "/total_document_count" equals 0
    And the response at "/created_at" matches "^20[0-9][0-9]-"
    And the response at "/last_seen" matches "^20[0-9][0-9]-"

  @id:sync-job.create.required @req:sync-job.create.required @req:sync-job.create.code.400
  Scenario: id has to be given
    When a sync job is requested with the body {"job_type":"full"}
    Then the request is rejected as "illegal_argument_exception" because "Required [id]"
    And the connector has 1 sync job
    When a sync job is requested with the body {"id":"{connector}","job_type":"full"}
    Then a new sync job is created

  @id:sync-job.create.code.404 @req:sync-job.create.code.404
  Scenario: A connector that does not exist is answered with 404
    When a sync job is requested with the body {"id":"esconform-no-such-connector"}
    Then the response status is 404
    And the connector has 1 sync job
    When I send GET "/_connector/_sync_job?connector_id=esconform-no-such-connector"
    Then the response at "/count" equals 0

  @id:sync-job.create.code.400 @req:sync-job.create.code.400
  Scenario: A malformed request is answered with 400
    When a sync job is requested with the body {"id":
    Then the response status is 400
    And the connector has 1 sync job
