@documented @since:8.12.0
Feature: A check-in, as its page describes it

  Background:
    Given a sync job

  @id:sync-job.check-in.example.works @req:sync-job.check-in.example @req:sync-job.check-in.route @req:sync-job.check-in.code.200
  Scenario: The documented example does what it says
    When I send PUT "/_connector/_sync_job/{sync_job}/_check_in"
    Then the response status is 200
    And only these fields of the sync job have changed:
      | last_seen | the time of the update |
    And last_seen has moved

  @id:sync-job.check-in.code.404 @req:sync-job.check-in.code.404
  Scenario: An id that no sync job has is answered with 404
    Given an id that no sync job has
    When I send PUT "/_connector/_sync_job/{sync_job}/_check_in"
    Then the response status is 404
    And the sync job is gone
    And the response at "/result" is absent

  @id:sync-job.check-in.routing.trailing-slash @req:sync-job.check-in.routing.trailing-slash @req:sync-job.check-in.route
  Scenario: The path may end in a slash, as the page writes it
    When I send PUT "/_connector/_sync_job/{sync_job}/_check_in/"
    Then the update is accepted
    And the answer is of the type "application/json"
    And only these fields of the sync job have changed:
      | last_seen | the time of the update |
    And the version of the sync job has risen by 1
