@documented @since:8.12.0
Feature: Sync jobs are found by their status

  @id:sync-job.list.filter.status.each @req:sync-job.list.filter.status
  Scenario Outline: status=<status> finds the sync job that is <status> and no other
    Given a connector of its own with these sync jobs, created one after the other:
      | a | full | <status> |
      | z | full | <other>  |
    When the sync jobs of the connector are listed with "status=<status>"
    Then the list holds exactly "a"

    Examples:
      | status      | other     |
      | pending     | canceled  |
      | in_progress | canceling |
      | canceling   | canceled  |
      | canceled    | canceling |
      | error       | pending   |

  @id:sync-job.list.filter.status.written @req:sync-job.list.filter.status @direct-write
  Scenario Outline: status=<status> finds the sync job that is <status> and no other
    Given a connector of its own with these sync jobs, created one after the other:
      | a | full | <status> |
      | z | full | pending  |
    When the sync jobs of the connector are listed with "status=<status>"
    Then the list holds exactly "a"

    Examples:
      | status    |
      | completed |
      | suspended |
