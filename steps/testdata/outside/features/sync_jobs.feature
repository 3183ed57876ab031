Feature: Sync jobs as this program needs them

  Scenario: A sync job that was claimed can be cancelled
    Given a sync job in the state "in_progress"
    When the sync job is cancelled
    Then the response status is 200
    And only these fields of the sync job have changed:
      | status                   | "canceling"            |
      | cancelation_requested_at | the time of the update |

  Scenario: An answer has the shape that this program reads
    When I send GET "/"
    Then the response matches the schema "root"
