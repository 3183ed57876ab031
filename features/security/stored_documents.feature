@security @since:8.13.0
Feature: The stored documents behind the API
  The indices are guarded by privileges of their own, by the name that is asked for.

  Background:
    Given a connector of its own with a pending sync job

  @id:security.direct.reader @req:security.direct.granted
  Scenario Outline: Who may read the indices may <operation>
    Given a user with the role "<role>"
    When they send <request>
    Then they are allowed to

    Examples:
      | role              | operation                                         | request                                                                                                     |
      | reader            | read the stored sync job                          | GET "/.elastic-connectors-sync-jobs/_doc/{sync_job}"                                                        |
      | reader            | read the stored sync job by the name of its index | GET "/.elastic-connectors-sync-jobs-v1/_doc/{sync_job}"                                                     |
      | reader            | search the stored sync jobs                       | POST "/.elastic-connectors-sync-jobs/_search?size=0" with {"query":{"term":{"connector.id":"{connector}"}}} |
      | index reader      | read the stored sync job                          | GET "/.elastic-connectors-sync-jobs/_doc/{sync_job}"                                                        |
      | index owner       | read the stored sync job                          | GET "/.elastic-connectors-sync-jobs/_doc/{sync_job}"                                                        |
      | index owner       | change the stored sync job                        | POST "/.elastic-connectors-sync-jobs/_update/{sync_job}" with {"doc":{"worker_hostname":"w"}}               |
      | index owner       | delete the stored sync job                        | DELETE "/.elastic-connectors-sync-jobs/_doc/{sync_job}"                                                     |
      | writer everywhere | replace the stored sync job                       | PUT "/.elastic-connectors-sync-jobs/_doc/{sync_job}" with {"worker_hostname":"w"}                           |

  @id:security.direct.refused @req:security.direct.needed @req:security.refusal.reason @req:security.refusal.changes-nothing
  Scenario Outline: A user with the role <role> may not <operation>
    Given a user with the role "<role>"
    When they send <request>
    Then they are refused for lack of a privilege
    And nothing has changed

    Examples:
      | role            | operation                   | request                                                                                                     |
      | nobody          | read the stored sync job    | GET "/.elastic-connectors-sync-jobs/_doc/{sync_job}"                                                        |
      | nobody          | search the stored sync jobs | POST "/.elastic-connectors-sync-jobs/_search?size=0" with {"query":{"term":{"connector.id":"{connector}"}}} |
      | nobody          | change the stored sync job  | POST "/.elastic-connectors-sync-jobs/_update/{sync_job}" with {"doc":{"worker_hostname":"w"}}               |
      | nobody          | replace the stored sync job | PUT "/.elastic-connectors-sync-jobs/_doc/{sync_job}" with {"worker_hostname":"w"}                           |
      | nobody          | delete the stored sync job  | DELETE "/.elastic-connectors-sync-jobs/_doc/{sync_job}"                                                     |
      | monitor         | read the stored sync job    | GET "/.elastic-connectors-sync-jobs/_doc/{sync_job}"                                                        |
      | monitor         | search the stored sync jobs | POST "/.elastic-connectors-sync-jobs/_search?size=0" with {"query":{"term":{"connector.id":"{connector}"}}} |
      | cluster monitor | read the stored sync job    | GET "/.elastic-connectors-sync-jobs/_doc/{sync_job}"                                                        |
      | reader          | change the stored sync job  | POST "/.elastic-connectors-sync-jobs/_update/{sync_job}" with {"doc":{"worker_hostname":"w"}}               |
      | reader          | replace the stored sync job | PUT "/.elastic-connectors-sync-jobs/_doc/{sync_job}" with {"worker_hostname":"w"}                           |
      | reader          | delete the stored sync job  | DELETE "/.elastic-connectors-sync-jobs/_doc/{sync_job}"                                                     |
      | index reader    | delete the stored sync job  | DELETE "/.elastic-connectors-sync-jobs/_doc/{sync_job}"                                                     |

  @since:9.0.0 @id:security.direct.writer @req:security.direct.needed @req:security.refusal.changes-nothing
  Scenario Outline: Who manages connectors may not <operation> past the API
    Given a user with the role "writer"
    When they send <request>
    Then they are refused for lack of a privilege
    And nothing has changed

    Examples:
      | operation                                         | request                                                                                                     |
      | read the stored sync job                          | GET "/.elastic-connectors-sync-jobs/_doc/{sync_job}"                                                        |
      | read the stored sync job by the name of its index | GET "/.elastic-connectors-sync-jobs-v1/_doc/{sync_job}"                                                     |
      | search the stored sync jobs                       | POST "/.elastic-connectors-sync-jobs/_search?size=0" with {"query":{"term":{"connector.id":"{connector}"}}} |
      | change the stored sync job                        | POST "/.elastic-connectors-sync-jobs/_update/{sync_job}" with {"doc":{"worker_hostname":"w"}}               |
      | replace the stored sync job                       | PUT "/.elastic-connectors-sync-jobs/_doc/{sync_job}" with {"worker_hostname":"w"}                           |
      | delete the stored sync job                        | DELETE "/.elastic-connectors-sync-jobs/_doc/{sync_job}"                                                     |

  @id:security.direct.unknown @req:security.refusal.tells-nothing
  Scenario: Who may not read the index does not learn which documents it has
    Given a user with the role "nobody"
    When they send GET "/.elastic-connectors-sync-jobs/_doc/{sync_job}"
    Then they are refused for lack of a privilege
    And the answer is the same for an id that nothing has

  @id:security.direct.name @req:security.direct.name
  Scenario Outline: Privileges hold for the name that is asked for: <granted> for "<operation>"
    Given an API key that may only read "<granted>"
    When they send <request>
    Then they are allowed to

    Examples:
      | granted                          | operation                                         | request                                                 |
      | .elastic-connectors-sync-jobs    | read the stored sync job                          | GET "/.elastic-connectors-sync-jobs/_doc/{sync_job}"    |
      | .elastic-connectors-sync-jobs-v1 | read the stored sync job by the name of its index | GET "/.elastic-connectors-sync-jobs-v1/_doc/{sync_job}" |
      | .elastic-connectors*             | read the stored sync job                          | GET "/.elastic-connectors-sync-jobs/_doc/{sync_job}"    |
      | .elastic-connectors*             | read the stored sync job by the name of its index | GET "/.elastic-connectors-sync-jobs-v1/_doc/{sync_job}" |

  @id:security.direct.other-name @req:security.direct.name @req:security.direct.needed
  Scenario Outline: Privileges hold for no other name: <granted> for "<operation>"
    Given an API key that may only read "<granted>"
    When they send <request>
    Then they are refused for lack of a privilege

    Examples:
      | granted                          | operation                                         | request                                                 |
      | .elastic-connectors-sync-jobs    | read the stored sync job by the name of its index | GET "/.elastic-connectors-sync-jobs-v1/_doc/{sync_job}" |
      | .elastic-connectors-sync-jobs-v1 | read the stored sync job                          | GET "/.elastic-connectors-sync-jobs/_doc/{sync_job}"    |
      | .elastic-connectors              | read the stored sync job                          | GET "/.elastic-connectors-sync-jobs/_doc/{sync_job}"    |
