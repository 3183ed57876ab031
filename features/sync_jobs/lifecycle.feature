@contract @since:8.12.0
Feature: The life of a sync job
  The calls that change a sync job beside its stats. Each changes what it says
  and leaves the stats alone.

  @id:sync-job.check-in.status @req:sync-job.check-in
  Scenario Outline: A check-in of a sync job in the status <status> moves last_seen and nothing else
    Given a connector with a sync job in the status "<status>"
    And the sync job already has the complete stats
    When the call "_check_in" is made
    Then the update is accepted
    And only these fields of the stored sync job have changed:
      | last_seen | the time of the update |

    Examples:
      | status      |
      | pending     |
      | in_progress |
      | canceled    |
      | error       |

  @id:sync-job.check-in.unknown @req:sync-job.check-in
  Scenario: A check-in of an unknown sync job is reported as not found
    Given a connector with a pending sync job
    And an id that no sync job has
    When the call "_check_in" is made
    Then the sync job is reported as not found
    And there is still no such sync job

  @id:sync-job.claim.status @req:sync-job.claim @since:8.15.0
  Scenario Outline: A sync job in the status <status> can be claimed
    Given a connector with a sync job in the status "<status>"
    And the sync job already has the complete stats
    When the call "_claim" is made with the body {"worker_hostname":"worker-1"}
    Then the update is accepted
    And only these fields of the stored sync job have changed:
      | status          | "in_progress"          |
      | worker_hostname | "worker-1"             |
      | started_at      | the time of the update |
      | last_seen       | the time of the update |

    Examples:
      | status    |
      | pending   |
      | canceling |
      | canceled  |
      | completed |
      | error     |

  @id:sync-job.claim.required @req:sync-job.claim.required @since:8.15.0
  Scenario: A claim needs the name of a worker
    Given a connector with a pending sync job
    When the call "_claim" is made with the body {"sync_cursor":{}}
    Then the request is rejected as "illegal_argument_exception" because "Required [worker_hostname]"
    And the stored sync job is unchanged
    When the call "_claim" is made with the body {"worker_hostname":"worker-1"}
    Then the update is accepted

  @id:sync-job.claim.unknown-before-8-15 @req:sync-job.claim.unknown-before-8-15 @until:8.15.0
  Scenario: Earlier versions do not know claims
    Given a connector with a pending sync job
    When the call "_claim" is made with the body {"worker_hostname":"worker-1"}
    Then the response status is 400
    And the response body contains "no handler found for uri"
    And the stored sync job is unchanged
    When the call "_check_in" is made
    Then the update is accepted

  @id:sync-job.cancel.pending @req:sync-job.cancel @since:8.14.0
  Scenario Outline: Cancelling a sync job in the status <status> ends it at once
    Given a connector with a sync job in the status "<status>"
    And the sync job already has the complete stats
    When the call "_cancel" is made
    Then the update is accepted
    And only these fields of the stored sync job have changed:
      | status                   | "canceled"             |
      | cancelation_requested_at | the time of the update |
      | canceled_at              | the time of the update |
      | completed_at             | the time of the update |

    Examples:
      | status    |
      | pending   |
      | suspended |

  @id:sync-job.cancel.in-progress @req:sync-job.cancel @since:8.14.0
  Scenario: Cancelling a sync job in progress asks it to stop
    Given a connector with a sync job in the status "in_progress"
    And the sync job already has the complete stats
    When the call "_cancel" is made
    Then the update is accepted
    And only these fields of the stored sync job have changed:
      | status                   | "canceling"            |
      | cancelation_requested_at | the time of the update |

  @id:sync-job.transitions.cancel @req:sync-job.transitions @since:8.14.0
  Scenario Outline: A sync job in the status <status> cannot be canceled
    Given a connector with a sync job in the status "<status>"
    When the call "_cancel" is made
    Then the request is rejected as "status_exception" because "from [<status>] to [canceling]"
    And the stored sync job is unchanged
    When the call "_check_in" is made
    Then the update is accepted

    Examples:
      | status    |
      | canceling |
      | canceled  |
      | completed |
      | error     |

  @id:sync-job.transitions.error @req:sync-job.transitions @since:8.14.0
  Scenario Outline: A sync job in the status <status> cannot fail
    Given a connector with a sync job in the status "<status>"
    When the call "_error" is made with the body {"error":"boom"}
    Then the request is rejected as "status_exception" because "from [<status>] to [error]"
    And the stored sync job is unchanged
    When the call "_check_in" is made
    Then the update is accepted

    Examples:
      | status    |
      | pending   |
      | suspended |
      | canceled  |
      | completed |
      | error     |

  @id:sync-job.error.status @req:sync-job.error
  Scenario Outline: A sync job in the status <status> can fail
    Given a connector with a sync job in the status "<status>"
    And the sync job already has the complete stats
    When the call "_error" is made with the body {"error":"boom"}
    Then the update is accepted
    And only these fields of the stored sync job have changed:
      | status | "error" |
      | error  | "boom"  |

    Examples:
      | status      |
      | in_progress |
      | canceling   |

  @id:sync-job.delete @req:sync-job.delete
  Scenario: A deleted sync job is gone
    Given a connector with a pending sync job
    When I send DELETE "/_connector/_sync_job/{sync_job}"
    Then the response status is 200
    And the response matches the schema "acknowledged"
    And there is still no such sync job
    When I send DELETE "/_connector/_sync_job/{sync_job}"
    Then the response status is 404
    And the response at "/error/type" equals "resource_not_found_exception"

  @id:sync-job.list.newest-first @req:sync-job.list.newest-first @since:8.13.0
  Scenario: The newest sync job comes first in the list
    Given a connector of its own with a pending sync job
    And 20 milliseconds pass
    And another sync job of the same connector
    Then the list of sync jobs has the newest first

  @id:sync-job.list.oldest-first @req:sync-job.list.oldest-first @until:8.13.0
  Scenario: The oldest sync job comes first in the list of earlier versions
    Given a connector of its own with a pending sync job
    And 20 milliseconds pass
    And another sync job of the same connector
    Then the list of sync jobs has the oldest first

  @id:connector.delete.soft @req:connector.delete.soft @since:9.0.0
  Scenario: A deleted connector leaves a marked document
    Given a connector of its own with a pending sync job
    When I send DELETE "/_connector/{connector}"
    Then the response status is 200
    And the response matches the schema "acknowledged"
    When I send GET "/_connector/{connector}"
    Then the response status is 404
    And the stored connector is marked as deleted
