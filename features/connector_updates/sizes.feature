@contract @since:8.18.0
Feature: How much an update of a connector holds
  The background makes a text of half a megabyte.

  Background:
    Given a connector
    And a name of 512 bytes saved as "x"
    And I send PUT "/_connector/{connector}/_name" with the body:
      """
      {"description": "{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}"}
      """
    And I send GET "/_connector/{connector}"
    And I save the response at "/description" as "x"
    And I send PUT "/_connector/{connector}/_name" with the body:
      """
      {"description": "{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}"}
      """
    And I send GET "/_connector/{connector}"
    And the response at "/description" has the length 524288
    And I save the response at "/description" as "x"

  @id:connector.update.large @req:connector.update.large
  Scenario Outline: <call> of more than a megabyte is stored and read back
    When I send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then the response status is 200
    And the connector at "<field>" equals "{x}{x}{x}"

    Examples:
      | call           | body                                                           | field                  |
      | _configuration | {"configuration": {"a": {"label": "A", "value": "{x}{x}{x}"}}} | /configuration/a/value |
      | _last_sync     | {"sync_cursor": {"a": "{x}{x}{x}"}}                            | /sync_cursor/a         |

  @id:connector.update.large.create @req:connector.update.large
  Scenario: A creation of more than a megabyte is stored and read back
    When I send PUT "/_connector/{connector}-2" with the body:
      """
      {"description": "{x}{x}{x}"}
      """
    Then the response status is 201
    When I send GET "/_connector/{connector}-2"
    Then the response at "/description" equals "{x}{x}{x}"
