@contract @since:8.18.0
Feature: The life of a configuration

  Background:
    Given a connector

  @id:connector.configuration.replaces @req:connector.configuration.replaces
  Scenario Outline: A second configuration takes the place of the first: <value>
    Given I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": "A", "value": "one", "type": "str", "order": 1}, "b": {"label": "B", "value": {"x": 1, "deep": {"y": 2}}}, "c": {"label": "C"}}}
      """
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": <value>}
      """
    Then the response status is 200
    And the connector at "/configuration" has the length <length>
    And the connector at "/configuration" contains the JSON:
      """
      <value>
      """
    And the connector at "/configuration/a/value" <a>

    Examples:
      | value                                                        | length | a            |
      | {}                                                           | 0      | is absent    |
      | {"d": {"label": "D"}}                                        | 1      | is absent    |
      | {"a": {"label": "new"}}                                      | 1      | equals null  |
      | {"a": {"label": "new", "value": "two"}, "e": {"label": "E"}} | 2      | equals "two" |

  @id:connector.configuration.replaces.whole @req:connector.configuration.replaces
  Scenario: Nothing of a field is left where it is given again
    Given I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": "A", "value": "one", "type": "str", "order": 1}, "b": {"label": "B", "value": {"x": 1, "deep": {"y": 2}}}, "c": {"label": "C"}}}
      """
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": "new"}}}
      """
    Then the response status is 200
    And the connector at "/configuration" is the JSON:
      """
      {"a": {"default_value": null, "label": "new", "required": false, "sensitive": false, "value": null}}
      """

  @id:connector.configuration.status @req:connector.configuration.status
  Scenario Outline: A connector that is <from> is configured after <what>
    Given a connector in the state "<from>"
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      <body>
      """
    Then the response status is 200
    And the connector at "/status" equals "configured"

    Examples:
      | from                | what             | body                                     |
      | created             | a configuration  | {"configuration": {"a": {"label": "A"}}} |
      | needs_configuration | a configuration  | {"configuration": {"a": {"label": "A"}}} |
      | configured          | a configuration  | {"configuration": {"a": {"label": "A"}}} |
      | connected           | a configuration  | {"configuration": {"a": {"label": "A"}}} |
      | error               | a configuration  | {"configuration": {"a": {"label": "A"}}} |
      | created             | no configuration | {"configuration": {}}                    |
      | needs_configuration | no configuration | {"configuration": {}}                    |
      | configured          | no configuration | {"configuration": {}}                    |
      | connected           | no configuration | {"configuration": {}}                    |
      | error               | no configuration | {"configuration": {}}                    |
      | created             | no values        | {"values": {}}                           |
      | needs_configuration | no values        | {"values": {}}                           |
      | connected           | no values        | {"values": {}}                           |
      | error               | no values        | {"values": {}}                           |

  @id:connector.configuration.values @req:connector.configuration.values
  Scenario Outline: The value <value>
    Given I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": "A", "value": "one", "type": "str", "order": 1}, "b": {"label": "B", "value": {"x": 1, "deep": {"y": 2}}}, "c": {"label": "C"}}}
      """
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"values": {"a": <value>}}
      """
    Then the response status is 200
    And the connector at "/configuration/a/value" equals <value>
    And only these fields of the connector have changed:
      | /configuration/a/value |

    Examples:
      | value            |
      | "two"            |
      | ""               |
      | 7                |
      | 7.5              |
      | true             |
      | false            |
      | ["x", {"y": 1}]  |
      | {"x": 1}         |
      | 9007199254740993 |

  @id:connector.configuration.values.several @req:connector.configuration.values
  Scenario: Several values
    Given I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": "A", "value": "one", "type": "str", "order": 1}, "b": {"label": "B", "value": {"x": 1, "deep": {"y": 2}}}, "c": {"label": "C"}}}
      """
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"values": {"a": "two", "c": 3}}
      """
    Then the response status is 200
    And only these fields of the connector have changed:
      | /configuration/a/value |
      | /configuration/c/value |
    And the connector at "/configuration/a/value" equals "two"
    And the connector at "/configuration/c/value" equals 3

  @id:connector.configuration.values.same @req:connector.configuration.values
  Scenario: The same values again are a noop
    Given I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": "A", "value": "one", "type": "str", "order": 1}, "b": {"label": "B", "value": {"x": 1, "deep": {"y": 2}}}, "c": {"label": "C"}}}
      """
    And I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"values": {"a": "two"}}
      """
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"values": {"a": "two"}}
      """
    Then the update is accepted as one that changes nothing
    And the connector is unchanged

  @id:connector.configuration.values.merged @req:connector.configuration.values.merged
  Scenario Outline: The object <value> is merged
    Given I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": "A", "value": "one", "type": "str", "order": 1}, "b": {"label": "B", "value": {"x": 1, "deep": {"y": 2}}}, "c": {"label": "C"}}}
      """
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"values": {"b": <value>}}
      """
    Then the response status is 200
    And the connector at "/configuration/b/value" is the JSON:
      """
      <merged>
      """

    Examples:
      | value              | merged                             |
      | {"z": 3}           | {"x": 1, "deep": {"y": 2}, "z": 3} |
      | {"deep": {"z": 3}} | {"x": 1, "deep": {"y": 2, "z": 3}} |
      | {"x": 2}           | {"x": 2, "deep": {"y": 2}}         |
      | "text"             | "text"                             |
      | {"deep": 7}        | {"x": 1, "deep": 7}                |

  @id:connector.configuration.values.unknown @req:connector.configuration.values.unknown
  Scenario Outline: values of <fields>, which are not there, are rejected
    Given I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": "A", "value": "one", "type": "str", "order": 1}, "b": {"label": "B", "value": {"x": 1, "deep": {"y": 2}}}, "c": {"label": "C"}}}
      """
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"values": <values>}
      """
    Then the request is rejected as "status_exception" because "Unknown [configuration] fields in the request payload: [<fields>]. Remove them from request or register their schema first."
    And the connector is unchanged

    Examples:
      | fields | values               |
      | d      | {"d": 1}             |
      | d      | {"a": "two", "d": 1} |
      | A      | {"A": 1}             |
      | d, e   | {"d": 1, "e": 2}     |

  @id:connector.configuration.values.unknown.none @req:connector.configuration.values.unknown
  Scenario: values are rejected where there is no configuration
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"values": {"a": 1}}
      """
    Then the request is rejected as "status_exception" because "Unknown [configuration] fields in the request payload: [a]."
    And the connector is unchanged

  @id:connector.configuration.values.object @req:connector.configuration.values.object
  Scenario Outline: values may not be <value>
    Given I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": "A", "value": "one", "type": "str", "order": 1}, "b": {"label": "B", "value": {"x": 1, "deep": {"y": 2}}}, "c": {"label": "C"}}}
      """
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"values": <value>}
      """
    Then the response status is 400
    And the connector is unchanged

    Examples:
      | value |
      | 7     |
      | true  |
      | "x"   |
      | null  |

  @id:connector.configuration.values.list @req:connector.configuration.object
  Scenario: values may not be a list
    Given I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": "A", "value": "one", "type": "str", "order": 1}, "b": {"label": "B", "value": {"x": 1, "deep": {"y": 2}}}, "c": {"label": "C"}}}
      """
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"values": ["a"]}
      """
    Then the request is rejected as "x_content_parse_exception"
    And the connector is unchanged

  @id:connector.configuration.values.null @req:connector.configuration.values.null
  Scenario Outline: A null among values is no error of the server: <values>
    Given I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": "A", "value": "one", "type": "str", "order": 1}, "b": {"label": "B", "value": {"x": 1, "deep": {"y": 2}}}, "c": {"label": "C"}}}
      """
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"values": <values>}
      """
    Then the response at "/status" does not equal 500

    Examples:
      | values                  |
      | {"a": null}             |
      | {"b": null}             |
      | {"a": "two", "c": null} |

  @id:connector.configuration.both @req:connector.configuration.both
  Scenario Outline: Both are rejected together: <body>
    Given I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": "A", "value": "one", "type": "str", "order": 1}, "b": {"label": "B", "value": {"x": 1, "deep": {"y": 2}}}, "c": {"label": "C"}}}
      """
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      <body>
      """
    Then the request is rejected as "action_request_validation_exception" because "[configuration] and [values] cannot both be provided in the same request."
    And the connector is unchanged

    Examples:
      | body                                                         |
      | {"configuration": {"a": {"label": "A"}}, "values": {"a": 1}} |
      | {"configuration": {}, "values": {}}                          |
      | {"values": {"a": 1}, "configuration": {}}                    |

  @id:connector.configuration.kept @req:connector.configuration.replaces
  Scenario Outline: <call> keeps the configuration
    Given I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": "A", "value": "one", "type": "str", "order": 1}, "b": {"label": "B", "value": {"x": 1, "deep": {"y": 2}}}, "c": {"label": "C"}}}
      """
    And I send GET "/_connector/{connector}"
    And I save the response at "/configuration" as "before"
    When I send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then the response status is 200
    And the connector at "/configuration" equals {before}

    Examples:
      | call          | body                              |
      | _service_type | {"service_type": "other"}         |
      | _status       | {"status": "needs_configuration"} |
      | _error        | {"error": "boom"}                 |
      | _native       | {"is_native": false}              |
