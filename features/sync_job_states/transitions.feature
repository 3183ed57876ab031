@contract @since:8.12.0
Feature: The state machine of sync jobs
  Every status and every call that changes a sync job: what becomes of it, which
  fields change and which do not, or why the call is refused. Statuses that no
  call reaches are written into the stored document, as a connector service
  does it. docs/state-machine.md is made from these tables.

  @id:sync-job.states.cancel.at-once @req:sync-job.cancel @req:sync-job.cancel.one-time @since:8.14.0
  Scenario Outline: Cancelling a sync job in the status <status> ends it at once
    Given a sync job in the state "<status>"
    And the sync job already has the complete stats
    When I send PUT "/_connector/_sync_job/{sync_job}/_cancel"
    Then the update is accepted
    And only these fields of the sync job have changed:
      | status                   | "<becomes>"            |
      | cancelation_requested_at | the time of the update |
      | canceled_at              | the time of the update |
      | completed_at             | the time of the update |
    And the times "canceled_at, completed_at, cancelation_requested_at" of the stored sync job are the same

    Examples:
      | status  | becomes  |
      | pending | canceled |

    @direct-write
    Examples:
      | status    | becomes  |
      | suspended | canceled |

  @id:sync-job.states.cancel.asked @req:sync-job.cancel @since:8.14.0
  Scenario Outline: Cancelling a sync job in the status <status> asks it to stop
    Given a sync job in the state "<status>"
    And the sync job already has the complete stats
    When I send PUT "/_connector/_sync_job/{sync_job}/_cancel"
    Then the update is accepted
    And only these fields of the sync job have changed:
      | status                   | "<becomes>"            |
      | cancelation_requested_at | the time of the update |

    Examples:
      | status      | becomes   |
      | in_progress | canceling |

  @id:sync-job.states.cancel.refused @req:sync-job.transitions @since:8.14.0
  Scenario Outline: Cancelling a sync job in the status <status> is refused
    Given a sync job in the state "<status>"
    And the sync job already has the complete stats
    When I send PUT "/_connector/_sync_job/{sync_job}/_cancel"
    Then the request is rejected as "status_exception" because "Invalid transition attempt from [<status>] to [canceling]. Such a ConnectorSyncStatus transition is not supported by the Connector Protocol."
    And the response at "/error/caused_by/type" equals "connector_sync_job_invalid_status_transition_exception"
    And the sync job is unchanged
    When I send PUT "/_connector/_sync_job/{sync_job}/_check_in"
    Then the update is accepted

    Examples:
      | status    |
      | canceling |
      | canceled  |
      | error     |

    @direct-write
    Examples:
      | status    |
      | completed |

  @id:sync-job.states.cancel.earlier @req:sync-job.cancel.any-status @until:8.14.0 @direct-write
  Scenario Outline: Earlier versions ask a sync job in the status <status> to stop
    Given a sync job in the state "<status>"
    And the sync job already has the complete stats
    When I send PUT "/_connector/_sync_job/{sync_job}/_cancel"
    Then the update is accepted
    And only these fields of the sync job have changed:
      | status                   | "canceling"            |
      | cancelation_requested_at | the time of the update |

    Examples:
      | status      |
      | pending     |
      | suspended   |
      | in_progress |
      | canceling   |
      | canceled    |
      | completed   |
      | error       |

  @id:sync-job.states.error.ends @req:sync-job.error @since:8.14.0
  Scenario Outline: Reporting an error ends a sync job in the status <status>
    Given a sync job in the state "<status>"
    And the sync job already has the complete stats
    When I send PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"boom"}
    Then the update is accepted
    And only these fields of the sync job have changed:
      | status | "<becomes>" |
      | error  | "boom"      |

    Examples:
      | status      | becomes |
      | in_progress | error   |
      | canceling   | error   |

  @id:sync-job.states.error.refused @req:sync-job.transitions @since:8.14.0
  Scenario Outline: Reporting an error of a sync job in the status <status> is refused
    Given a sync job in the state "<status>"
    And the sync job already has the complete stats
    When I send PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"boom"}
    Then the request is rejected as "status_exception" because "Invalid transition attempt from [<status>] to [error]. Such a ConnectorSyncStatus transition is not supported by the Connector Protocol."
    And the response at "/error/caused_by/type" equals "connector_sync_job_invalid_status_transition_exception"
    And the sync job is unchanged
    When I send PUT "/_connector/_sync_job/{sync_job}/_check_in"
    Then the update is accepted

    Examples:
      | status   |
      | pending  |
      | canceled |
      | error    |

    @direct-write
    Examples:
      | status    |
      | suspended |
      | completed |

  @id:sync-job.states.error.earlier @req:sync-job.error.any-status @until:8.14.0 @direct-write
  Scenario Outline: Earlier versions end a sync job in the status <status> with an error
    Given a sync job in the state "<status>"
    And the sync job already has the complete stats
    When I send PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"boom"}
    Then the update is accepted
    And only these fields of the sync job have changed:
      | status | "error" |
      | error  | "boom"  |

    Examples:
      | status      |
      | pending     |
      | suspended   |
      | in_progress |
      | canceling   |
      | canceled    |
      | completed   |
      | error       |

  @id:sync-job.states.claim @req:sync-job.claim @since:8.15.0
  Scenario Outline: Claiming a sync job in the status <status> puts it in progress
    Given a sync job in the state "<status>"
    And the sync job already has the complete stats
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1"}
    Then the update is accepted
    And only these fields of the sync job have changed:
      | status          | "<becomes>"            |
      | worker_hostname | "worker-1"             |
      | started_at      | the time of the update |
      | last_seen       | the time of the update |

    Examples:
      | status      | becomes     |
      | pending     | in_progress |
      | in_progress | in_progress |
      | canceling   | in_progress |
      | canceled    | in_progress |
      | error       | in_progress |

    @direct-write
    Examples:
      | status    | becomes     |
      | suspended | in_progress |
      | completed | in_progress |

  @id:sync-job.states.check-in @req:sync-job.check-in
  Scenario Outline: Checking in a sync job in the status <status> moves last_seen alone
    Given a sync job in the state "<status>"
    And the sync job already has the complete stats
    When I send PUT "/_connector/_sync_job/{sync_job}/_check_in"
    Then the update is accepted
    And only these fields of the sync job have changed:
      | last_seen | the time of the update |
    When the sync job is read
    Then the response at "/status" equals "<becomes>"

    Examples:
      | status      | becomes     |
      | pending     | pending     |
      | in_progress | in_progress |
      | canceling   | canceling   |
      | canceled    | canceled    |
      | error       | error       |

    @direct-write
    Examples:
      | status    | becomes   |
      | suspended | suspended |
      | completed | completed |

  @id:sync-job.states.stats @req:sync-job.stats.any-status
  Scenario Outline: Setting the stats of a sync job in the status <status> keeps the status
    Given a sync job in the state "<status>"
    When the required stats are set
    Then the update is accepted
    And only these fields of the sync job have changed:
      | deleted_document_count  | 1011                   |
      | indexed_document_count  | 2022                   |
      | indexed_document_volume | 70033                  |
      | last_seen               | the time of the update |
    When the sync job is read
    Then the response at "/status" equals "<becomes>"

    Examples:
      | status      | becomes     |
      | pending     | pending     |
      | in_progress | in_progress |
      | canceling   | canceling   |
      | canceled    | canceled    |
      | error       | error       |

    @direct-write
    Examples:
      | status    | becomes   |
      | suspended | suspended |
      | completed | completed |

  @id:sync-job.states.delete @req:sync-job.delete.every-status
  Scenario Outline: Deleting a sync job in the status <status> removes it
    Given a sync job in the state "<status>"
    When the sync job is deleted
    Then the deletion is acknowledged
    And the sync job is gone

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
      | suspended |
      | completed |
