@contract @since:8.18.0
Feature: The error of a connector

  Background:
    Given a connector

  @id:connector.error.text @req:connector.error.text
  Scenario Outline: The error <value>
    When I send PUT "/_connector/{connector}/_error" with the body:
      """
      {"error": <value>}
      """
    Then the response status is 200
    And the connector at "/error" equals <value>
    And the connector at "/status" equals "error"

    Examples:
      | value                                    |
      | "The source did not answer within 30 s." |
      | " "                                      |
      | "ünï ✓ 日本"                               |
      | "a\\nb\\tc"                              |
      | "<b>&amp;</b>"                           |
      | "null"                                   |

  @id:connector.error.replaced @req:connector.error.text
  Scenario: A second error takes the place of the first
    Given I send PUT "/_connector/{connector}/_error" with the body:
      """
      {"error": "first"}
      """
    When I send PUT "/_connector/{connector}/_error" with the body:
      """
      {"error": "second"}
      """
    Then the response status is 200
    And only these fields of the connector have changed:
      | /error |
    And the connector at "/error" equals "second"

  @id:connector.error.type @req:connector.error.type
  Scenario Outline: The error may not be <value>
    When I send PUT "/_connector/{connector}/_error" with the body:
      """
      {"error": <value>}
      """
    Then the request is rejected as "x_content_parse_exception" because "[connector_update_error_request] error doesn't support values of type: <type>"
    And the connector is unchanged

    Examples:
      | value    | type          |
      | 7        | VALUE_NUMBER  |
      | true     | VALUE_BOOLEAN |
      | ["a"]    | START_ARRAY   |
      | {"a": 1} | START_OBJECT  |
      | 1.5      | VALUE_NUMBER  |
      | []       | START_ARRAY   |
      | {}       | START_OBJECT  |
