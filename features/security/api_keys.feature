@security @since:8.13.0
Feature: API keys
  A key can do what it was made for, as long as it is good.

  Background:
    Given a connector of its own with a pending sync job

  @id:security.key.writer @req:security.privilege.granted
  Scenario Outline: A key with the privilege may <operation>
    Given an API key with the role "writer"
    When they "<operation>"
    Then they are allowed to

    Examples:
      | operation             |
      | set the stats         |
      | check the sync job in |
      | claim the sync job    |
      | cancel the sync job   |
      | delete the sync job   |
      | create a sync job     |

  @id:security.key.limited @req:security.key.limited @req:security.refusal.changes-nothing @req:security.refusal.tells-nothing
  Scenario Outline: A key with the role <role> may not <operation>, whatever its owner may
    Given an API key with the role "<role>"
    When they "<operation>"
    Then they are refused for lack of a privilege
    And the answer is the same for an id that nothing has
    And the answer repeats no credential
    And nothing has changed

    Examples:
      | role   | operation           |
      | reader | set the stats       |
      | reader | delete the sync job |
      | reader | delete the connector |
      | nobody | set the stats       |
      | nobody | read the sync job   |
      | nobody | read the connector  |

  @id:security.key.reader @req:security.privilege.granted
  Scenario Outline: A key with the privilege to read may <operation>
    Given an API key with the role "reader"
    When they "<operation>"
    Then they are allowed to

    Examples:
      | operation           |
      | read the connector  |
      | list the connectors |
      | read the sync job   |
      | list the sync jobs  |

  @id:security.key.owner @req:security.key.owner
  Scenario: A key without a role of its own may do what its owner may
    Given an API key without a role of its own
    When they "set the stats"
    Then they are allowed to

  @id:security.key.expired @req:security.key.expired @req:security.credentials.reason @req:security.refusal.changes-nothing
  Scenario Outline: An expired key is no key: <operation>
    Given an API key with the role "writer" that has expired
    When they "<operation>"
    Then they are asked to authenticate because "unable to authenticate with provided credentials…"
    And they are told of their token that "api key is expired"
    And the answer repeats no credential
    And nothing has changed

    Examples:
      | operation         |
      | set the stats     |
      | read the sync job |
      | ask who they are  |

  @id:security.key.invalidated @req:security.key.invalidated @req:security.credentials.reason @req:security.refusal.changes-nothing
  Scenario Outline: An invalidated key is no key: <operation>
    Given an API key with the role "writer" that was invalidated
    When they "<operation>"
    Then they are asked to authenticate because "unable to authenticate with provided credentials…"
    And they are told of their token that "api key [{key}] has been invalidated"
    And the answer repeats no credential
    And nothing has changed

    Examples:
      | operation         |
      | set the stats     |
      | read the sync job |
      | ask who they are  |
