@since:8.12.0
Feature: The filters of a list of sync jobs

  Background:
    Given a connector of its own with these sync jobs, created one after the other:
      | a | full           | pending     |
      | b | incremental    | canceled    |
      | c | access_control | pending     |
      | d | full           | in_progress |
      | e | incremental    | error       |
      | f | incremental    | pending     |

  @documented @id:sync-job.list.filter.connector-id @req:sync-job.list.filter.connector-id @req:sync-job.list.code.200
  Scenario: connector_id leaves the sync jobs of that connector
    When the sync jobs of the connector are listed
    Then the response status is 200
    And the list holds exactly "a, b, c, d, e, f"

  @documented @id:sync-job.list.filter.other-connector @req:sync-job.list.filter.connector-id
  Scenario: The sync jobs of another connector are not in the list
    Given a sync job of another connector
    When the sync jobs of the connector are listed
    Then the list holds exactly "a, b, c, d, e, f"
    And the list shows "a", but not "other_sync_job"

  @documented @id:sync-job.list.filter.status @req:sync-job.list.filter.status
  Scenario Outline: status=<status> leaves <left>
    When the sync jobs of the connector are listed with "status=<status>"
    Then the list holds exactly "<left>"

    Examples:
      | status      | left    |
      | pending     | a, c, f |
      | canceled    | b       |
      | in_progress | d       |
      | error       | e       |
      | completed   |         |

  @documented @id:sync-job.list.filter.job-type @req:sync-job.list.filter.job-type @since:8.13.0
  Scenario Outline: job_type=<types> leaves <left>
    When the sync jobs of the connector are listed with "job_type=<types>"
    Then the list holds exactly "<left>"

    Examples:
      | types                           | left             |
      | full                            | a, d             |
      | incremental                     | b, e, f          |
      | access_control                  | c                |
      | full,incremental                | a, b, d, e, f    |
      | access_control,full             | a, c, d          |
      | full,incremental,access_control | a, b, c, d, e, f |

  @contract @id:sync-job.list.filters-together @req:sync-job.list.filters-together @since:8.13.0
  Scenario Outline: <query> leaves <left>
    When the sync jobs of the connector are listed with "<query>"
    Then the list holds exactly "<left>"

    Examples:
      | query                                       | left |
      | status=pending&job_type=full                | a    |
      | status=pending&job_type=full,access_control | a, c |
      | job_type=incremental&status=error           | e    |
      | job_type=access_control&status=canceled     |      |

  @contract @id:sync-job.list.filters-and-pages @req:sync-job.list.filters-together @req:sync-job.list.count @since:8.13.0
  Scenario Outline: Filters come before pages: <query>
    When the sync jobs of the connector are listed with "<query>"
    Then the list counts <count> sync jobs and shows "<shown>"

    Examples:
      | query                              | count | shown |
      | status=pending&size=2              | 3     | f, c  |
      | status=pending&from=2&size=2       | 3     | a     |
      | job_type=incremental&from=1&size=1 | 3     | e     |
