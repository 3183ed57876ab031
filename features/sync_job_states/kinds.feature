@contract @since:8.15.0
Feature: Every kind of sync job lives the same life
  What the other features show for a full sync job on demand holds for each job
  type and trigger method.

  @id:sync-job.kinds.claim @req:sync-job.claim
  Scenario Outline: A sync job is claimed: <job_type>, <trigger_method>
    Given a sync job created with:
      """
      {"id":"{connector}","job_type":"<job_type>","trigger_method":"<trigger_method>"}
      """
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1"}
    Then the update is accepted
    And only these fields of the sync job have changed:
      | status          | "in_progress"          |
      | worker_hostname | "worker-1"             |
      | started_at      | the time of the update |
      | last_seen       | the time of the update |

    Examples:
      | job_type       | trigger_method |
      | full           | scheduled      |
      | incremental    | on_demand      |
      | access_control | scheduled      |

  @id:sync-job.kinds.stats @req:stats.every-kind
  Scenario Outline: A sync job is given stats: <job_type>, <trigger_method>
    Given a sync job created with:
      """
      {"id":"{connector}","job_type":"<job_type>","trigger_method":"<trigger_method>"}
      """
    And these requests have succeeded:
      | PUT /_connector/_sync_job/{sync_job}/_claim | {"worker_hostname":"worker-1"} |
    When the complete stats are set
    Then the update is accepted
    And the stored sync job has changed exactly as the update says

    Examples:
      | job_type       | trigger_method |
      | full           | scheduled      |
      | incremental    | on_demand      |
      | access_control | scheduled      |

  @id:sync-job.kinds.check-in @req:sync-job.check-in
  Scenario Outline: A sync job is checked in: <job_type>, <trigger_method>
    Given a sync job created with:
      """
      {"id":"{connector}","job_type":"<job_type>","trigger_method":"<trigger_method>"}
      """
    When I send PUT "/_connector/_sync_job/{sync_job}/_check_in"
    Then the update is accepted
    And only these fields of the sync job have changed:
      | last_seen | the time of the update |

    Examples:
      | job_type       | trigger_method |
      | full           | scheduled      |
      | incremental    | on_demand      |
      | access_control | scheduled      |

  @id:sync-job.kinds.cancel.at-once @req:sync-job.cancel
  Scenario Outline: A pending sync job is canceled at once: <job_type>, <trigger_method>
    Given a sync job created with:
      """
      {"id":"{connector}","job_type":"<job_type>","trigger_method":"<trigger_method>"}
      """
    When I send PUT "/_connector/_sync_job/{sync_job}/_cancel"
    Then the update is accepted
    And only these fields of the sync job have changed:
      | status                   | "canceled"             |
      | cancelation_requested_at | the time of the update |
      | canceled_at              | the time of the update |
      | completed_at             | the time of the update |

    Examples:
      | job_type       | trigger_method |
      | full           | scheduled      |
      | incremental    | on_demand      |
      | access_control | scheduled      |

  @id:sync-job.kinds.cancel.asked @req:sync-job.cancel
  Scenario Outline: A sync job in progress is asked to stop: <job_type>, <trigger_method>
    Given a sync job created with:
      """
      {"id":"{connector}","job_type":"<job_type>","trigger_method":"<trigger_method>"}
      """
    And these requests have succeeded:
      | PUT /_connector/_sync_job/{sync_job}/_claim | {"worker_hostname":"worker-1"} |
    When I send PUT "/_connector/_sync_job/{sync_job}/_cancel"
    Then the update is accepted
    And only these fields of the sync job have changed:
      | status                   | "canceling"            |
      | cancelation_requested_at | the time of the update |

    Examples:
      | job_type       | trigger_method |
      | full           | scheduled      |
      | incremental    | on_demand      |
      | access_control | scheduled      |

  @id:sync-job.kinds.error @req:sync-job.error
  Scenario Outline: A sync job in progress is ended by an error: <job_type>, <trigger_method>
    Given a sync job created with:
      """
      {"id":"{connector}","job_type":"<job_type>","trigger_method":"<trigger_method>"}
      """
    And these requests have succeeded:
      | PUT /_connector/_sync_job/{sync_job}/_claim | {"worker_hostname":"worker-1"} |
    When I send PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"boom"}
    Then the update is accepted
    And only these fields of the sync job have changed:
      | status | "error" |
      | error  | "boom"  |

    Examples:
      | job_type       | trigger_method |
      | full           | scheduled      |
      | incremental    | on_demand      |
      | access_control | scheduled      |

  @id:sync-job.kinds.transitions @req:sync-job.transitions
  Scenario Outline: What the state machine does not have is refused: <job_type>, <trigger_method>
    Given a sync job created with:
      """
      {"id":"{connector}","job_type":"<job_type>","trigger_method":"<trigger_method>"}
      """
    When I send PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"boom"}
    Then the request is rejected as "status_exception" because "from [pending] to [error]"
    And the sync job is unchanged

    Examples:
      | job_type       | trigger_method |
      | full           | scheduled      |
      | incremental    | on_demand      |
      | access_control | scheduled      |
