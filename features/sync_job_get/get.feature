@since:8.12.0
Feature: Reading a sync job

  Background:
    Given a sync job

  @documented @id:sync-job.get.example @req:sync-job.get.example @req:sync-job.get.route
  Scenario: The documented example answers the sync job
    When I send GET "/_connector/_sync_job/{sync_job}"
    Then the response status is 200
    And the response matches the schema "sync-job"
    And the response at "/id" equals "{sync_job}"
    And the response at "/connector/id" equals "{connector}"
    And the response at "/status" equals "pending"

  @documented @id:sync-job.get.code.404 @req:sync-job.get.code.404
  Scenario: An id that no sync job has is answered with 404
    Given an id that no sync job has
    When the sync job is read
    Then the response status is 404
    And the response at "/connector" is absent

  @contract @id:sync-job.get.whole @req:sync-job.get.whole @req:sync-job.get.id-first @req:sync-job.get.headers
  Scenario: The answer is the whole stored document and the id
    Given the sync job already has the complete stats
    When the sync job is read
    Then the answer is the sync job as it is stored
    And the response header "X-elastic-product" is "Elasticsearch"
    And the answer is of the type "application/json"

  @contract @id:sync-job.get.whole.status @req:sync-job.get.whole @req:sync-job.get.route
  Scenario Outline: A sync job in the status <status> is answered whole
    Given a sync job in the state "<status>"
    When the sync job is read
    Then the answer is the sync job as it is stored
    And the response at "/status" equals "<status>"

    Examples:
      | status      |
      | pending     |
      | in_progress |
      | canceling   |
      | canceled    |
      | error       |

    @direct-write
    Examples:
      | status    |
      | completed |
      | suspended |

  @contract @id:sync-job.get.whole.kind @req:sync-job.get.whole
  Scenario Outline: A sync job of the type <job_type> is answered whole
    Given a sync job created with:
      """
      {"id":"{connector}","job_type":"<job_type>","trigger_method":"scheduled"}
      """
    When the sync job is read
    Then the answer is the sync job as it is stored
    And the response at "/job_type" equals "<job_type>"
    And the response at "/trigger_method" equals "scheduled"

    Examples:
      | job_type       |
      | full           |
      | incremental    |
      | access_control |

  @contract @id:sync-job.get.unknown-fields @req:sync-job.get.unknown-fields @direct-write
  Scenario Outline: A stored field that the API does not know is handed back: <case>
    Given the stored sync job carries the field "x_unknown" as <value>
    When the sync job is read
    Then the answer is the sync job as it is stored
    And the response at "/x_unknown" equals <value>

    Examples:
      | case      | value                |
      | a number  | 9007199254740993     |
      | a text    | "kept"               |
      | an object | {"a":[1,{"b":null}]} |

  @contract @id:sync-job.get.other @req:sync-job.get.id-first
  Scenario: The sync job of the path is answered, not another of the connector
    Given another sync job of the same connector
    When the sync job is read
    Then the answer is the sync job as it is stored
    And the sync job "other_sync_job" is unchanged

  @contract @id:sync-job.get.changes-nothing @req:sync-job.get.changes-nothing
  Scenario: Reading changes nothing
    When I send GET "/_connector/_sync_job/{sync_job}"
    Then the response status is 200
    And the sync job is unchanged

  @contract @id:sync-job.get.deleted-connector @req:sync-job.get.route
  Scenario: A sync job can be read after its connector was deleted
    Given a connector of its own with a pending sync job
    And I send DELETE "/_connector/{connector}"
    And the response status is 200
    When the sync job is read
    Then the answer is the sync job as it is stored
