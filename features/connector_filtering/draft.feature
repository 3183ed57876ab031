@contract @since:8.18.0
Feature: The draft of a filtering

  Background:
    Given a connector

  @id:connector.filtering.rules @req:connector.filtering.rules
  Scenario Outline: Rules change the draft alone: <rules>
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"rules": [<rules>]}
      """
    Then the response status is 200
    And only these fields of the connector have changed:
      | /filtering/0/draft/rules            |
      | /filtering/0/draft/validation/state |
    And the connector at "/filtering/0/draft/rules/0" contains the JSON:
      """
      <rules>
      """
    And the connector at "/filtering/0/draft/rules" has the length 2
    And the connector at "/filtering/0/draft/validation" equals {"errors": [], "state": "edited"}

    Examples:
      | rules                                                                                              |
      | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v"}         |
      | {"id": "one", "field": "title", "order": 0, "policy": "exclude", "rule": "regex", "value": "^a.*"} |
      | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": ""}          |
      | {"id": "ünï ✓", "field": "", "order": 0, "policy": "include", "rule": "equals", "value": "v"}      |
      | {"id": " R ", "field": " F ", "order": 0, "policy": "include", "rule": "equals", "value": " V "}   |

  @id:connector.filtering.rules.conditions @req:connector.filtering.rules
  Scenario Outline: The condition <rule>
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"rules": [{"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "<rule>", "value": "v"}]}
      """
    Then the response status is 200
    And the connector at "/filtering/0/draft/rules/0/rule" equals "<rule>"

    Examples:
      | rule        |
      | contains    |
      | ends_with   |
      | equals      |
      | >           |
      | <           |
      | regex       |
      | starts_with |

  @id:connector.filtering.rules.several @req:connector.filtering.rules
  Scenario Outline: <case> are stored, every one of them
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"rules": [<rule>, <rule>, <rule>, <rule>, <rule>, <rule>, <rule>, <rule>, <rule>, <rule>, <rule>]}
      """
    Then the response status is 200
    And the connector at "/filtering/0/draft/rules" has the length 12
    And the connector at "/filtering/0/draft/rules/10/id" equals "r"

    Examples:
      | case                      | rule                                                                                      |
      | Eleven rules with one id  | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v"} |

  @id:connector.filtering.rules.snippet-kept @req:connector.filtering.rules
  Scenario: Rules leave the snippet as it is
    Given I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"advanced_snippet": {"value": {"a": 1}}}
      """
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"rules": [{"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v"}]}
      """
    Then the response status is 200
    And only these fields of the connector have changed:
      | /filtering/0/draft/rules |

  @id:connector.filtering.rules.none @req:connector.filtering.default-rule
  Scenario: No rules leave the default rule
    Given I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"rules": [{"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v"}]}
      """
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"rules": []}
      """
    Then the response status is 200
    And the connector at "/filtering/0/draft/rules" has the length 1
    And the connector at "/filtering/0/draft/rules/0/id" equals "DEFAULT"
    And the connector at "/filtering/0/draft/rules/0/order" equals 0

  @id:connector.filtering.snippet @req:connector.filtering.snippet
  Scenario Outline: A snippet changes the draft alone: <value>
    Given I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"rules": [{"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v"}]}
      """
    And I send PUT "/_connector/{connector}/_filtering/_validation" with the body:
      """
      {"validation": {"errors": [{"ids": ["r"], "messages": ["m"]}], "state": "invalid"}}
      """
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"advanced_snippet": {"created_at": "2023-05-25T12:30:00.000Z", "updated_at": "2023-05-25T12:31:00.000Z", "value": <value>}}
      """
    Then the response status is 200
    And only these fields of the connector have changed:
      | /filtering/0/draft/advanced_snippet |
      | /filtering/0/draft/validation       |
    And the connector at "/filtering/0/draft/advanced_snippet/value" equals <value>
    And the connector at "/filtering/0/draft/validation" equals {"errors": [], "state": "edited"}

    Examples:
      | value                                                |
      | {"a": 1}                                             |
      | {"tables": ["x", "y"], "query": {"deep": [1, null]}} |
      | [{"a": 1}, {"b": 2}]                                 |
      | [{"x": []}]                                          |

  @id:connector.filtering.edited @req:connector.filtering.edited
  Scenario Outline: A draft with new <what> is edited, without the errors of the one before
    Given I send PUT "/_connector/{connector}/_filtering/_validation" with the body:
      """
      {"validation": {"errors": [{"ids": ["r"], "messages": ["m"]}], "state": "invalid"}}
      """
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      <body>
      """
    Then the response status is 200
    And the connector at "/filtering/0/draft/validation" equals {"errors": [], "state": "edited"}

    Examples:
      | what              | body                                                                                                    |
      | rules             | {"rules": [{"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v"}]} |
      | rules, none       | {"rules": []}                                                                                           |
      | snippet           | {"advanced_snippet": {"value": {}}}                                                                     |
      | rules and snippet | {"rules": [], "advanced_snippet": {"value": {"a": 1}}}                                                  |

  @id:connector.filtering.both @req:connector.filtering.rules
  Scenario: Rules and a snippet together
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"rules": [{"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v"}], "advanced_snippet": {"value": {"a": 1}}}
      """
    Then the response status is 200
    And only these fields of the connector have changed:
      | /filtering/0/draft/rules            |
      | /filtering/0/draft/advanced_snippet |
      | /filtering/0/draft/validation/state |

  @id:connector.filtering.order @req:connector.filtering.order
  Scenario Outline: Orders <orders> are sorted
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"rules": [<rules>]}
      """
    Then the response status is 200
    And the connector at "/filtering/0/draft/rules" is the JSON, ignoring "field, policy, rule, value, created_at, updated_at":
      """
      <sorted>
      """

    Examples:
      | orders   | rules                                                                                                                    | sorted                                                                                                      |
      | 2, 1     | {"id": "a", "field": "f", "order": 2, "policy": "include", "rule": "equals", "value": "v"}, {"id": "b", "field": "f", "order": 1, "policy": "include", "rule": "equals", "value": "v"} | [{"id": "b", "order": 1}, {"id": "a", "order": 2}, {"id": "DEFAULT", "order": 3}]                           |
      | 1, 1, 0  | {"id": "a", "field": "f", "order": 1, "policy": "include", "rule": "equals", "value": "v"}, {"id": "b", "field": "f", "order": 1, "policy": "include", "rule": "equals", "value": "v"}, {"id": "c", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v"} | [{"id": "c", "order": 0}, {"id": "a", "order": 1}, {"id": "b", "order": 1}, {"id": "DEFAULT", "order": 2}]  |
      | 5, -3, 0 | {"id": "a", "field": "f", "order": 5, "policy": "include", "rule": "equals", "value": "v"}, {"id": "b", "field": "f", "order": -3, "policy": "include", "rule": "equals", "value": "v"}, {"id": "c", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v"} | [{"id": "b", "order": -3}, {"id": "c", "order": 0}, {"id": "a", "order": 5}, {"id": "DEFAULT", "order": 6}] |
      | 10       | {"id": "a", "field": "f", "order": 10, "policy": "include", "rule": "equals", "value": "v"}                              | [{"id": "a", "order": 10}, {"id": "DEFAULT", "order": 11}]                                                  |
      | 0, 0     | {"id": "z", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v"}, {"id": "a", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v"} | [{"id": "z", "order": 0}, {"id": "a", "order": 0}, {"id": "DEFAULT", "order": 1}]                           |

  @id:connector.filtering.default-rule @req:connector.filtering.default-rule
  Scenario Outline: A default rule <where> comes last
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"rules": [<rules>]}
      """
    Then the response status is 200
    And the connector at "/filtering/0/draft/rules" is the JSON, ignoring "created_at, updated_at":
      """
      [{"id": "r", "order": 4, "field": "f", "policy": "include", "rule": "equals", "value": "v"},
       {"id": "DEFAULT", "order": 5, "field": "_", "policy": "include", "rule": "regex", "value": ".*"}]
      """

    Examples:
      | where             | rules                                                                                                                    |
      | before            | {"id": "DEFAULT", "field": "_", "order": 0, "policy": "include", "rule": "regex", "value": ".*"}, {"id": "r", "field": "f", "order": 4, "policy": "include", "rule": "equals", "value": "v"} |
      | after             | {"id": "r", "field": "f", "order": 4, "policy": "include", "rule": "equals", "value": "v"}, {"id": "DEFAULT", "field": "_", "order": 9, "policy": "include", "rule": "regex", "value": ".*"} |
      | of the same order | {"id": "DEFAULT", "field": "_", "order": 4, "policy": "include", "rule": "regex", "value": ".*"}, {"id": "r", "field": "f", "order": 4, "policy": "include", "rule": "equals", "value": "v"} |
      | twice             | {"id": "DEFAULT", "field": "_", "order": 1, "policy": "include", "rule": "regex", "value": ".*"}, {"id": "r", "field": "f", "order": 4, "policy": "include", "rule": "equals", "value": "v"}, {"id": "DEFAULT", "field": "_", "order": 2, "policy": "include", "rule": "regex", "value": ".*"} |
      | that nobody gave  | {"id": "r", "field": "f", "order": 4, "policy": "include", "rule": "equals", "value": "v"}                               |

  @id:connector.filtering.default-rule.kept @req:connector.filtering.default-rule.kept
  Scenario: A default rule keeps when it was created
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"rules": [{"id": "DEFAULT", "field": "_", "order": 0, "policy": "include", "rule": "regex", "value": ".*", "created_at": "2023-05-25T12:30:00.000Z", "updated_at": "2023-05-26T12:30:00.000Z"}]}
      """
    Then the response status is 200
    And the connector at "/filtering/0/draft/rules/0/created_at" equals "2023-05-25T12:30:00.000Z"
    And the connector at "/filtering/0/draft/rules/0/updated_at" equals "2023-05-25T12:30:00.000Z"

  @id:connector.filtering.default-rule.other @req:connector.filtering.default-rule.other
  Scenario Outline: A default rule with another <part> is none
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"rules": [<rule>]}
      """
    Then the response status is 200
    And the connector at "/filtering/0/draft/rules" has the length 2
    And the connector at "/filtering/0/draft/rules/0/<part>" equals "<value>"
    And the connector at "/filtering/0/draft/rules/1/id" equals "DEFAULT"

    Examples:
      | part   | value   | rule                                                                                              |
      | id     | default | {"id": "default", "field": "_", "order": 0, "policy": "include", "rule": "regex", "value": ".*"}  |
      | field  | x       | {"id": "DEFAULT", "field": "x", "order": 0, "policy": "include", "rule": "regex", "value": ".*"}  |
      | policy | exclude | {"id": "DEFAULT", "field": "_", "order": 0, "policy": "exclude", "rule": "regex", "value": ".*"}  |
      | rule   | equals  | {"id": "DEFAULT", "field": "_", "order": 0, "policy": "include", "rule": "equals", "value": ".*"} |
      | value  | .+      | {"id": "DEFAULT", "field": "_", "order": 0, "policy": "include", "rule": "regex", "value": ".+"}  |

  @id:connector.filtering.rule.required @req:connector.filtering.rule.required
  Scenario Outline: A rule without <part> is rejected
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"rules": [<rules>]}
      """
    Then the request is rejected as "x_content_parse_exception" because "[connector_update_filtering_request] failed to parse field [rules]"
    And the response body contains "Required [<part>]"
    And the connector is unchanged

    Examples:
      | part                                  | rules                                                                           |
      | id                                    | {"field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v"} |
      | field                                 | {"id": "r", "order": 0, "policy": "include", "rule": "equals", "value": "v"}    |
      | order                                 | {"id": "r", "field": "f", "policy": "include", "rule": "equals", "value": "v"}  |
      | policy                                | {"id": "r", "field": "f", "order": 0, "rule": "equals", "value": "v"}           |
      | rule                                  | {"id": "r", "field": "f", "order": 0, "policy": "include", "value": "v"}        |
      | value                                 | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals"}    |
      | field, id, order, policy, rule, value | {}                                                                              |

  @id:connector.filtering.rule.type @req:connector.filtering.rule.type
  Scenario Outline: <part> of a rule may not be <value>
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"rules": [<rules>]}
      """
    Then the request is rejected as "x_content_parse_exception" because "[connector_update_filtering_request] failed to parse field [rules]"
    And the response body contains "[connector_filtering_rule] <part> doesn't support values of type: <type>"
    And the connector is unchanged

    Examples:
      | part       | value | type          | rules                                                                                                          |
      | id         | 7     | VALUE_NUMBER  | {"id": 7, "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v"}                       |
      | id         | true  | VALUE_BOOLEAN | {"id": true, "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v"}                    |
      | id         | null  | VALUE_NULL    | {"id": null, "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v"}                    |
      | id         | []    | START_ARRAY   | {"id": [], "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v"}                      |
      | field      | 7     | VALUE_NUMBER  | {"id": "r", "field": 7, "order": 0, "policy": "include", "rule": "equals", "value": "v"}                       |
      | field      | true  | VALUE_BOOLEAN | {"id": "r", "field": true, "order": 0, "policy": "include", "rule": "equals", "value": "v"}                    |
      | field      | null  | VALUE_NULL    | {"id": "r", "field": null, "order": 0, "policy": "include", "rule": "equals", "value": "v"}                    |
      | field      | []    | START_ARRAY   | {"id": "r", "field": [], "order": 0, "policy": "include", "rule": "equals", "value": "v"}                      |
      | policy     | 7     | VALUE_NUMBER  | {"id": "r", "field": "f", "order": 0, "policy": 7, "rule": "equals", "value": "v"}                             |
      | policy     | true  | VALUE_BOOLEAN | {"id": "r", "field": "f", "order": 0, "policy": true, "rule": "equals", "value": "v"}                          |
      | policy     | null  | VALUE_NULL    | {"id": "r", "field": "f", "order": 0, "policy": null, "rule": "equals", "value": "v"}                          |
      | policy     | []    | START_ARRAY   | {"id": "r", "field": "f", "order": 0, "policy": [], "rule": "equals", "value": "v"}                            |
      | rule       | 7     | VALUE_NUMBER  | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": 7, "value": "v"}                            |
      | rule       | true  | VALUE_BOOLEAN | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": true, "value": "v"}                         |
      | rule       | null  | VALUE_NULL    | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": null, "value": "v"}                         |
      | rule       | []    | START_ARRAY   | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": [], "value": "v"}                           |
      | value      | 7     | VALUE_NUMBER  | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": 7}                       |
      | value      | true  | VALUE_BOOLEAN | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": true}                    |
      | value      | null  | VALUE_NULL    | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": null}                    |
      | value      | []    | START_ARRAY   | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": []}                      |
      | created_at | 7     | VALUE_NUMBER  | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v", "created_at": 7}    |
      | created_at | true  | VALUE_BOOLEAN | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v", "created_at": true} |
      | created_at | null  | VALUE_NULL    | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v", "created_at": null} |
      | created_at | []    | START_ARRAY   | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v", "created_at": []}   |
      | updated_at | 7     | VALUE_NUMBER  | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v", "updated_at": 7}    |
      | updated_at | true  | VALUE_BOOLEAN | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v", "updated_at": true} |
      | updated_at | null  | VALUE_NULL    | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v", "updated_at": null} |
      | updated_at | []    | START_ARRAY   | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v", "updated_at": []}   |
      | order      | true  | VALUE_BOOLEAN | {"id": "r", "field": "f", "order": true, "policy": "include", "rule": "equals", "value": "v"}                  |
      | order      | null  | VALUE_NULL    | {"id": "r", "field": "f", "order": null, "policy": "include", "rule": "equals", "value": "v"}                  |
      | order      | []    | START_ARRAY   | {"id": "r", "field": "f", "order": [], "policy": "include", "rule": "equals", "value": "v"}                    |

  @id:connector.filtering.rule.enums @req:connector.filtering.rule.enums
  Scenario Outline: <part> of a rule may not be "<value>"
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"rules": [<rules>]}
      """
    Then the request is rejected as "x_content_parse_exception" because "failed to parse field [rules]"
    And the response body contains "Unknown <kind>"
    And the connector is unchanged

    Examples:
      | part   | value    | kind                   | rules                                                                                        |
      | policy | surprise | FilteringPolicy        | {"id": "r", "field": "f", "order": 0, "policy": "surprise", "rule": "equals", "value": "v"}  |
      | policy |          | FilteringPolicy        | {"id": "r", "field": "f", "order": 0, "policy": "", "rule": "equals", "value": "v"}          |
      | rule   | EQUALS   | FilteringRuleCondition | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "EQUALS", "value": "v"}   |
      | rule   | surprise | FilteringRuleCondition | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "surprise", "value": "v"} |
      | rule   | >=       | FilteringRuleCondition | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": ">=", "value": "v"}       |
      | rule   |          | FilteringRuleCondition | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "", "value": "v"}         |

  @id:connector.filtering.rule.enums.case @req:connector.filtering.rule.enums
  Scenario Outline: The policy <value> is <stored>
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"rules": [<rules>]}
      """
    Then the response status is 200
    And the connector at "/filtering/0/draft/rules/0/policy" equals "<stored>"

    Examples:
      | value   | stored  | rules                                                                                      |
      | INCLUDE | include | {"id": "r", "field": "f", "order": 0, "policy": "INCLUDE", "rule": "equals", "value": "v"} |
      | Exclude | exclude | {"id": "r", "field": "f", "order": 0, "policy": "Exclude", "rule": "equals", "value": "v"} |

  @id:connector.filtering.rule.order @req:connector.filtering.rule.order
  Scenario Outline: The order <value> is stored as <stored>
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"rules": [<rules>]}
      """
    Then the response status is 200
    And the connector at "/filtering/0/draft/rules/0/order" equals <stored>

    Examples:
      | value  | stored | rules                                                                                           |
      | "7"    | 7      | {"id": "r", "field": "f", "order": "7", "policy": "include", "rule": "equals", "value": "v"}    |
      | 7.9    | 7      | {"id": "r", "field": "f", "order": 7.9, "policy": "include", "rule": "equals", "value": "v"}    |
      | 32766  | 32766  | {"id": "r", "field": "f", "order": 32766, "policy": "include", "rule": "equals", "value": "v"}  |
      | -32768 | -32768 | {"id": "r", "field": "f", "order": -32768, "policy": "include", "rule": "equals", "value": "v"} |

  @id:connector.filtering.rule.order.rejected @req:connector.filtering.rule.order
  Scenario Outline: The order <value> is rejected as <type>
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"rules": [<rules>]}
      """
    Then the request is rejected as "<type>"
    And the connector is unchanged

    Examples:
      | value      | type                       | rules                                                                                               |
      | "many"     | x_content_parse_exception  | {"id": "r", "field": "f", "order": "many", "policy": "include", "rule": "equals", "value": "v"}     |
      | 2147483648 | x_content_parse_exception  | {"id": "r", "field": "f", "order": 2147483648, "policy": "include", "rule": "equals", "value": "v"} |
      | 32767      | document_parsing_exception | {"id": "r", "field": "f", "order": 32767, "policy": "include", "rule": "equals", "value": "v"}      |
      | 32768      | document_parsing_exception | {"id": "r", "field": "f", "order": 32768, "policy": "include", "rule": "equals", "value": "v"}      |
      | -32769     | document_parsing_exception | {"id": "r", "field": "f", "order": -32769, "policy": "include", "rule": "equals", "value": "v"}     |

  @id:connector.filtering.rule.times @req:connector.filtering.rule.times
  Scenario Outline: <part> of a rule is stored as <stored>
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"rules": [<rules>]}
      """
    Then the response status is 200
    And the connector at "/filtering/0/draft/rules/0/<part>" equals "<stored>"

    Examples:
      | part       | value                     | stored                   | rules                                                                                                                    |
      | created_at | 2023-05-25T12:30:00Z      | 2023-05-25T12:30:00.000Z | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v", "created_at": "2023-05-25T12:30:00Z"} |
      | created_at | 2023-05-25T14:30:00+02:00 | 2023-05-25T12:30:00.000Z | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v", "created_at": "2023-05-25T14:30:00+02:00"} |
      | created_at | 1685017800000             | 2023-05-25T12:30:00.000Z | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v", "created_at": "1685017800000"} |
      | updated_at | 2023-05-25T12:30:00Z      | 2023-05-25T12:30:00.000Z | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v", "updated_at": "2023-05-25T12:30:00Z"} |
      | updated_at | 2023-05-25T14:30:00+02:00 | 2023-05-25T12:30:00.000Z | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v", "updated_at": "2023-05-25T14:30:00+02:00"} |
      | updated_at | 1685017800000             | 2023-05-25T12:30:00.000Z | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v", "updated_at": "1685017800000"} |

  @id:connector.filtering.rule.times.rejected @req:connector.filtering.rule.times
  Scenario Outline: <part> of a rule may not be "<value>"
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"rules": [<rules>]}
      """
    Then the request is rejected as "x_content_parse_exception" because "failed to parse field [rules]"
    And the connector is unchanged

    Examples:
      | part       | value     | rules                                                                                                                 |
      | created_at |           | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v", "created_at": ""}          |
      | created_at | yesterday | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v", "created_at": "yesterday"} |
      | updated_at |           | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v", "updated_at": ""}          |
      | updated_at | yesterday | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v", "updated_at": "yesterday"} |

  @id:connector.filtering.rule.times.snippet @req:connector.filtering.rule.times
  Scenario: The times of a snippet are stored as they are given
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"advanced_snippet": {"created_at": "2023-05-25T12:30:00Z", "updated_at": "2023-05-25T14:31:00+02:00", "value": {}}}
      """
    Then the response status is 200
    And the connector at "/filtering/0/draft/advanced_snippet/created_at" equals "2023-05-25T12:30:00.000Z"
    And the connector at "/filtering/0/draft/advanced_snippet/updated_at" equals "2023-05-25T12:31:00.000Z"

  @id:connector.filtering.rule.times.default @req:connector.filtering.rule.times
  Scenario: Times that nobody gave are those of the update
    Given 5 milliseconds pass
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"rules": [{"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v"}], "advanced_snippet": {"value": {}}}
      """
    Then the response status is 200
    And only these fields of the connector have changed:
      | /filtering/0/draft/advanced_snippet/created_at |
      | /filtering/0/draft/advanced_snippet/updated_at |
      | /filtering/0/draft/rules                       |
      | /filtering/0/draft/validation/state            |
    And the connector at "/filtering/0/draft/rules/0/created_at" equals "<time>"
    And the connector at "/filtering/0/draft/rules/0/updated_at" equals "<time>"

  @id:connector.filtering.rule.unknown-field @req:connector.filtering.rule.unknown-field
  Scenario Outline: What nobody knows of a rule is dropped
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"rules": [<rules>]}
      """
    Then the response status is 200
    And the connector at "/filtering/0/draft/rules/0/surprise" is absent
    And the connector at "/filtering/0/draft/rules/0" has the length 8

    Examples:
      | rules                                                                                                                 |
      | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v", "surprise": 1}             |
      | {"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v", "surprise": {"deep": [1]}} |

  @id:connector.filtering.snippet.value @req:connector.filtering.snippet.value
  Scenario Outline: A snippet may not be <value>
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"advanced_snippet": <value>}
      """
    Then the request is rejected as "x_content_parse_exception" because "advanced_snippet"
    And the connector is unchanged

    Examples:
      | value                                  |
      | {}                                     |
      | {"value": 7}                           |
      | {"value": "x"}                         |
      | {"value": null}                        |
      | {"value": true}                        |
      | {"created_at": "2023-05-25T12:30:00Z"} |

  @id:connector.filtering.snippet.value.scalars @req:connector.filtering.snippet.value
  Scenario Outline: A snippet may not be a list of <value>
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"advanced_snippet": {"value": [<value>]}}
      """
    Then the request is rejected as "document_parsing_exception, x_content_parse_exception"
    And the connector is unchanged

    Examples:
      | value |
      | "x"   |
      | 1     |
      | true  |

  @id:connector.filtering.type @req:connector.filtering.type
  Scenario Outline: <part> may not be <value>
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"<part>": <value>}
      """
    Then the request is rejected as "x_content_parse_exception" because "<part>"
    And the connector is unchanged

    Examples:
      | part             | value |
      | rules            | 7     |
      | rules            | "x"   |
      | rules            | null  |
      | rules            | true  |
      | advanced_snippet | 7     |
      | advanced_snippet | "x"   |
      | advanced_snippet | null  |
      | advanced_snippet | true  |
      | filtering        | 7     |
      | filtering        | "x"   |
      | filtering        | null  |
      | filtering        | true  |
      | rules            | ["a"] |
      | filtering        | ["a"] |
      | advanced_snippet | []    |
