@contract @since:8.18.0
Feature: How long the texts of a connector may be
  The background makes a text of 32766 bytes, the longest that the index takes.

  Background:
    Given a connector
    And I send PUT "/_connector/{connector}/_name" with the body:
      """
      {"description": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}
      """
    And I send GET "/_connector/{connector}"
    And I save the response at "/description" as "x"
    And I send PUT "/_connector/{connector}/_name" with the body:
      """
      {"description": "{x}{x}{x}{x}{x}{x}"}
      """
    And I send GET "/_connector/{connector}"
    And I save the response at "/description" as "x"
    And I send PUT "/_connector/{connector}/_name" with the body:
      """
      {"description": "{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}"}
      """
    And I send GET "/_connector/{connector}"
    And I save the response at "/description" as "x"

  @id:connector.create.too-long @req:connector.create.too-long
  Scenario Outline: <field> may have 32766 bytes and no more
    When I send PUT "/_connector/{connector}-2" with the body:
      """
      {"<field>": "{x}y"}
      """
    Then the request is rejected as "document_parsing_exception"
    When I send GET "/_connector/{connector}-2"
    Then the response status is 404
    When I send PUT "/_connector/{connector}-2" with the body:
      """
      {"<field>": "{x}"}
      """
    Then the response status is 201
    When I send GET "/_connector/{connector}-2"
    Then the response at "/<field>" equals "{x}"

    Examples:
      | field        |
      | name         |
      | language     |
      | service_type |

  @id:connector.create.too-long.description @req:connector.create.too-long
  Scenario: description may be longer
    When I send PUT "/_connector/{connector}-2" with the body:
      """
      {"description": "{x}y"}
      """
    Then the response status is 201
    When I send GET "/_connector/{connector}-2"
    Then the response at "/description" equals "{x}y"

  @id:connector.create.too-long.update @req:connector.create.too-long
  Scenario Outline: <field> of <call> may have 32766 bytes and no more
    When I send PUT "/_connector/{connector}/<call>" with the body:
      """
      {"<field>": "{x}y"}
      """
    Then the request is rejected as "document_parsing_exception"
    And the connector is unchanged
    When I send PUT "/_connector/{connector}/<call>" with the body:
      """
      {"<field>": "{x}"}
      """
    Then the response status is 200
    And the connector at "/<field>" equals "{x}"

    Examples:
      | call          | field                          |
      | _name         | name                           |
      | _service_type | service_type                   |
      | _error        | error                          |
      | _api_key_id   | api_key_id                     |
      | _last_sync    | last_sync_error                |
      | _last_sync    | last_access_control_sync_error |

  @id:connector.create.too-long.secret @req:connector.create.too-long
  Scenario: api_key_secret_id may be longer
    When I send PUT "/_connector/{connector}/_api_key_id" with the body:
      """
      {"api_key_secret_id": "{x}y"}
      """
    Then the update is accepted
    And the connector at "/api_key_secret_id" equals "{x}y"
