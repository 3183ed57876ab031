@contract @direct-write @since:8.15.0
Feature: Sync jobs that older versions have left
  What Kibana and the connector service wrote before there was an API, and while
  it was young, is in the indices of every cluster that was upgraded since.

  @id:lineages.job.read @req:lineages.job.read
  Scenario Outline: A sync job of an older version is read, listed and found as it is stored: <document>
    Given a sync job that another program has stored as the fixture "<document>"
    When the sync job is read
    Then the answer is the sync job as it is stored
    And the sync jobs "sync_job" are in every view
    When the sync jobs of the connector are listed
    Then each listed sync job is shown as it is stored

    Examples:
      | document            |
      | 8.8/pending         |
      | 8.8/completed       |
      | 8.8/canceled        |
      | 8.8/failed          |
      | 8.8/suspended       |
      | 8.10/pending        |
      | 8.10/incremental    |
      | 8.10/completed      |
      | 8.12/pending        |
      | 8.12/access-control |
      | 8.12/in-progress    |
      | 8.15/pending        |
      | 8.15/completed      |

  @id:lineages.job.claim @req:lineages.job.claim
  Scenario Outline: A sync job of an older version is claimed: <document>
    Given a sync job that another program has stored as the fixture "<document>"
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-2","sync_cursor":{"page":1}}
    Then the update is accepted
    And only these fields of the sync job have changed:
      | status                 | "in_progress"          |
      | worker_hostname        | "worker-2"             |
      | started_at             | the time of the update |
      | last_seen              | the time of the update |
      | /connector/sync_cursor | {"page":1}             |

    Examples:
      | document            |
      | 8.8/pending         |
      | 8.8/completed       |
      | 8.8/canceled        |
      | 8.8/failed          |
      | 8.8/suspended       |
      | 8.10/pending        |
      | 8.10/incremental    |
      | 8.10/completed      |
      | 8.12/pending        |
      | 8.12/access-control |
      | 8.12/in-progress    |
      | 8.15/pending        |
      | 8.15/completed      |

  @id:lineages.job.stats @req:lineages.job.stats
  Scenario Outline: A sync job of an older version is given stats: <document>
    Given a sync job that another program has stored as the fixture "<document>"
    When the complete stats are set
    Then the update is accepted
    And the stored sync job has changed exactly as the update says

    Examples:
      | document            |
      | 8.8/pending         |
      | 8.8/completed       |
      | 8.8/canceled        |
      | 8.8/failed          |
      | 8.8/suspended       |
      | 8.10/pending        |
      | 8.10/incremental    |
      | 8.10/completed      |
      | 8.12/pending        |
      | 8.12/access-control |
      | 8.12/in-progress    |
      | 8.15/pending        |
      | 8.15/completed      |

  @id:lineages.job.check-in @req:lineages.job.check-in
  Scenario Outline: A sync job of an older version is checked in: <document>
    Given a sync job that another program has stored as the fixture "<document>"
    When I send PUT "/_connector/_sync_job/{sync_job}/_check_in"
    Then the update is accepted
    And only these fields of the sync job have changed:
      | last_seen | the time of the update |

    Examples:
      | document            |
      | 8.8/pending         |
      | 8.8/completed       |
      | 8.8/canceled        |
      | 8.8/failed          |
      | 8.8/suspended       |
      | 8.10/pending        |
      | 8.10/incremental    |
      | 8.10/completed      |
      | 8.12/pending        |
      | 8.12/access-control |
      | 8.12/in-progress    |
      | 8.15/pending        |
      | 8.15/completed      |

  @id:lineages.job.ended.cancel @req:lineages.job.ended
  Scenario Outline: A sync job that was ended by an older version is not canceled: <document>
    Given a sync job that another program has stored as the fixture "<document>"
    When I send PUT "/_connector/_sync_job/{sync_job}/_cancel"
    Then the request is rejected as "status_exception" because "from [<status>] to"
    And the sync job is unchanged

    Examples:
      | document       | status    |
      | 8.8/canceled   | canceled  |
      | 8.8/completed  | completed |
      | 8.8/failed     | error     |
      | 8.10/completed | completed |
      | 8.15/completed | completed |

  @id:lineages.job.ended.error @req:lineages.job.ended
  Scenario Outline: A sync job that was ended by an older version takes no error: <document>
    Given a sync job that another program has stored as the fixture "<document>"
    When I send PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"boom"}
    Then the request is rejected as "status_exception" because "from [<status>] to"
    And the sync job is unchanged

    Examples:
      | document       | status    |
      | 8.8/canceled   | canceled  |
      | 8.8/completed  | completed |
      | 8.8/failed     | error     |
      | 8.10/completed | completed |
      | 8.15/completed | completed |

  @id:lineages.job.cancel @req:lineages.job.cancel
  Scenario Outline: A sync job that an older version has left waiting is canceled: <document>
    Given a sync job that another program has stored as the fixture "<document>"
    When I send PUT "/_connector/_sync_job/{sync_job}/_cancel"
    Then the update is accepted
    And only these fields of the sync job have changed:
      | status                   | "canceled"             |
      | cancelation_requested_at | the time of the update |
      | canceled_at              | the time of the update |
      | completed_at             | the time of the update |

    Examples:
      | document            |
      | 8.8/pending         |
      | 8.8/suspended       |
      | 8.10/pending        |
      | 8.10/incremental    |
      | 8.12/pending        |
      | 8.12/access-control |
      | 8.15/pending        |

  @id:lineages.job.delete @req:lineages.job.delete
  Scenario Outline: A sync job of an older version is deleted: <document>
    Given a sync job that another program has stored as the fixture "<document>"
    When the sync job is deleted
    Then the deletion is acknowledged
    And the sync jobs "sync_job" are in no view

    Examples:
      | document            |
      | 8.8/pending         |
      | 8.8/completed       |
      | 8.8/canceled        |
      | 8.8/failed          |
      | 8.8/suspended       |
      | 8.10/pending        |
      | 8.10/incremental    |
      | 8.10/completed      |
      | 8.12/pending        |
      | 8.12/access-control |
      | 8.12/in-progress    |
      | 8.15/pending        |
      | 8.15/completed      |
