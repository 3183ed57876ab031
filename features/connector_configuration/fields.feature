@contract @since:8.18.0
Feature: The fields of a configuration

  Background:
    Given a connector

  @id:connector.configuration.stored @req:connector.configuration.stored
  Scenario Outline: <part> is stored as <value>
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": "A", "<part>": <value>}}}
      """
    Then the response status is 200
    And the connector at "/configuration" is the JSON:
      """
      {"a": <stored>}
      """
    And only these fields of the connector have changed:
      | /configuration |
      | /status        |

    Examples:
      | part            | value                                                                                           | stored                                                                                                                   |
      | category        | "c"                                                                                             | {"category": "c", "default_value": null, "label": "A", "required": false, "sensitive": false, "value": null}             |
      | default_value   | "d"                                                                                             | {"default_value": "d", "label": "A", "required": false, "sensitive": false, "value": null}                               |
      | default_value   | 7                                                                                               | {"default_value": 7, "label": "A", "required": false, "sensitive": false, "value": null}                                 |
      | default_value   | true                                                                                            | {"default_value": true, "label": "A", "required": false, "sensitive": false, "value": null}                              |
      | depends_on      | [{"field": "b", "value": "x"}, {"field": "c", "value": 7}, {"field": "d", "value": null}]       | {"default_value": null, "depends_on": [{"field": "b", "value": "x"}, {"field": "c", "value": 7}, {"field": "d", "value": null}], "label": "A", "required": false, "sensitive": false, "value": null} |
      | display         | "textbox"                                                                                       | {"default_value": null, "display": "textbox", "label": "A", "required": false, "sensitive": false, "value": null}        |
      | display         | "text"                                                                                          | {"default_value": null, "display": "text", "label": "A", "required": false, "sensitive": false, "value": null}           |
      | display         | "textarea"                                                                                      | {"default_value": null, "display": "textarea", "label": "A", "required": false, "sensitive": false, "value": null}       |
      | display         | "numeric"                                                                                       | {"default_value": null, "display": "numeric", "label": "A", "required": false, "sensitive": false, "value": null}        |
      | display         | "toggle"                                                                                        | {"default_value": null, "display": "toggle", "label": "A", "required": false, "sensitive": false, "value": null}         |
      | display         | "dropdown"                                                                                      | {"default_value": null, "display": "dropdown", "label": "A", "required": false, "sensitive": false, "value": null}       |
      | options         | [{"label": "One", "value": "one"}, {"label": "Two", "value": 2}]                                | {"default_value": null, "label": "A", "options": [{"label": "One", "value": "one"}, {"label": "Two", "value": 2}], "required": false, "sensitive": false, "value": null} |
      | order           | 3                                                                                               | {"default_value": null, "label": "A", "order": 3, "required": false, "sensitive": false, "value": null}                  |
      | placeholder     | "p"                                                                                             | {"default_value": null, "label": "A", "placeholder": "p", "required": false, "sensitive": false, "value": null}          |
      | required        | true                                                                                            | {"default_value": null, "label": "A", "required": true, "sensitive": false, "value": null}                               |
      | sensitive       | true                                                                                            | {"default_value": null, "label": "A", "required": false, "sensitive": true, "value": null}                               |
      | tooltip         | "t"                                                                                             | {"default_value": null, "label": "A", "required": false, "sensitive": false, "tooltip": "t", "value": null}              |
      | type            | "str"                                                                                           | {"default_value": null, "label": "A", "required": false, "sensitive": false, "type": "str", "value": null}               |
      | type            | "int"                                                                                           | {"default_value": null, "label": "A", "required": false, "sensitive": false, "type": "int", "value": null}               |
      | type            | "list"                                                                                          | {"default_value": null, "label": "A", "required": false, "sensitive": false, "type": "list", "value": null}              |
      | type            | "bool"                                                                                          | {"default_value": null, "label": "A", "required": false, "sensitive": false, "type": "bool", "value": null}              |
      | ui_restrictions | ["advanced", "x"]                                                                               | {"default_value": null, "label": "A", "required": false, "sensitive": false, "ui_restrictions": ["advanced", "x"], "value": null} |
      | validations     | [{"type": "less_than", "constraint": 7}]                                                        | {"default_value": null, "label": "A", "required": false, "sensitive": false, "validations": [{"type": "less_than", "constraint": 7}], "value": null} |
      | validations     | [{"type": "greater_than", "constraint": 0}, {"type": "regex", "constraint": "^a"}]              | {"default_value": null, "label": "A", "required": false, "sensitive": false, "validations": [{"type": "greater_than", "constraint": 0}, {"type": "regex", "constraint": "^a"}], "value": null} |
      | validations     | [{"type": "included_in", "constraint": ["a", "b"]}, {"type": "list_type", "constraint": "str"}] | {"default_value": null, "label": "A", "required": false, "sensitive": false, "validations": [{"type": "included_in", "constraint": ["a", "b"]}, {"type": "list_type", "constraint": "str"}], "value": null} |

  @id:connector.configuration.stored.least @req:connector.configuration.stored
  Scenario Outline: A label is enough
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": "<label>"}}}
      """
    Then the response status is 200
    And the connector at "/configuration/a" is the JSON:
      """
      {"default_value": null, "label": "<label>", "required": false, "sensitive": false, "value": null}
      """

    Examples:
      | label |
      | A     |
      |       |
      | ünï ✓ |

  @id:connector.configuration.stored.several @req:connector.configuration.stored
  Scenario: Several fields are stored
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": "A", "value": "x"}, "b": {"label": "B", "value": 7}, "C d": {"label": " C ", "value": {"deep": [1]}}}}
      """
    Then the response status is 200
    And the connector at "/configuration" has the length 3
    And the connector at "/configuration/C d/value" equals {"deep": [1]}
    And the connector at "/configuration/C d/label" equals " C "

  @id:connector.configuration.value @req:connector.configuration.value
  Scenario Outline: A value may be <value>
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": "A", "value": <value>}}}
      """
    Then the response status is 200
    And the connector at "/configuration/a/value" equals <value>

    Examples:
      | value                   |
      | "text"                  |
      | " text "                |
      | ""                      |
      | 7                       |
      | 7.5                     |
      | 9007199254740993        |
      | true                    |
      | false                   |
      | null                    |
      | {}                      |
      | {"a": [1, {"b": null}]} |

  @id:connector.configuration.value.list @req:connector.configuration.value
  Scenario Outline: A value may not be <value>
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": "A", "value": <value>}}}
      """
    Then the request is rejected as "x_content_parse_exception" because "[connector_update_configuration_request] failed to parse field [configuration]"
    And the connector is unchanged

    Examples:
      | value |
      | []    |
      | ["a"] |

  @id:connector.configuration.label @req:connector.configuration.label
  Scenario Outline: A field without a label is rejected: <value>
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": <value>}}
      """
    Then the request is rejected as "x_content_parse_exception" because "failed to parse field [configuration]"
    And the response body contains "Required [label]"
    And the connector is unchanged

    Examples:
      | value                             |
      | {}                                |
      | {"value": "x"}                    |
      | {"type": "str", "required": true} |

  @id:connector.configuration.null @req:connector.configuration.null
  Scenario Outline: <part> may be null
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": "A", "<part>": null}}}
      """
    Then the response status is 200
    And the connector at "/configuration/a" is the JSON:
      """
      {"default_value": null, "label": "A", "required": false, "sensitive": false, "value": null}
      """

    Examples:
      | part          |
      | default_value |
      | placeholder   |
      | tooltip       |
      | type          |
      | value         |

  @id:connector.configuration.null.rejected @req:connector.configuration.null
  Scenario Outline: <part> may not be null
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": "A", "<part>": null}}}
      """
    Then the request is rejected as "x_content_parse_exception" because "failed to parse field [configuration]"
    And the connector is unchanged

    Examples:
      | part            |
      | category        |
      | depends_on      |
      | display         |
      | options         |
      | order           |
      | required        |
      | sensitive       |
      | ui_restrictions |
      | validations     |

  @id:connector.configuration.null.label @req:connector.configuration.null
  Scenario: label may not be null
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": null}}}
      """
    Then the request is rejected as "x_content_parse_exception" because "failed to parse field [configuration]"
    And the connector is unchanged

  @id:connector.configuration.type @req:connector.configuration.type
  Scenario Outline: <part> may not be <value>
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": "A", "<part>": <value>}}}
      """
    Then the request is rejected as "x_content_parse_exception" because "[connector_update_configuration_request] failed to parse field [configuration]"
    And the response body contains "[connector_configuration] <part>"
    And the connector is unchanged

    Examples:
      | part            | value |
      | category        | 7     |
      | category        | true  |
      | default_value   | []    |
      | default_value   | {}    |
      | depends_on      | 7     |
      | depends_on      | "x"   |
      | display         | 7     |
      | options         | true  |
      | order           | true  |
      | order           | []    |
      | placeholder     | 7     |
      | placeholder     | {}    |
      | required        | 1     |
      | sensitive       | []    |
      | tooltip         | true  |
      | type            | 7     |
      | ui_restrictions | 7     |
      | validations     | "x"   |

  @id:connector.configuration.type.label @req:connector.configuration.type
  Scenario Outline: label may not be <value>
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": <value>}}}
      """
    Then the request is rejected as "x_content_parse_exception" because "failed to parse field [configuration]"
    And the response body contains "label doesn't support values of type: <type>"
    And the connector is unchanged

    Examples:
      | value    | type          |
      | 7        | VALUE_NUMBER  |
      | true     | VALUE_BOOLEAN |
      | ["a"]    | START_ARRAY   |
      | {"a": 1} | START_OBJECT  |

  @id:connector.configuration.type.field @req:connector.configuration.type
  Scenario Outline: A field may not be <value>
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": <value>}}
      """
    Then the request is rejected as "x_content_parse_exception" because "failed to parse field [configuration]"
    And the connector is unchanged

    Examples:
      | value |
      | 7     |
      | "x"   |
      | null  |
      | []    |
      | true  |

  @id:connector.configuration.object @req:connector.configuration.object
  Scenario Outline: The configuration may not be <value>
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": <value>}
      """
    Then the request is rejected as "x_content_parse_exception" because "configuration"
    And the connector is unchanged

    Examples:
      | value |
      | 7     |
      | "x"   |
      | null  |
      | []    |
      | true  |

  @id:connector.configuration.numbers @req:connector.configuration.numbers
  Scenario Outline: order of <value> is stored as <stored>
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": "A", "order": <value>}}}
      """
    Then the response status is 200
    And the connector at "/configuration/a/order" equals <stored>

    Examples:
      | value      | stored     |
      | "7"        | 7          |
      | 7.9        | 7          |
      | -1         | -1         |
      | 0          | 0          |
      | 2147483647 | 2147483647 |

  @id:connector.configuration.numbers.rejected @req:connector.configuration.numbers
  Scenario Outline: order may not be <value>
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": "A", "order": <value>}}}
      """
    Then the request is rejected as "x_content_parse_exception" because "failed to parse field [configuration]"
    And the connector is unchanged

    Examples:
      | value      |
      | "many"     |
      | 2147483648 |
      | ""         |

  @id:connector.configuration.boolean @req:connector.configuration.boolean
  Scenario Outline: <part> may be <value>
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": "A", "<part>": <value>}}}
      """
    Then the response status is 200
    And the connector at "/configuration/a/<part>" equals <stored>

    Examples:
      | part      | value   | stored |
      | required  | "true"  | true   |
      | required  | "false" | false  |
      | required  | ""      | false  |
      | sensitive | "true"  | true   |
      | sensitive | "false" | false  |
      | sensitive | ""      | false  |

  @id:connector.configuration.boolean.rejected @req:connector.configuration.boolean
  Scenario Outline: <part> may not be "<value>"
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": "A", "<part>": "<value>"}}}
      """
    Then the request is rejected as "x_content_parse_exception" because "failed to parse field [configuration]"
    And the response body contains "Failed to parse value [<value>] as only [true] or [false] are allowed."
    And the connector is unchanged

    Examples:
      | part      | value |
      | required  | yes   |
      | required  | TRUE  |
      | sensitive | yes   |
      | sensitive | TRUE  |

  @id:connector.configuration.enums @req:connector.configuration.enums
  Scenario Outline: <part> may not be <value>
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": "A", "<part>": <value>}}}
      """
    Then the request is rejected as "x_content_parse_exception" because "failed to parse field [configuration]"
    And the response body contains "Unknown <kind>"
    And the connector is unchanged

    Examples:
      | part        | value                                   | kind                        |
      | display     | "surprise"                              | ConfigurationDisplayType    |
      | display     | ""                                      | ConfigurationDisplayType    |
      | type        | "surprise"                              | ConfigurationFieldType      |
      | type        | "STR"                                   | ConfigurationFieldType      |
      | type        | "string"                                | ConfigurationFieldType      |
      | validations | [{"type": "surprise", "constraint": 1}] | ConfigurationValidationType |

  @id:connector.configuration.enums.case @req:connector.configuration.enums
  Scenario Outline: <part> may be <value>
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": "A", "<part>": <value>}}}
      """
    Then the response status is 200
    And the connector at "/configuration/a/<part>" equals <stored>

    Examples:
      | part        | value                                    | stored                                   |
      | display     | "TextBox"                                | "textbox"                                |
      | display     | "DROPDOWN"                               | "dropdown"                               |
      | validations | [{"type": "LESS_THAN", "constraint": 1}] | [{"type": "less_than", "constraint": 1}] |
      | validations | [{"type": "Regex", "constraint": "a"}]   | [{"type": "regex", "constraint": "a"}]   |

  @id:connector.configuration.lists @req:connector.configuration.lists
  Scenario Outline: A single one of <part> is a list of one
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": "A", "<part>": <value>}}}
      """
    Then the response status is 200
    And the connector at "/configuration/a/<part>" equals [<value>]

    Examples:
      | part        | value                                |
      | depends_on  | {"field": "b", "value": "x"}         |
      | options     | {"label": "One", "value": 1}         |
      | validations | {"type": "regex", "constraint": "a"} |

  @id:connector.configuration.lists.empty @req:connector.configuration.lists
  Scenario Outline: <part> may be empty
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": "A", "<part>": []}}}
      """
    Then the response status is 200
    And the connector at "/configuration/a/<part>" equals []

    Examples:
      | part            |
      | depends_on      |
      | options         |
      | validations     |
      | ui_restrictions |

  @id:connector.configuration.required-inside @req:connector.configuration.required-inside
  Scenario Outline: One of <part> may not be without <missing>
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": "A", "<part>": [<value>]}}}
      """
    Then the request is rejected as "x_content_parse_exception" because "failed to parse field [configuration]"
    And the response body contains "Required [<missing>]"
    And the connector is unchanged

    Examples:
      | part        | missing          | value             |
      | depends_on  | field            | {"value": "x"}    |
      | depends_on  | value            | {"field": "b"}    |
      | options     | label            | {"value": 1}      |
      | options     | value            | {"label": "One"}  |
      | validations | type             | {"constraint": 1} |
      | validations | constraint       | {"type": "regex"} |
      | depends_on  | field, value     | {}                |
      | options     | label, value     | {}                |
      | validations | constraint, type | {}                |

  @id:connector.configuration.unknown-field @req:connector.configuration.unknown-field
  Scenario Outline: What nobody knows of <where> is dropped
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": <value>}}
      """
    Then the response status is 200
    And the connector at "/configuration/a" is the JSON:
      """
      <stored>
      """

    Examples:
      | where        | value                                                                                | stored                                                                                                                   |
      | a field      | {"label": "A", "surprise": 1}                                                        | {"default_value": null, "label": "A", "required": false, "sensitive": false, "value": null}                              |
      | a dependency | {"label": "A", "depends_on": [{"field": "b", "value": 1, "surprise": 1}]}            | {"default_value": null, "depends_on": [{"field": "b", "value": 1}], "label": "A", "required": false, "sensitive": false, "value": null} |
      | an option    | {"label": "A", "options": [{"label": "B", "value": 1, "surprise": 1}]}               | {"default_value": null, "label": "A", "options": [{"label": "B", "value": 1}], "required": false, "sensitive": false, "value": null} |
      | a validation | {"label": "A", "validations": [{"type": "regex", "constraint": "a", "surprise": 1}]} | {"default_value": null, "label": "A", "required": false, "sensitive": false, "validations": [{"type": "regex", "constraint": "a"}], "value": null} |

  @id:connector.configuration.not-evaluated @req:connector.configuration.not-evaluated
  Scenario Outline: A value is stored that <case>
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": <value>}}
      """
    Then the response status is 200
    And the connector at "/configuration/a" contains the JSON:
      """
      <value>
      """

    Examples:
      | case                             | value                                                                               |
      | is not of its type               | {"label": "A", "type": "int", "value": "text"}                                      |
      | is none of its options           | {"label": "A", "options": [{"label": "One", "value": "one"}], "value": "two"}       |
      | meets no validation              | {"label": "A", "validations": [{"type": "less_than", "constraint": 7}], "value": 8} |
      | is missing though it is required | {"label": "A", "required": true, "value": null}                                     |
      | depends on nothing               | {"label": "A", "depends_on": [{"field": "no such field", "value": 1}], "value": 1}  |

  @id:connector.configuration.empty-name @req:connector.configuration.empty-name
  Scenario: A field without a name is rejected
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"": {"label": "A"}}}
      """
    Then the request is rejected as "document_parsing_exception"
    And the connector is unchanged
