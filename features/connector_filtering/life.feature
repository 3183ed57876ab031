@contract @since:8.18.0
Feature: The life of a filtering
  A draft is written, validated by the connector service, activated, and then what sync jobs get.

  Background:
    Given a connector

  @id:connector.filtering.validation.stored @req:connector.filtering.validation.stored
  Scenario Outline: The validation <value> is stored
    Given I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"rules": [{"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v"}]}
      """
    When I send PUT "/_connector/{connector}/_filtering/_validation" with the body:
      """
      {"validation": <value>}
      """
    Then the response status is 200
    And only these fields of the connector have changed:
      | /filtering/0/draft/validation |
    And the connector at "/filtering/0/draft/validation" is the JSON:
      """
      <value>
      """

    Examples:
      | value                                                                                                          |
      | {"errors": [], "state": "valid"}                                                                               |
      | {"errors": [{"ids": ["r"], "messages": ["bad"]}], "state": "invalid"}                                          |
      | {"errors": [{"ids": ["a", "b"], "messages": ["one", "two"]}, {"ids": [], "messages": []}], "state": "invalid"} |
      | {"errors": [], "state": "invalid"}                                                                             |

  @id:connector.filtering.validation.required @req:connector.filtering.validation.required
  Scenario Outline: A validation without <part> is rejected
    When I send PUT "/_connector/{connector}/_filtering/_validation" with the body:
      """
      {"validation": <value>}
      """
    Then the request is rejected as "x_content_parse_exception" because "[connector_update_filtering_validation] failed to parse field [validation]"
    And the response body contains "Required [<part>]"
    And the connector is unchanged

    Examples:
      | part          | value                                            |
      | state         | {"errors": []}                                   |
      | errors        | {"state": "valid"}                               |
      | errors, state | {}                                               |
      | ids           | {"errors": [{"messages": []}], "state": "valid"} |
      | messages      | {"errors": [{"ids": []}], "state": "valid"}      |

  @id:connector.filtering.validation.state @req:connector.filtering.validation.state
  Scenario Outline: The state <value> is <stored>
    Given I send PUT "/_connector/{connector}/_filtering/_validation" with the body:
      """
      {"validation": {"errors": [], "state": "<before>"}}
      """
    When I send PUT "/_connector/{connector}/_filtering/_validation" with the body:
      """
      {"validation": {"errors": <errors>, "state": "<value>"}}
      """
    Then the response status is 200
    And the connector at "/filtering/0/draft/validation/state" equals "<stored>"

    Examples:
      | before  | value   | stored  | errors                                |
      | invalid | VALID   | valid   | []                                    |
      | valid   | Invalid | invalid | []                                    |
      | valid   | EDITED  | edited  | []                                    |
      | invalid | valid   | valid   | [{"ids": ["r"], "messages": ["bad"]}] |
      | valid   | edited  | edited  | []                                    |

  @id:connector.filtering.validation.state.rejected @req:connector.filtering.validation.state
  Scenario Outline: The state "<value>" is rejected
    When I send PUT "/_connector/{connector}/_filtering/_validation" with the body:
      """
      {"validation": {"errors": [], "state": "<value>"}}
      """
    Then the request is rejected as "x_content_parse_exception" because "failed to parse field [validation]"
    And the response body contains "Unknown FilteringValidationState"
    And the connector is unchanged

    Examples:
      | value    |
      | surprise |
      |          |
      | active   |

  @id:connector.filtering.validation.type @req:connector.filtering.validation.type
  Scenario Outline: A validation may not be <value>
    When I send PUT "/_connector/{connector}/_filtering/_validation" with the body:
      """
      {"validation": <value>}
      """
    Then the request is rejected as "x_content_parse_exception" because "validation"
    And the connector is unchanged

    Examples:
      | value                                                      |
      | 7                                                          |
      | "valid"                                                    |
      | null                                                       |
      | []                                                         |
      | true                                                       |
      | {"errors": [], "state": 7}                                 |
      | {"errors": [], "state": null}                              |
      | {"errors": "x", "state": "valid"}                          |
      | {"errors": null, "state": "valid"}                         |
      | {"errors": [{"ids": 7, "messages": []}], "state": "valid"} |

  @id:connector.filtering.activation.valid @req:connector.filtering.activation.valid
  Scenario Outline: A valid draft of <what> becomes active
    Given I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      <draft>
      """
    And I send PUT "/_connector/{connector}/_filtering/_validation" with the body:
      """
      {"validation": {"errors": [], "state": "valid"}}
      """
    When I send PUT "/_connector/{connector}/_filtering/_activate"
    Then the response status is 200
    And the response at "/result" equals "updated"
    When I send GET "/_connector/{connector}"
    And I save the response at "/filtering/0/draft" as "draft"
    Then the response at "/filtering/0/active" is the JSON:
      """
      {draft}
      """
    And the response at "/filtering/0/active" contains the JSON:
      """
      <draft>
      """

    Examples:
      | what      | draft                                                                                                                    |
      | rules     | {"rules": [{"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v"}]}                  |
      | a snippet | {"advanced_snippet": {"value": {"a": 1}}}                                                                                |
      | both      | {"rules": [{"id": "r", "field": "f", "order": 0, "policy": "exclude", "rule": "equals", "value": "v"}], "advanced_snippet": {"value": {"a": [1]}}} |

  @id:connector.filtering.activation.errors @req:connector.filtering.activation.valid
  Scenario: The errors of a valid draft become active, too
    Given I send PUT "/_connector/{connector}/_filtering/_validation" with the body:
      """
      {"validation": {"errors": [{"ids": ["r"], "messages": ["m"]}], "state": "valid"}}
      """
    When I send PUT "/_connector/{connector}/_filtering/_activate"
    Then the response status is 200
    And only these fields of the connector have changed:
      | /filtering/0/active/validation/errors |
    And the connector at "/filtering/0/active/validation/errors" equals [{"ids": ["r"], "messages": ["m"]}]

  @id:connector.filtering.activation.refused @req:connector.filtering.activation.refused
  Scenario Outline: A draft that is <state> is not activated
    Given I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"rules": [{"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v"}]}
      """
    And I send PUT "/_connector/{connector}/_filtering/_validation" with the body:
      """
      {"validation": {"errors": [], "state": "<state>"}}
      """
    When I send PUT "/_connector/{connector}/_filtering/_activate"
    Then the request is rejected as "status_exception" because "Filtering draft needs to be validated by the connector service before activation. Current filtering draft validation state [<state>] is not equal to [valid]."
    And the connector is unchanged

    Examples:
      | state   |
      | edited  |
      | invalid |

  @id:connector.filtering.activation.refused.new @req:connector.filtering.activation.refused
  Scenario Outline: A draft that was changed is not activated any more: <draft>
    Given I send PUT "/_connector/{connector}/_filtering/_validation" with the body:
      """
      {"validation": {"errors": [], "state": "valid"}}
      """
    And I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      <draft>
      """
    When I send PUT "/_connector/{connector}/_filtering/_activate"
    Then the request is rejected as "status_exception" because "Current filtering draft validation state [edited] is not equal to [valid]."
    And the connector is unchanged

    Examples:
      | draft                               |
      | {"rules": []}                       |
      | {"advanced_snippet": {"value": {}}} |

  @id:connector.filtering.activation.draft-later @req:connector.filtering.activation.valid
  Scenario: A draft after the activation leaves the active filtering as it is
    Given I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"rules": [{"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v"}]}
      """
    And I send PUT "/_connector/{connector}/_filtering/_validation" with the body:
      """
      {"validation": {"errors": [], "state": "valid"}}
      """
    And I send PUT "/_connector/{connector}/_filtering/_activate"
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"rules": []}
      """
    Then the response status is 200
    And the connector at "/filtering/0/active/rules/0/id" equals "r"
    And the connector at "/filtering/0/active/validation/state" equals "valid"
