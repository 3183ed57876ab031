@contract @since:8.12.0
Feature: What a new sync job begins with

  Background:
    Given a connector of its own with a pending sync job

  @id:sync-job.create.answer @req:sync-job.create.answer @req:sync-job.create.headers
  Scenario: Creation is answered with the id of the new sync job
    When a sync job is requested with the body {"id":"{connector}"}
    Then a new sync job is created
    And the response header "X-elastic-product" is "Elasticsearch"
    And the answer is of the type "application/json"

  @id:sync-job.create.defaults @req:sync-job.create.defaults @req:sync-job.create.stored
  Scenario: A new sync job starts from nothing
    When a sync job is requested with the body {"id":"{connector}"}
    Then a new sync job is created
    And the new sync job is stored with a copy of its connector and exactly:
      | status                  | "pending"                |
      | job_type                | "full"                   |
      | trigger_method          | "on_demand"              |
      | created_at              | the time of the creation |
      | last_seen               | the time of the creation |
      | deleted_document_count  | 0                        |
      | indexed_document_count  | 0                        |
      | indexed_document_volume | 0                        |
      | total_document_count    | 0                        |
      | metadata                | {}                       |

  @id:sync-job.create.fields @req:sync-job.create.fields @req:sync-job.create.stored
  Scenario Outline: A sync job can be created as <job_type>, <trigger_method>
    When a sync job is requested with the body {"id":"{connector}","job_type":"<job_type>","trigger_method":"<trigger_method>"}
    Then a new sync job is created
    And the new sync job is stored with a copy of its connector and exactly:
      | status                  | "pending"                |
      | job_type                | "<job_type>"             |
      | trigger_method          | "<trigger_method>"       |
      | created_at              | the time of the creation |
      | last_seen               | the time of the creation |
      | deleted_document_count  | 0                        |
      | indexed_document_count  | 0                        |
      | indexed_document_volume | 0                        |
      | total_document_count    | 0                        |
      | metadata                | {}                       |

    Examples:
      | job_type    | trigger_method |
      | full        | on_demand      |
      | full        | scheduled      |
      | incremental | on_demand      |
      | incremental | scheduled      |

    @since:8.15.0
    Examples:
      | job_type       | trigger_method |
      | access_control | on_demand      |
      | access_control | scheduled      |

  @id:sync-job.create.any-case @req:sync-job.create.any-case
  Scenario Outline: The kinds may be given in capitals: <job_type>, <trigger_method>
    When a sync job is requested with the body {"id":"{connector}","job_type":"<job_type>","trigger_method":"<trigger_method>"}
    Then a new sync job is created
    And the new sync job is stored with a copy of its connector and exactly:
      | status                  | "pending"                |
      | job_type                | "incremental"            |
      | trigger_method          | "scheduled"              |
      | created_at              | the time of the creation |
      | last_seen               | the time of the creation |
      | deleted_document_count  | 0                        |
      | indexed_document_count  | 0                        |
      | indexed_document_volume | 0                        |
      | total_document_count    | 0                        |
      | metadata                | {}                       |

    Examples:
      | job_type    | trigger_method |
      | INCREMENTAL | SCHEDULED      |
      | Incremental | Scheduled      |

  @id:sync-job.create.created-at @req:sync-job.create.created-at
  Scenario: created_at is the time of the creation
    When a sync job is requested with the body {"id":"{connector}"}
    Then a new sync job is created
    And the times "created_at, last_seen" of the stored sync job are the same
    When I send PUT "/_connector/_sync_job/{sync_job}/_check_in"
    Then the update is accepted
    And only these fields of the sync job have changed:
      | last_seen | the time of the update |

  @id:sync-job.create.several @req:sync-job.create.several @req:sync-job.create.siblings
  Scenario: A connector may have several sync jobs
    When a sync job is requested with the body {"id":"{connector}"}
    Then the response status is 201
    And the sync job is unchanged
    And the connector has 2 sync jobs
    When a sync job is requested with the body {"id":"{connector}"}
    Then a new sync job is created
    And the connector has 3 sync jobs

  @id:sync-job.create.connector @req:sync-job.create.connector
  Scenario Outline: The connector is left alone by the creation of a sync job of the type <job_type>
    When a sync job is requested with the body {"id":"{connector}","job_type":"<job_type>"}
    Then a new sync job is created
    And the connector is unchanged

    Examples:
      | job_type       |
      | full           |
      | access_control |

  @id:sync-job.create.deleted-connector @req:sync-job.create.deleted-connector @since:9.0.0
  Scenario: A connector that is marked as deleted can still get a sync job
    Given I send DELETE "/_connector/{connector}"
    And the response status is 200
    When I send POST "/_connector/_sync_job" with the body:
      """
      {"id": "{connector}"}
      """
    Then the response status is 201
    And the connector has 2 sync jobs
