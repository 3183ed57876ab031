@contract
Feature: Repositories of snapshots

  @id:others.repositories.own
  Scenario: A repository is read back, and takes a snapshot
    Given a snapshot repository
    And an index
    When I send PUT "/_snapshot/{snapshot_repository}/{index}-shot?wait_for_completion=true" with the body:
      """
      {"indices": "{index}", "include_global_state": false}
      """
    Then the response status is 200
    And the response at "/snapshot/state" equals "SUCCESS"
    And the snapshot repository at "/type" equals "fs"

  @id:others.repositories.plain
  Scenario: A repository with a plain name
    When I send PUT "/_snapshot/repository-of-others" with the body:
      """
      {"type": "fs", "settings": {"location": "others"}}
      """
    Then the response status is 200
