@contract @since:8.12.0
Feature: A deleted sync job is gone wherever one looks

  @id:sync-job.delete.views @req:sync-job.delete.views
  Scenario Outline: A sync job that is <status>, <job_type>, is in every view before its deletion and in none after it
    Given a connector of its own with these sync jobs, created one after the other:
      | a | <job_type> | pending  |
      | b | <job_type> | <status> |
    And the sync jobs "b" are in every view
    When the sync job is deleted
    Then the deletion is acknowledged
    And the sync jobs "b" are in no view
    And the sync jobs "a" are in every view

    Examples:
      | status      | job_type       |
      | pending     | full           |
      | in_progress | incremental    |
      | canceled    | access_control |
      | error       | full           |

    @direct-write
    Examples:
      | status    | job_type       |
      | completed | access_control |
