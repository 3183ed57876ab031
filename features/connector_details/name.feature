@contract @since:8.18.0
Feature: The name and the description of a connector

  Background:
    Given a connector

  @id:connector.name.fields @req:connector.name.fields
  Scenario Outline: <field> is stored as <value>
    When I send PUT "/_connector/{connector}/_name" with the body:
      """
      {"<field>": <value>}
      """
    Then the response status is 200
    And the connector at "/<field>" equals <value>
    And only these fields of the connector have changed:
      | /<field> |

    Examples:
      | field       | value                 |
      | name        | "one"                 |
      | name        | ""                    |
      | name        | " "                   |
      | name        | "ünï ✓ 日本"            |
      | name        | "a \\"quoted\\" text" |
      | name        | "<b>&amp;</b>"        |
      | description | "one"                 |
      | description | ""                    |
      | description | " "                   |
      | description | "two\\n lines"        |
      | description | "ünï ✓ 日本"            |
      | description | "a \\"quoted\\" text" |
      | description | "<b>&amp;</b>"        |

  @id:connector.name.both @req:connector.name.fields
  Scenario: Both are stored
    When I send PUT "/_connector/{connector}/_name" with the body:
      """
      {"description": "two", "name": "one"}
      """
    Then the response status is 200
    And the connector at "/name" equals "one"
    And the connector at "/description" equals "two"

  @id:connector.name.alone @req:connector.name.null @req:connector.name.fields
  Scenario Outline: <case> keeps the other
    Given I send PUT "/_connector/{connector}/_name" with the body:
      """
      {"name": "one", "description": "two"}
      """
    When I send PUT "/_connector/{connector}/_name" with the body:
      """
      <body>
      """
    Then the response status is 200
    And the connector at "/name" equals "<name>"
    And the connector at "/description" equals "<description>"

    Examples:
      | case                        | body                                 | name | description |
      | A name                      | {"name": "new"}                      | new  | two         |
      | A description               | {"description": "new"}               | one  | new         |
      | A null beside a name        | {"name": "new", "description": null} | new  | two         |
      | A null beside a description | {"name": null, "description": "new"} | one  | new         |

  @id:connector.name.null @req:connector.name.null
  Scenario Outline: <body> says nothing
    When I send PUT "/_connector/{connector}/_name" with the body:
      """
      <body>
      """
    Then the request is rejected as "action_request_validation_exception" because "[name] and [description] cannot both be [null]. Please provide a value for at least one of them."
    And the connector is unchanged

    Examples:
      | body                                |
      | {"name": null}                      |
      | {"description": null}               |
      | {"name": null, "description": null} |

  @id:connector.name.type @req:connector.name.type
  Scenario Outline: <field> may not be <value>
    When I send PUT "/_connector/{connector}/_name" with the body:
      """
      {"<other>": "x", "<field>": <value>}
      """
    Then the request is rejected as "x_content_parse_exception" because "[connector_update_name_request] <field> doesn't support values of type: <type>"
    And the connector is unchanged

    Examples:
      | field       | other       | value    | type          |
      | name        | description | 7        | VALUE_NUMBER  |
      | name        | description | true     | VALUE_BOOLEAN |
      | name        | description | ["a"]    | START_ARRAY   |
      | name        | description | {"a": 1} | START_OBJECT  |
      | description | name        | 7        | VALUE_NUMBER  |
      | description | name        | true     | VALUE_BOOLEAN |
      | description | name        | ["a"]    | START_ARRAY   |
      | description | name        | {"a": 1} | START_OBJECT  |
