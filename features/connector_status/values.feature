@contract @since:8.18.0
Feature: Values of the status

  Background:
    Given a connector

  @id:connector.status.unknown @req:connector.status.unknown
  Scenario Outline: <value> is no status
    When I send PUT "/_connector/{connector}/_status" with the body:
      """
      {"status": "<value>"}
      """
    Then the request is rejected as "x_content_parse_exception" because "[connector_update_status_request] failed to parse field [status]"
    And the response at "/error/caused_by/reason" equals "Unknown ConnectorStatus [<value>]."
    And the connector is unchanged

    Examples:
      | value               |
      | pending             |
      | surprise            |
      | needs-configuration |
      |                     |

  @id:connector.status.case @req:connector.status.case
  Scenario Outline: <value> is <stored>
    When I send PUT "/_connector/{connector}/_status" with the body:
      """
      {"status": "<value>"}
      """
    Then the response status is 200
    And the connector at "/status" equals "<stored>"

    Examples:
      | value               | stored              |
      | ERROR               | error               |
      | Error               | error               |
      | Needs_Configuration | needs_configuration |
      | NEEDS_CONFIGURATION | needs_configuration |

  @id:connector.status.type @req:connector.status.type
  Scenario Outline: <value> is no status
    When I send PUT "/_connector/{connector}/_status" with the body:
      """
      {"status": <value>}
      """
    Then the request is rejected as "x_content_parse_exception" because "[connector_update_status_request] status doesn't support values of type: <type>"
    And the connector is unchanged

    Examples:
      | value    | type          |
      | null     | VALUE_NULL    |
      | 7        | VALUE_NUMBER  |
      | true     | VALUE_BOOLEAN |
      | ["a"]    | START_ARRAY   |
      | {"a": 1} | START_OBJECT  |

  @id:connector.status.error-kept @req:connector.status.error-kept
  Scenario Outline: The error stays when the status becomes <status>
    Given I send PUT "/_connector/{connector}/_error" with the body:
      """
      {"error": "boom"}
      """
    When I send PUT "/_connector/{connector}/_status" with the body:
      """
      {"status": "<status>"}
      """
    Then the response status is 200
    And the connector at "/error" equals "boom"
    And only these fields of the connector have changed:
      | /status |

    Examples:
      | status     |
      | connected  |
      | configured |

  @id:connector.status.error-not-made @req:connector.status.error-kept
  Scenario: The status error makes no error
    When I send PUT "/_connector/{connector}/_status" with the body:
      """
      {"status": "error"}
      """
    Then the response status is 200
    And the connector at "/error" is absent
