@resilience @since:8.12.0
Feature: Several updates at once
  Updates of one sync job may refuse each other, but never mix.

  Background:
    Given a sync job

  @id:stats.concurrent.one-job @req:stats.concurrent.answers @req:stats.concurrent.whole-body
  Scenario Outline: Eight writers at once leave exactly one writer's stats, round <round>
    When 8 writers set the stats of the sync job at once
    Then every writer is answered with success or a version conflict
    And the stored sync job holds exactly one successful writer's stats

    Examples:
      | round |
      | 1     |
      | 2     |
      | 3     |
      | 4     |
      | 5     |

  @id:stats.concurrent.after-stats @req:stats.concurrent.whole-body @req:stats.concurrent.answers
  Scenario: Eight writers at once replace what an earlier update has set
    Given the sync job already has the stats:
      | deleted_document_count  | 10   |
      | indexed_document_count  | 20   |
      | indexed_document_volume | 1000 |
      | total_document_count    | 2000 |
    When 8 writers set the stats of the sync job at once
    Then every writer is answered with success or a version conflict
    And the stored sync job holds exactly one successful writer's stats

  @id:stats.concurrent.no-lost-update @req:stats.concurrent.no-lost-update @req:stats.concurrent.answers @since:8.15.0
  Scenario Outline: No successful update is lost and no refused one is stored, round <round>
    When 8 writers each add a metadata key of their own at once
    Then every writer is answered with success or a version conflict
    And its metadata has the keys of all successful writers and of no other

    Examples:
      | round |
      | 1     |
      | 2     |
      | 3     |
      | 4     |
      | 5     |

  @id:stats.concurrent.versions @req:stats.concurrent.no-lost-update
  Scenario Outline: Each successful writer is one write, round <round>
    When 8 writers set the stats of the sync job at once
    Then every writer is answered with success or a version conflict
    And its version has risen once for each successful writer

    Examples:
      | round |
      | 1     |
      | 2     |
      | 3     |

  @id:stats.concurrent.other-jobs @req:stats.concurrent.other-jobs
  Scenario: Updates of different sync jobs at once do not disturb each other
    Then 8 sync jobs of the connector are updated at once, each is accepted and stored as it was sent

  @id:stats.concurrent.readers @long @req:stats.concurrent.whole-reads
  Scenario: A reader never sees half an update
    Then whoever reads during 20 updates sees either of two states, never a mix
