@documented @serial @since:8.13.0
Feature: Lists of the sync jobs of any connector
  Other scenarios have sync jobs as well, so these run by themselves, and with as
  few sync jobs as they can.

  @id:sync-job.list.filter.anywhere @req:sync-job.list.filter.status @req:sync-job.list.route
  Scenario: A status alone leaves sync jobs of any connector
    Given a connector of its own with these sync jobs, created one after the other:
      | a | full | pending |
      | e | full | error   |
    When all sync jobs are listed with "status=error&size=1000&filter_path=results.id"
    Then the list shows "e", but not "a"

  @id:sync-job.list.filter.anywhere-type @req:sync-job.list.filter.job-type @req:sync-job.list.example
  Scenario: The documented list of two job types leaves sync jobs of any connector
    Given a connector of its own with these sync jobs, created one after the other:
      | a | full           | pending |
      | b | incremental    | pending |
      | c | access_control | pending |
    When all sync jobs are listed with "job_type=full,incremental&size=1000&filter_path=results.id"
    Then the list shows "a, b", but not "c"
