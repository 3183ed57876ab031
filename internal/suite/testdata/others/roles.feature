@contract @needs:security
Feature: Roles and role mappings

  @id:others.roles.own
  Scenario: A role is read back
    Given a role created with:
      """
      {"cluster": ["monitor"], "indices": [{"names": ["{role}-*"], "privileges": ["read"]}]}
      """
    When the role is read
    Then the response status is 200
    And the role contains the JSON:
      """
      {"cluster": ["monitor"], "indices": [{"names": ["{role}-*"], "privileges": ["read"]}]}
      """

  @id:others.roles.plain
  Scenario: A role and a mapping with plain names
    When I send PUT "/_security/role/role-of-others" with the body:
      """
      {"cluster": ["monitor"]}
      """
    Then the response at "/role/created" equals true

  @id:others.roles.user
  Scenario: A user can be disabled
    Given a user created with:
      """
      {"password": "a-long-password", "roles": []}
      """
    When the user is disabled
    Then the response status is 200
    And the user at "/enabled" equals false
