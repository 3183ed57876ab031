@contract @since:8.12.0
Feature: What an update leaves alone
  An update sets the stats of one sync job, and nothing else anywhere.

  @id:stats.side-effects.status @req:stats.side-effects.status @req:stats.side-effects.job-fields
  Scenario Outline: A sync job in the status <status> takes stats and keeps its status
    Given a sync job in the state "<status>"
    When the complete stats are set
    Then the update is accepted
    And the stored sync job has changed exactly as the update says

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

  @id:stats.side-effects.status-rejected @req:stats.side-effects.status @req:stats.atomic
  Scenario Outline: A rejected update leaves a sync job in the status <status> as it was
    Given a sync job in the state "<status>"
    When the complete stats are set with "indexed_document_count" as -1
    Then the request is rejected as "action_request_validation_exception" naming "indexed_document_count"
    And the sync job is unchanged

    Examples:
      | status      |
      | in_progress |
      | canceled    |
      | error       |

  @id:stats.side-effects.kind @req:stats.side-effects.job-fields
  Scenario Outline: A sync job of the kind <job_type>, <trigger_method>, stays one
    Given a sync job created with:
      """
      {"id":"{connector}","job_type":"<job_type>","trigger_method":"<trigger_method>"}
      """
    When the complete stats are set
    Then the update is accepted
    And the stored sync job has changed exactly as the update says

    Examples:
      | job_type       | trigger_method |
      | full           | on_demand      |
      | full           | scheduled      |
      | incremental    | on_demand      |
      | incremental    | scheduled      |
      | access_control | on_demand      |
      | access_control | scheduled      |

  @id:stats.side-effects.required-only @req:stats.side-effects.job-fields
  Scenario: The required stats alone change nothing else either
    Given a sync job created with:
      """
      {"id":"{connector}","job_type":"incremental","trigger_method":"scheduled"}
      """
    When the required stats are set
    Then the update is accepted
    And only these fields of the sync job have changed:
      | deleted_document_count  | 1011                   |
      | indexed_document_count  | 2022                   |
      | indexed_document_volume | 70033                  |
      | last_seen               | the time of the update |

  @id:stats.side-effects.unknown-fields @req:stats.side-effects.unknown-fields @direct-write
  Scenario Outline: A stored field that the API does not know survives: <case>
    Given a sync job
    And the stored sync job carries the field "x_unknown" as <value>
    When the complete stats are set
    Then the update is accepted
    And the stored sync job has changed exactly as the update says

    Examples:
      | case      | value       |
      | a number  | 1           |
      | a text    | "kept"      |
      | an object | {"a":[1,2]} |

  @id:stats.side-effects.sibling @req:stats.side-effects.sibling @req:stats.side-effects.no-new-jobs
  Scenario: Another sync job of the same connector is left alone
    Given a connector of its own with a pending sync job
    And another sync job of the same connector
    When the complete stats are set
    Then the update is accepted
    And the sync job "other_sync_job" is unchanged
    And the connector has 2 sync jobs

  @id:stats.side-effects.sibling-default @req:stats.side-effects.sibling
  Scenario: Another sync job is left alone also where last_seen is not given
    Given a sync job
    And another sync job of the same connector
    When the required stats are set
    Then the update is accepted
    And the sync job "other_sync_job" is unchanged

  @id:stats.side-effects.other-connector @req:stats.side-effects.other-connector
  Scenario: A sync job of another connector is left alone
    Given a sync job
    And a sync job of another connector
    When the complete stats are set
    Then the update is accepted
    And the sync job "other_sync_job" is unchanged

  @id:stats.side-effects.connector @req:stats.side-effects.connector
  Scenario Outline: The connector is left alone by <update>
    Given a connector of its own with a pending sync job
    When the <update> stats are set
    Then the update is accepted
    And the connector is unchanged

    Examples:
      | update   |
      | complete |
      | required |

  @id:stats.side-effects.described @req:stats.side-effects.connector @req:stats.side-effects.job-fields
  Scenario: A connector with every field, and what its sync job copies of it, are left alone
    Given a connector of the fixture "described.json" with a pending sync job
    When the complete stats are set
    Then the update is accepted
    And the connector is unchanged
    And the stored sync job has changed exactly as the update says

  @id:stats.side-effects.connector-rejected @req:stats.side-effects.connector @req:stats.atomic
  Scenario: The connector is left alone by an update that is rejected
    Given a connector of its own with a pending sync job
    When the complete stats are set with "deleted_document_count" as -1
    Then the request is rejected as "action_request_validation_exception" naming "deleted_document_count"
    And the connector is unchanged
    And the sync job is unchanged

  @id:stats.side-effects.no-new-jobs @req:stats.side-effects.no-new-jobs
  Scenario: An update adds no sync job
    Given a connector of its own with a pending sync job
    When the complete stats are set
    Then the update is accepted
    And the connector has 1 sync job

  @id:stats.side-effects.deleted-connector @req:stats.route @req:stats.side-effects.job-fields
  Scenario: A sync job whose connector was deleted still takes stats
    Given a connector of its own with a pending sync job
    And I send DELETE "/_connector/{connector}"
    And the response status is 200
    When the complete stats are set
    Then the update is accepted
    And the stored sync job has changed exactly as the update says

  @id:stats.visible.list @req:stats.visible.list
  Scenario: The list of sync jobs shows an update at once
    Given a connector of its own with a pending sync job
    When the complete stats are set
    Then the update is accepted
    And the list of sync jobs shows it as it is stored
    And the stored sync job has changed exactly as the update says

  @id:stats.visible.search @req:stats.visible.search
  Scenario: A search finds an update at once
    Given a connector of its own with a pending sync job
    When the complete stats are set
    Then the update is accepted
    And a search of the index finds it as it is stored
    And the stored sync job has changed exactly as the update says

  @id:stats.visible.always @long @req:stats.update.always
  Scenario: List and search show every one of many updates at once
    Given a connector of its own with a pending sync job
    Then each of 25 updates in a row is shown at once by the list and found by a search
