@resilience @since:8.15.0
Feature: Several workers at once
  Claims may refuse each other, but never mix.

  @id:sync-job.claim.concurrent @req:sync-job.claim.concurrent
  Scenario Outline: Eight workers claim one sync job at once, round <round>
    Given a sync job
    When 8 workers claim the sync job at once
    Then every writer is answered with success or a version conflict
    And the sync job belongs to exactly one of the successful workers
    And its version has risen once for each successful writer

    Examples:
      | round |
      | 1     |
      | 2     |
      | 3     |
      | 4     |

  @id:sync-job.claim.concurrent.taken @req:sync-job.claim.concurrent
  Scenario: Eight workers claim a sync job at once that another one has
    Given a sync job
    And these requests have succeeded:
      | PUT /_connector/_sync_job/{sync_job}/_claim | {"worker_hostname":"worker-0"} |
    When 8 workers claim the sync job at once
    Then every writer is answered with success or a version conflict
    And the sync job belongs to exactly one of the successful workers

  @id:sync-job.check-in.concurrent @req:sync-job.check-in.concurrent
  Scenario: Check-ins at once move the time and nothing else
    Given a sync job
    When these requests are sent at once:
      | PUT | /_connector/_sync_job/{sync_job}/_check_in | |
      | PUT | /_connector/_sync_job/{sync_job}/_check_in | |
      | PUT | /_connector/_sync_job/{sync_job}/_check_in | |
    Then every writer is answered with success or a version conflict
    When I send GET "/_connector/_sync_job/{sync_job}"
    Then the response contains the JSON:
      """
      {"status": "pending", "deleted_document_count": 0, "indexed_document_count": 0, "total_document_count": 0, "metadata": {}}
      """
