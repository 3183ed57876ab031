@contract @since:8.12.0
Feature: What becomes of the sync jobs of a deleted connector

  Background:
    Given a sync job of another connector
    And a connector of its own with these sync jobs, created one after the other:
      | a | full           | pending     |
      | b | incremental    | in_progress |
      | c | access_control | canceled    |
      | d | full           | error       |

  @id:connector.delete.sync-jobs @req:connector.delete.sync-jobs @since:8.14.0
  Scenario: delete_sync_jobs=true deletes every sync job of the connector
    Given the sync jobs "a, b, c, d" are in every view
    When I send DELETE "/_connector/{connector}?delete_sync_jobs=true"
    Then the response status is 200
    And the sync jobs "a, b, c, d" are in no view

  @id:connector.delete.sync-jobs.bare @req:connector.delete.sync-jobs @since:8.14.0
  Scenario Outline: <query> deletes them, too
    When I send DELETE "/_connector/{connector}?<query>"
    Then the response status is 200
    And the sync jobs "a, b, c, d" are in no view

    Examples:
      | query             |
      | delete_sync_jobs  |
      | delete_sync_jobs= |

  @id:connector.delete.sync-jobs.hard @req:connector.delete.sync-jobs @since:9.0.0
  Scenario: delete_sync_jobs=true deletes the sync jobs also where the connector is removed for good
    When I send DELETE "/_connector/{connector}?hard=true&delete_sync_jobs=true"
    Then the response status is 200
    And the sync jobs "a, b, c, d" are in no view

  @id:connector.delete.keeps-sync-jobs @req:connector.delete.keeps-sync-jobs
  Scenario: The sync jobs stay where nobody asks for their deletion
    When I send DELETE "/_connector/{connector}"
    Then the response status is 200
    And the sync jobs "a, b, c, d" are in every view
    And the sync job is unchanged

  @id:connector.delete.keeps-sync-jobs.false @req:connector.delete.keeps-sync-jobs @since:8.14.0
  Scenario: delete_sync_jobs=false keeps the sync jobs
    When I send DELETE "/_connector/{connector}?delete_sync_jobs=false"
    Then the response status is 200
    And the sync job is unchanged
    When the sync jobs of the connector are listed
    Then the list holds exactly "a, b, c, d"

  @id:connector.delete.others @req:connector.delete.others @since:8.14.0
  Scenario Outline: The sync jobs of another connector stay: <query>
    When I send DELETE "/_connector/{connector}?<query>"
    Then the response status is 200
    And the sync job "other_sync_job" is unchanged

    Examples:
      | query                  |
      | delete_sync_jobs=true  |
      | delete_sync_jobs=false |

  @id:connector.delete.not-found @req:connector.delete.not-found @since:8.14.0
  Scenario: A connector that is deleted already takes no sync job with it
    Given I send DELETE "/_connector/{connector}"
    And the response status is 200
    When I send DELETE "/_connector/{connector}?delete_sync_jobs=true"
    Then the request is rejected with status 404 as "resource_not_found_exception" saying "connector [{connector}] not found"
    When the sync jobs of the connector are listed
    Then the list holds exactly "a, b, c, d"
    And the sync job is unchanged

  @id:connector.delete.bad-value @req:connector.delete.bad-value @since:8.14.0
  Scenario Outline: delete_sync_jobs=<value> is rejected and nothing is deleted
    When I send DELETE "/_connector/{connector}?delete_sync_jobs=<value>"
    Then the request is rejected as "illegal_argument_exception" because "Failed to parse value [<value>] as only [true] or [false] are allowed."
    When the sync jobs of the connector are listed
    Then the list holds exactly "a, b, c, d"
    When I send GET "/_connector/{connector}"
    Then the response status is 200

    Examples:
      | value |
      | x     |
      | TRUE  |
      | 1     |
