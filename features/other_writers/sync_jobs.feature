@contract @direct-write @since:8.15.0
Feature: Sync jobs that other programs have stored
  Kibana and the connector service write sync jobs into the index themselves,
  not always as the API does. Each of these documents has been refused by a
  released version.

  @id:other-writers.read @req:other-writers.read
  Scenario Outline: A sync job is read as it is stored: <case>
    Given a sync job that another program has stored as the fixture "<file>"
    When the sync job is read
    Then the answer is the sync job as it is stored

    Examples:
      | case                                  | file                         |
      | explicit nulls, as Kibana writes them | sync-job-kibana.json         |
      | null for every count                  | sync-job-null-counts.json    |
      | filtering as a list                   | sync-job-filtering-list.json |
      | an advanced snippet that is a list    | sync-job-snippet-list.json   |
      | no job_type                           | sync-job-without-type.json   |
      | as the connector service writes it    | sync-job-service.json        |

  @id:other-writers.list @req:other-writers.list
  Scenario Outline: A sync job is listed as it is stored: <case>
    Given a sync job that another program has stored as the fixture "<file>"
    When the sync jobs of the connector are listed
    Then the list counts 2 sync jobs and shows 2
    And each listed sync job is shown as it is stored

    Examples:
      | case                                  | file                         |
      | explicit nulls, as Kibana writes them | sync-job-kibana.json         |
      | null for every count                  | sync-job-null-counts.json    |
      | filtering as a list                   | sync-job-filtering-list.json |
      | an advanced snippet that is a list    | sync-job-snippet-list.json   |
      | no job_type                           | sync-job-without-type.json   |
      | as the connector service writes it    | sync-job-service.json        |

  @id:other-writers.claim @req:other-writers.claim
  Scenario Outline: A sync job is claimed: <case>
    Given a sync job that another program has stored as the fixture "<file>"
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1","sync_cursor":{"page":1}}
    Then the update is accepted
    And only these fields of the sync job have changed:
      | status                 | "in_progress"          |
      | worker_hostname        | "worker-1"             |
      | started_at             | the time of the update |
      | last_seen              | the time of the update |
      | /connector/sync_cursor | {"page":1}             |
    And the sync job "other_sync_job" is unchanged

    Examples:
      | case                                  | file                         |
      | explicit nulls, as Kibana writes them | sync-job-kibana.json         |
      | null for every count                  | sync-job-null-counts.json    |
      | filtering as a list                   | sync-job-filtering-list.json |
      | an advanced snippet that is a list    | sync-job-snippet-list.json   |
      | no job_type                           | sync-job-without-type.json   |
      | as the connector service writes it    | sync-job-service.json        |

  @id:other-writers.stats @req:other-writers.stats
  Scenario Outline: A sync job is given stats: <case>
    Given a sync job that another program has stored as the fixture "<file>"
    When the complete stats are set
    Then the update is accepted
    And the stored sync job has changed exactly as the update says

    Examples:
      | case                                  | file                         |
      | explicit nulls, as Kibana writes them | sync-job-kibana.json         |
      | null for every count                  | sync-job-null-counts.json    |
      | filtering as a list                   | sync-job-filtering-list.json |
      | an advanced snippet that is a list    | sync-job-snippet-list.json   |
      | no job_type                           | sync-job-without-type.json   |
      | as the connector service writes it    | sync-job-service.json        |

  @id:other-writers.check-in @req:other-writers.check-in
  Scenario Outline: A sync job is checked in: <case>
    Given a sync job that another program has stored as the fixture "<file>"
    When I send PUT "/_connector/_sync_job/{sync_job}/_check_in"
    Then the update is accepted
    And only these fields of the sync job have changed:
      | last_seen | the time of the update |

    Examples:
      | case                                  | file                       |
      | explicit nulls, as Kibana writes them | sync-job-kibana.json       |
      | no job_type                           | sync-job-without-type.json |

  @id:other-writers.error @req:other-writers.error
  Scenario Outline: A sync job is ended by an error: <case>
    Given a sync job that another program has stored as the fixture "<file>"
    And these requests have succeeded:
      | PUT /_connector/_sync_job/{sync_job}/_claim | {"worker_hostname":"worker-1"} |
    When I send PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"boom"}
    Then the update is accepted
    And only these fields of the sync job have changed:
      | status | "error" |
      | error  | "boom"  |

    Examples:
      | case                                  | file                       |
      | explicit nulls, as Kibana writes them | sync-job-kibana.json       |
      | an advanced snippet that is a list    | sync-job-snippet-list.json |
      | no job_type                           | sync-job-without-type.json |
      | as the connector service writes it    | sync-job-service.json      |

  @id:other-writers.cancel @req:other-writers.cancel
  Scenario Outline: A sync job is canceled: <case>
    Given a sync job that another program has stored as the fixture "<file>"
    When I send PUT "/_connector/_sync_job/{sync_job}/_cancel"
    Then the update is accepted
    And only these fields of the sync job have changed:
      | status                   | "canceled"             |
      | cancelation_requested_at | the time of the update |
      | canceled_at              | the time of the update |
      | completed_at             | the time of the update |

    Examples:
      | case                                  | file                       |
      | explicit nulls, as Kibana writes them | sync-job-kibana.json       |
      | an advanced snippet that is a list    | sync-job-snippet-list.json |
      | no job_type                           | sync-job-without-type.json |
      | as the connector service writes it    | sync-job-service.json      |

  @id:other-writers.delete @req:other-writers.delete
  Scenario Outline: A sync job is deleted: <case>
    Given a sync job that another program has stored as the fixture "<file>"
    When the sync job is deleted
    Then the deletion is acknowledged
    And the sync job is gone

    Examples:
      | case                | file                         |
      | filtering as a list | sync-job-filtering-list.json |
      | no job_type         | sync-job-without-type.json   |
