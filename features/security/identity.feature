@security @since:8.13.0
Feature: Who somebody is
  Everybody may know who they are; for all else it counts what they were given.

  Background:
    Given a connector of its own with a pending sync job

  @id:security.identity.told @req:security.identity.told
  Scenario Outline: A user with the role <role> is told who they are
    Given a user with the role "<role>"
    When they "ask who they are"
    Then they are allowed to
    And the response at "/username" equals "{user}"
    And the response at "/authentication_type" equals "realm"

    Examples:
      | role   |
      | nobody |
      | reader |
      | writer |

  @id:security.identity.key @req:security.identity.told
  Scenario: An API key is told which one it is
    Given an API key with the role "nobody"
    When they "ask who they are"
    Then they are allowed to
    And the response at "/authentication_type" equals "api_key"
    And the response at "/api_key/id" equals "{key}"

  @id:security.server.granted @req:security.server.granted
  Scenario: Who monitors the cluster may ask for the server
    Given a user with the role "cluster monitor"
    When they "ask for the server"
    Then they are allowed to

  @id:security.server.refused @req:security.server.needed
  Scenario Outline: A user with the role <role> may not ask for the server
    Given a user with the role "<role>"
    When they "ask for the server"
    Then they are refused for lack of a privilege

    Examples:
      | role         |
      | nobody       |
      | reader       |
      | writer       |
      | index reader |

  @id:security.identity.undefined-role @req:security.identity.undefined-role @req:security.refusal.changes-nothing
  Scenario Outline: A role that nobody defined does not grant to <operation>
    Given a user with a role that nobody defined
    When they "<operation>"
    Then they are refused for lack of a privilege
    And nothing has changed

    Examples:
      | operation                |
      | set the stats            |
      | read the sync job        |
      | read the stored sync job |
      | ask for the server       |

  @id:security.run-as.as-other @req:security.run-as.as-other @req:security.refusal.changes-nothing
  Scenario: Who acts as another may do what the other may
    Given a user with the role "deputy"
    And they run as a user with the role "writer"
    When they "set the stats"
    Then they are allowed to

  @id:security.run-as.not-more @req:security.run-as.as-other @req:security.refusal.changes-nothing
  Scenario: Who acts as another may do no more than the other
    Given a user with the role "deputy"
    And they run as a user with the role "nobody"
    When they "read the sync job"
    Then they are refused because "is unauthorized for user [{user}] run as [{other}]"
    And nothing has changed

  @id:security.run-as.refused @req:security.run-as.needed @req:security.refusal.changes-nothing
  Scenario Outline: A user with the role <role> may not act as another
    Given a user with the role "<role>"
    And they run as a user with the role "writer everywhere"
    When they "set the stats"
    Then they are refused because "unauthorized to run as [{other}]"
    And nothing has changed

    Examples:
      | role   |
      | writer |
      | reader |
