@contract @since:8.18.0
Feature: The service type of a connector

  Background:
    Given a connector

  @id:connector.service-type.stored @req:connector.service-type.stored
  Scenario Outline: The service type may be <value>
    When I send PUT "/_connector/{connector}/_service_type" with the body:
      """
      {"service_type": <value>}
      """
    Then the response status is 200
    And the connector at "/service_type" equals <value>
    And only these fields of the connector have changed:
      | /service_type |

    Examples:
      | value                    |
      | "sharepoint_online"      |
      | "S"                      |
      | "with blanks / and more" |
      | "ünï ✓"                  |
      | " "                      |

  @id:connector.service-type.first @req:connector.service-type.stored
  Scenario: A first service type is stored
    Given a connector created with:
      """
      {}
      """
    When I send PUT "/_connector/{connector}/_service_type" with the body:
      """
      {"service_type": "s"}
      """
    Then the response status is 200
    And only these fields of the connector have changed:
      | /service_type |

  @id:connector.service-type.empty @req:connector.service-type.empty
  Scenario: An empty service type is rejected
    When I send PUT "/_connector/{connector}/_service_type" with the body:
      """
      {"service_type": ""}
      """
    Then the request is rejected as "action_request_validation_exception" because "[service_type] cannot be [null] or ["
    And the connector is unchanged

  @id:connector.service-type.type @req:connector.service-type.type
  Scenario Outline: The service type may not be <value>
    When I send PUT "/_connector/{connector}/_service_type" with the body:
      """
      {"service_type": <value>}
      """
    Then the request is rejected as "x_content_parse_exception" because "[connector_update_service_type_request] service_type doesn't support values of type: <type>"
    And the connector is unchanged

    Examples:
      | value    | type          |
      | null     | VALUE_NULL    |
      | 7        | VALUE_NUMBER  |
      | true     | VALUE_BOOLEAN |
      | ["a"]    | START_ARRAY   |
      | {"a": 1} | START_OBJECT  |

  @id:connector.service-type.status @req:connector.service-type.status
  Scenario Outline: A connector that is <from> is <to> after <case> service type
    Given a connector in the state "<from>"
    And the connector at "/status" equals "<from>"
    When I send PUT "/_connector/{connector}/_service_type" with the body:
      """
      {"service_type": "<type>"}
      """
    Then the response status is 200
    And the connector at "/status" equals "<to>"
    And the connector at "/service_type" equals "<type>"

    Examples:
      | from                | case     | type      | to                  |
      | created             | another  | other     | created             |
      | created             | the same | esconform | created             |
      | needs_configuration | another  | other     | needs_configuration |
      | needs_configuration | the same | esconform | needs_configuration |
      | configured          | another  | other     | needs_configuration |
      | configured          | the same | esconform | needs_configuration |
      | connected           | another  | other     | needs_configuration |
      | connected           | the same | esconform | needs_configuration |
      | error               | another  | other     | needs_configuration |
      | error               | the same | esconform | needs_configuration |
