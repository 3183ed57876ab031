@contract @since:8.18.0
Feature: The API key of a connector

  Background:
    Given a connector

  @id:connector.api-key.stored @req:connector.api-key.stored
  Scenario Outline: <field> is stored as <value>
    When I send PUT "/_connector/{connector}/_api_key_id" with the body:
      """
      {"<field>": <value>}
      """
    Then the response status is 200
    And the connector at "/<field>" equals <value>
    And only these fields of the connector have changed:
      | /<field> |

    Examples:
      | field             | value   |
      | api_key_id        | "a-key" |
      | api_key_id        | ""      |
      | api_key_id        | "ünï ✓" |
      | api_key_id        | " K "   |
      | api_key_secret_id | "a-key" |
      | api_key_secret_id | ""      |
      | api_key_secret_id | "ünï ✓" |
      | api_key_secret_id | " K "   |

  @id:connector.api-key.alone @req:connector.api-key.null @req:connector.api-key.stored
  Scenario Outline: <body> keeps the other
    Given I send PUT "/_connector/{connector}/_api_key_id" with the body:
      """
      {"api_key_id": "k", "api_key_secret_id": "s"}
      """
    When I send PUT "/_connector/{connector}/_api_key_id" with the body:
      """
      <body>
      """
    Then the response status is 200
    And the connector at "/api_key_id" equals "<key>"
    And the connector at "/api_key_secret_id" equals "<secret>"

    Examples:
      | body                                             | key | secret |
      | {"api_key_id": "new"}                            | new | s      |
      | {"api_key_secret_id": "new"}                     | k   | new    |
      | {"api_key_id": "new", "api_key_secret_id": null} | new | s      |
      | {"api_key_id": null, "api_key_secret_id": "new"} | k   | new    |

  @id:connector.api-key.null @req:connector.api-key.null
  Scenario Outline: <body> says nothing
    When I send PUT "/_connector/{connector}/_api_key_id" with the body:
      """
      <body>
      """
    Then the request is rejected as "action_request_validation_exception" because "[api_key_id] and [api_key_secret_id] cannot both be [null]. Please provide a value for at least one of them."
    And the connector is unchanged

    Examples:
      | body                                            |
      | {"api_key_id": null}                            |
      | {"api_key_secret_id": null}                     |
      | {"api_key_id": null, "api_key_secret_id": null} |

  @id:connector.api-key.type @req:connector.api-key.type
  Scenario Outline: <field> may not be <value>
    When I send PUT "/_connector/{connector}/_api_key_id" with the body:
      """
      {"<field>": <value>}
      """
    Then the request is rejected as "x_content_parse_exception" because "[connector_update_api_key_id_request] <field> doesn't support values of type: <type>"
    And the connector is unchanged

    Examples:
      | field             | value    | type          |
      | api_key_id        | 7        | VALUE_NUMBER  |
      | api_key_id        | true     | VALUE_BOOLEAN |
      | api_key_id        | ["a"]    | START_ARRAY   |
      | api_key_id        | {"a": 1} | START_OBJECT  |
      | api_key_secret_id | 7        | VALUE_NUMBER  |
      | api_key_secret_id | true     | VALUE_BOOLEAN |
      | api_key_secret_id | ["a"]    | START_ARRAY   |
      | api_key_secret_id | {"a": 1} | START_OBJECT  |
