@contract @since:8.15.0
Feature: Whole lives of sync jobs
  As a connector service lives them. Each call is looked at on its own, with
  everything that earlier calls have set.

  Background:
    Given a sync job

  @id:sync-job.life.fails @req:sync-job.life.told
  Scenario: Created, claimed, three times stats and check-ins, and an error
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1","sync_cursor":{"page":1}}
    Then the update is accepted
    And only these fields of the sync job have changed:
      | status                 | "in_progress"          |
      | worker_hostname        | "worker-1"             |
      | started_at             | the time of the update |
      | last_seen              | the time of the update |
      | /connector/sync_cursor | {"page":1}             |
    When the stats are set to:
      | deleted_document_count  | 0  |
      | indexed_document_count  | 10 |
      | indexed_document_volume | 1  |
    Then the update is accepted
    And the stored sync job has changed exactly as the update says
    When I send PUT "/_connector/_sync_job/{sync_job}/_check_in"
    Then the update is accepted
    And only these fields of the sync job have changed:
      | last_seen | the time of the update |
    When the stats are set to:
      | deleted_document_count  | 1          |
      | indexed_document_count  | 20         |
      | indexed_document_volume | 2          |
      | metadata                | {"page":2} |
    Then the update is accepted
    And the stored sync job has changed exactly as the update says
    When I send PUT "/_connector/_sync_job/{sync_job}/_check_in"
    Then the update is accepted
    And only these fields of the sync job have changed:
      | last_seen | the time of the update |
    When the stats are set to:
      | deleted_document_count  | 2          |
      | indexed_document_count  | 30         |
      | indexed_document_volume | 3          |
      | total_document_count    | 28         |
      | metadata                | {"page":3} |
    Then the update is accepted
    And the stored sync job has changed exactly as the update says
    When I send PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"the source is gone"}
    Then the update is accepted
    And only these fields of the sync job have changed:
      | status | "error"              |
      | error  | "the source is gone" |

  @id:sync-job.life.canceled-while-running @req:sync-job.life.told
  Scenario: Created, claimed, canceled while it runs, and ended by its worker
    Given these requests have succeeded:
      | PUT /_connector/_sync_job/{sync_job}/_claim | {"worker_hostname":"worker-1"} |
    When I send PUT "/_connector/_sync_job/{sync_job}/_cancel"
    Then the update is accepted
    And only these fields of the sync job have changed:
      | status                   | "canceling"            |
      | cancelation_requested_at | the time of the update |
    When the required stats are set
    Then the update is accepted
    And the stored sync job has changed exactly as the update says
    When I send PUT "/_connector/_sync_job/{sync_job}/_cancel"
    Then the request is rejected as "status_exception" because "from [canceling] to [canceling]"
    And the sync job is unchanged
    When I send PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"stopped"}
    Then the update is accepted
    And only these fields of the sync job have changed:
      | status | "error"   |
      | error  | "stopped" |
    When I send PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"again"}
    Then the request is rejected as "status_exception" because "from [error] to [error]"
    And the sync job is unchanged

  @id:sync-job.life.completes @req:sync-job.life.told @direct-write
  Scenario: A connector service completes a sync job, and nothing that it wrote is lost
    Given these requests have succeeded:
      | PUT /_connector/_sync_job/{sync_job}/_claim | {"worker_hostname":"worker-1"} |
    And the stored sync job carries the field "status" as "completed"
    And the stored sync job carries the field "completed_at" as "2026-01-02T10:00:00.000Z"
    When the complete stats are set
    Then the update is accepted
    And the stored sync job has changed exactly as the update says
    When I send PUT "/_connector/_sync_job/{sync_job}/_cancel"
    Then the request is rejected as "status_exception" because "from [completed] to [canceling]"
    And the sync job is unchanged

  @id:sync-job.life.suspended @req:sync-job.life.told @direct-write
  Scenario: A suspended sync job is claimed again
    Given these requests have succeeded:
      | PUT /_connector/_sync_job/{sync_job}/_claim | {"worker_hostname":"worker-1","sync_cursor":{"page":1}} |
    And the stored sync job carries the field "status" as "suspended"
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-2"}
    Then the update is accepted
    And only these fields of the sync job have changed:
      | status          | "in_progress"          |
      | worker_hostname | "worker-2"             |
      | started_at      | the time of the update |
      | last_seen       | the time of the update |

  @id:sync-job.life.takeover @req:sync-job.life.takeover
  Scenario: A second worker takes a sync job over
    Given these requests have succeeded:
      | PUT /_connector/_sync_job/{sync_job}/_claim | {"worker_hostname":"worker-1","sync_cursor":{"page":1}} |
    And the sync job already has the complete stats
    And 20 milliseconds pass
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-2"}
    Then the update is accepted
    And only these fields of the sync job have changed:
      | worker_hostname | "worker-2"             |
      | started_at      | the time of the update |
      | last_seen       | the time of the update |
    And the times "started_at, last_seen" of the stored sync job have moved

  @id:sync-job.life.takeover.same @req:sync-job.life.takeover
  Scenario: The same worker may claim its sync job again
    Given these requests have succeeded:
      | PUT /_connector/_sync_job/{sync_job}/_claim | {"worker_hostname":"worker-1"} |
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1"}
    Then the update is accepted
    And only these fields of the sync job have changed:
      | started_at | the time of the update |
      | last_seen  | the time of the update |

  @id:sync-job.life.reopened @req:sync-job.life.takeover
  Scenario: A canceled sync job that is claimed keeps the times of its end
    Given these requests have succeeded:
      | PUT /_connector/_sync_job/{sync_job}/_cancel |  |
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1"}
    Then the update is accepted
    And only these fields of the sync job have changed:
      | status          | "in_progress"          |
      | worker_hostname | "worker-1"             |
      | started_at      | the time of the update |
      | last_seen       | the time of the update |

  @id:sync-job.life.failed-again @req:sync-job.life.takeover
  Scenario: A sync job that failed is claimed, keeps its error, and can fail again
    Given these requests have succeeded:
      | PUT /_connector/_sync_job/{sync_job}/_claim | {"worker_hostname":"worker-1"} |
      | PUT /_connector/_sync_job/{sync_job}/_error | {"error":"first"}              |
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-2"}
    Then the update is accepted
    And only these fields of the sync job have changed:
      | status          | "in_progress"          |
      | worker_hostname | "worker-2"             |
      | started_at      | the time of the update |
      | last_seen       | the time of the update |
    When I send PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"second"}
    Then the update is accepted
    And only these fields of the sync job have changed:
      | status | "error"  |
      | error  | "second" |

  @id:sync-job.life.after-end @req:sync-job.life.after-end
  Scenario Outline: Stats and check-ins are taken after <end>
    Given these requests have succeeded:
      | PUT /_connector/_sync_job/{sync_job}/<first>  | <first body>  |
      | PUT /_connector/_sync_job/{sync_job}/<second> | <second body> |
    When the complete stats are set
    Then the update is accepted
    And the stored sync job has changed exactly as the update says
    When I send PUT "/_connector/_sync_job/{sync_job}/_check_in"
    Then the update is accepted
    And only these fields of the sync job have changed:
      | last_seen | the time of the update |

    Examples:
      | end               | first     | first body                     | second  | second body      |
      | an error          | _claim    | {"worker_hostname":"worker-1"} | _error  | {"error":"boom"} |
      | a cancellation    | _check_in |                                | _cancel |                  |
      | a request to stop | _claim    | {"worker_hostname":"worker-1"} | _cancel |                  |

  @id:sync-job.life.deleted @req:sync-job.life.told
  Scenario: A sync job in progress is deleted, and its worker learns of it
    Given these requests have succeeded:
      | PUT /_connector/_sync_job/{sync_job}/_claim | {"worker_hostname":"worker-1"} |
    When the sync job is deleted
    Then the deletion is acknowledged
    When I send PUT "/_connector/_sync_job/{sync_job}/_check_in"
    Then the sync job is reported as not found
    When the complete stats are set
    Then the sync job is reported as not found
    And the sync job is gone

  @id:sync-job.life.two @req:sync-job.life.told
  Scenario: Two sync jobs of one connector live lives of their own
    Given another sync job of the same connector
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1"}
    Then the update is accepted
    When I send PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"boom"}
    Then the update is accepted
    And the sync job "other_sync_job" is unchanged
