@contract @since:8.18.0
Feature: A whole filtering

  Background:
    Given a connector

  @id:connector.filtering.whole @req:connector.filtering.whole
  Scenario Outline: A whole filtering is stored as it is given: <case>
    Given I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"rules": [{"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v"}]}
      """
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"filtering": [<element>]}
      """
    Then the response status is 200
    And the connector at "/filtering" has the length 1
    And the connector at "/filtering/0" is the JSON, ignoring "domain":
      """
      <element>
      """
    And only these fields of the connector have changed:
      | /filtering |

    Examples:
      | case              | element                                                                                                                  |
      | without rules     | {"active": {"advanced_snippet": {"created_at": "2023-05-25T12:30:00.000Z", "updated_at": "2023-05-25T12:30:00.000Z", "value": {"x": 1}}, "rules": [], "validation": {"errors": [], "state": "valid"}}, "draft": {"advanced_snippet": {"created_at": "2023-05-25T12:30:00.000Z", "updated_at": "2023-05-25T12:30:00.000Z", "value": {"x": 1}}, "rules": [], "validation": {"errors": [], "state": "valid"}}} |
      | rules in no order | {"active": {"advanced_snippet": {"created_at": "2023-05-25T12:30:00.000Z", "updated_at": "2023-05-25T12:30:00.000Z", "value": {"x": 1}}, "rules": [{"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v", "created_at": "2023-05-25T12:30:00.000Z", "updated_at": "2023-05-25T12:30:00.000Z"}, {"id": "q", "field": "f", "order": -1, "policy": "include", "rule": "equals", "value": "v", "created_at": "2023-05-25T12:30:00.000Z", "updated_at": "2023-05-25T12:30:00.000Z"}], "validation": {"errors": [], "state": "valid"}}, "draft": {"advanced_snippet": {"created_at": "2023-05-25T12:30:00.000Z", "updated_at": "2023-05-25T12:30:00.000Z", "value": {"x": 1}}, "rules": [{"id": "q", "field": "f", "order": -1, "policy": "include", "rule": "equals", "value": "v", "created_at": "2023-05-25T12:30:00.000Z", "updated_at": "2023-05-25T12:30:00.000Z"}], "validation": {"errors": [], "state": "valid"}}} |
      | invalid           | {"active": {"advanced_snippet": {"created_at": "2023-05-25T12:30:00.000Z", "updated_at": "2023-05-25T12:30:00.000Z", "value": {"x": 1}}, "rules": [], "validation": {"errors": [], "state": "valid"}}, "draft": {"advanced_snippet": {"created_at": "2023-05-25T12:30:00.000Z", "updated_at": "2023-05-25T12:30:00.000Z", "value": {"x": 1}}, "rules": [], "validation": {"errors": [{"ids": ["r"], "messages": ["m"]}], "state": "invalid"}}} |

  @id:connector.filtering.whole.several @req:connector.filtering.whole
  Scenario: Several elements are kept
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"filtering": [{"active": {"advanced_snippet": {"created_at": "2023-05-25T12:30:00.000Z", "updated_at": "2023-05-25T12:30:00.000Z", "value": {"x": 1}}, "rules": [], "validation": {"errors": [], "state": "valid"}}, "draft": {"advanced_snippet": {"created_at": "2023-05-25T12:30:00.000Z", "updated_at": "2023-05-25T12:30:00.000Z", "value": {"x": 1}}, "rules": [], "validation": {"errors": [], "state": "valid"}}}, {"active": {"advanced_snippet": {"created_at": "2023-05-25T12:30:00.000Z", "updated_at": "2023-05-25T12:30:00.000Z", "value": {"x": 1}}, "rules": [], "validation": {"errors": [], "state": "valid"}}, "draft": {"advanced_snippet": {"created_at": "2023-05-25T12:30:00.000Z", "updated_at": "2023-05-25T12:30:00.000Z", "value": {"x": 1}}, "rules": [], "validation": {"errors": [], "state": "valid"}}}]}
      """
    Then the response status is 200
    And the connector at "/filtering" has the length 2

  @id:connector.filtering.whole.single @req:connector.filtering.whole.single
  Scenario: A single element is a list of one
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"filtering": {"active": {"advanced_snippet": {"created_at": "2023-05-25T12:30:00.000Z", "updated_at": "2023-05-25T12:30:00.000Z", "value": {"x": 1}}, "rules": [], "validation": {"errors": [], "state": "valid"}}, "draft": {"advanced_snippet": {"created_at": "2023-05-25T12:30:00.000Z", "updated_at": "2023-05-25T12:30:00.000Z", "value": {"x": 1}}, "rules": [], "validation": {"errors": [], "state": "valid"}}}}
      """
    Then the response status is 200
    And the connector at "/filtering" has the length 1
    And the connector at "/filtering/0" is the JSON, ignoring "domain":
      """
      {"active": {"advanced_snippet": {"created_at": "2023-05-25T12:30:00.000Z", "updated_at": "2023-05-25T12:30:00.000Z", "value": {"x": 1}}, "rules": [], "validation": {"errors": [], "state": "valid"}}, "draft": {"advanced_snippet": {"created_at": "2023-05-25T12:30:00.000Z", "updated_at": "2023-05-25T12:30:00.000Z", "value": {"x": 1}}, "rules": [], "validation": {"errors": [], "state": "valid"}}}
      """

  @id:connector.filtering.whole.domain @req:connector.filtering.whole.domain
  Scenario Outline: The domain <domain> becomes DEFAULT
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"filtering": [{<domain>"active": {"advanced_snippet": {"created_at": "2023-05-25T12:30:00.000Z", "updated_at": "2023-05-25T12:30:00.000Z", "value": {"x": 1}}, "rules": [], "validation": {"errors": [], "state": "valid"}}, "draft": {"advanced_snippet": {"created_at": "2023-05-25T12:30:00.000Z", "updated_at": "2023-05-25T12:30:00.000Z", "value": {"x": 1}}, "rules": [], "validation": {"errors": [], "state": "valid"}}}]}
      """
    Then the response status is 200
    And the connector at "/filtering/0/domain" equals "DEFAULT"

    Examples:
      | domain                |
      |                       |
      | "domain": "OTHER",    |
      | "domain": "DEFAULT",  |

  @id:connector.filtering.whole.required @req:connector.filtering.whole.required
  Scenario Outline: A whole filtering without <part> is rejected
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"filtering": [<element>]}
      """
    Then the request is rejected as "x_content_parse_exception" because "failed to parse field [filtering]"
    And the response body contains "Required [<part>]"
    And the connector is unchanged

    Examples:
      | part             | element                                                                                                                  |
      | active           | {"draft": {"advanced_snippet": {"created_at": "2023-05-25T12:30:00.000Z", "updated_at": "2023-05-25T12:30:00.000Z", "value": {"x": 1}}, "rules": [], "validation": {"errors": [], "state": "valid"}}} |
      | draft            | {"active": {"advanced_snippet": {"created_at": "2023-05-25T12:30:00.000Z", "updated_at": "2023-05-25T12:30:00.000Z", "value": {"x": 1}}, "rules": [], "validation": {"errors": [], "state": "valid"}}} |
      | active, draft    | {}                                                                                                                       |
      | rules            | {"active": {"advanced_snippet": {"created_at": "2023-05-25T12:30:00.000Z", "updated_at": "2023-05-25T12:30:00.000Z", "value": {"x": 1}}, "validation": {"errors": [], "state": "valid"}}, "draft": {"advanced_snippet": {"created_at": "2023-05-25T12:30:00.000Z", "updated_at": "2023-05-25T12:30:00.000Z", "value": {"x": 1}}, "rules": [], "validation": {"errors": [], "state": "valid"}}} |
      | advanced_snippet | {"active": {"rules": [], "validation": {"errors": [], "state": "valid"}}, "draft": {"advanced_snippet": {"created_at": "2023-05-25T12:30:00.000Z", "updated_at": "2023-05-25T12:30:00.000Z", "value": {"x": 1}}, "rules": [], "validation": {"errors": [], "state": "valid"}}} |
      | validation       | {"active": {"advanced_snippet": {"created_at": "2023-05-25T12:30:00.000Z", "updated_at": "2023-05-25T12:30:00.000Z", "value": {"x": 1}}, "rules": []}, "draft": {"advanced_snippet": {"created_at": "2023-05-25T12:30:00.000Z", "updated_at": "2023-05-25T12:30:00.000Z", "value": {"x": 1}}, "rules": [], "validation": {"errors": [], "state": "valid"}}} |

  @id:connector.filtering.whole.alone @req:connector.filtering.whole.alone
  Scenario Outline: A whole filtering is rejected together with <part>
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"filtering": [], <part>}
      """
    Then the request is rejected as "action_request_validation_exception" because "If [filtering] is specified, [rules] and [advanced_snippet] should not be present in the request body."
    And the connector is unchanged

    Examples:
      | part                                           |
      | "rules": []                                    |
      | "advanced_snippet": {"value": {}}              |
      | "rules": [], "advanced_snippet": {"value": {}} |

  @id:connector.filtering.whole.empty @req:connector.filtering.whole.empty
  Scenario Outline: Without any filtering <call> is no error of the server
    Given I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"filtering": []}
      """
    When I send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then the response at "/status" does not equal 500

    Examples:
      | call                   | body                                             |
      | _filtering             | {"rules": []}                                    |
      | _filtering             | {"advanced_snippet": {"value": {}}}              |
      | _filtering/_validation | {"validation": {"errors": [], "state": "valid"}} |

  @id:connector.filtering.whole.empty.activate @req:connector.filtering.whole.empty
  Scenario: Without any filtering an activation is no error of the server
    Given I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"filtering": []}
      """
    When I send PUT "/_connector/{connector}/_filtering/_activate"
    Then the response at "/status" does not equal 500
