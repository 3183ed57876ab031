@security @since:8.13.0
Feature: The stored documents behind the API
  The indices are guarded by privileges of their own, by the name that is asked for.

  Background:
    Given a connector of its own with a pending sync job

  @id:security.direct.reader @req:security.direct.granted
  Scenario Outline: Who may read the indices may <operation>
    Given a user with the role "<role>"
    When they "<operation>"
    Then they are allowed to

    Examples:
      | role         | operation                                         |
      | reader       | read the stored sync job                          |
      | reader       | read the stored sync job by the name of its index |
      | reader       | search the stored sync jobs                       |
      | index reader | read the stored sync job                          |
      | index owner  | read the stored sync job                          |
      | index owner  | change the stored sync job                        |
      | index owner  | delete the stored sync job                        |
      | writer everywhere | replace the stored sync job                  |

  @id:security.direct.refused @req:security.direct.needed @req:security.refusal.reason @req:security.refusal.changes-nothing
  Scenario Outline: A user with the role <role> may not <operation>
    Given a user with the role "<role>"
    When they "<operation>"
    Then they are refused for lack of a privilege
    And nothing has changed

    Examples:
      | role            | operation                                         |
      | nobody          | read the stored sync job                          |
      | nobody          | search the stored sync jobs                       |
      | nobody          | change the stored sync job                        |
      | nobody          | replace the stored sync job                       |
      | nobody          | delete the stored sync job                        |
      | monitor         | read the stored sync job                          |
      | monitor         | search the stored sync jobs                       |
      | cluster monitor | read the stored sync job                          |
      | reader          | change the stored sync job                        |
      | reader          | replace the stored sync job                       |
      | reader          | delete the stored sync job                        |
      | index reader    | delete the stored sync job                        |

  @since:9.0.0 @id:security.direct.writer @req:security.direct.needed @req:security.refusal.changes-nothing
  Scenario Outline: Who manages connectors may not <operation> past the API
    Given a user with the role "writer"
    When they "<operation>"
    Then they are refused for lack of a privilege
    And nothing has changed

    Examples:
      | operation                                         |
      | read the stored sync job                          |
      | read the stored sync job by the name of its index |
      | search the stored sync jobs                       |
      | change the stored sync job                        |
      | replace the stored sync job                       |
      | delete the stored sync job                        |

  @id:security.direct.unknown @req:security.refusal.tells-nothing
  Scenario: Who may not read the index does not learn which documents it has
    Given a user with the role "nobody"
    When they "read the stored sync job"
    Then they are refused for lack of a privilege
    And the answer is the same for an id that nothing has

  @id:security.direct.name @req:security.direct.name
  Scenario Outline: Privileges hold for the name that is asked for: <granted> for "<operation>"
    Given an API key that may only read "<granted>"
    When they "<operation>"
    Then they are allowed to

    Examples:
      | granted                          | operation                                         |
      | .elastic-connectors-sync-jobs    | read the stored sync job                          |
      | .elastic-connectors-sync-jobs-v1 | read the stored sync job by the name of its index |
      | .elastic-connectors*             | read the stored sync job                          |
      | .elastic-connectors*             | read the stored sync job by the name of its index |

  @id:security.direct.other-name @req:security.direct.name @req:security.direct.needed
  Scenario Outline: Privileges hold for no other name: <granted> for "<operation>"
    Given an API key that may only read "<granted>"
    When they "<operation>"
    Then they are refused for lack of a privilege

    Examples:
      | granted                          | operation                                         |
      | .elastic-connectors-sync-jobs    | read the stored sync job by the name of its index |
      | .elastic-connectors-sync-jobs-v1 | read the stored sync job                          |
      | .elastic-connectors              | read the stored sync job                          |
