@resilience @restart @since:8.12.0
Feature: Stats and restarts

  Background:
    Given a sync job

  @id:stats.restart.survives @req:stats.restart.survives
  Scenario: Stats survive a restart
    Given the sync job already has the complete stats
    When Elasticsearch is restarted
    Then the stored sync job has changed exactly as the update says

  @id:stats.restart.goes-on @req:stats.restart.survives
  Scenario: Stats can be set after a restart
    Given the sync job already has the complete stats
    When Elasticsearch is restarted
    And the complete stats are set with "indexed_document_count" as 5
    Then the update is accepted
    And only these fields of the sync job have changed:
      | indexed_document_count | 5 |
