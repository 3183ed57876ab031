@contract @since:8.18.0
Feature: Native connectors

  @id:connector.native.stored @req:connector.native.stored
  Scenario: A connector becomes native and is so no more
    Given a connector created with:
      """
      {"index_name": "content-{connector}", "service_type": "esconform"}
      """
    When I send PUT "/_connector/{connector}/_native" with the body:
      """
      {"is_native": true}
      """
    Then the response status is 200
    And only these fields of the connector have changed:
      | /is_native |
    And the connector at "/is_native" equals true
    When I send PUT "/_connector/{connector}/_native" with the body:
      """
      {"is_native": false}
      """
    Then the response status is 200
    And the connector at "/is_native" equals false

  @id:connector.native.text @req:connector.native.text
  Scenario Outline: is_native may be <value>
    Given a connector created with:
      """
      {"is_native": <from>}
      """
    When I send PUT "/_connector/{connector}/_native" with the body:
      """
      {"is_native": <value>}
      """
    Then the response status is 200
    And the connector at "/is_native" equals <stored>

    Examples:
      | from  | value   | stored |
      | false | "true"  | true   |
      | true  | "false" | false  |
      | true  | ""      | false  |

  @id:connector.native.text.rejected @req:connector.native.text
  Scenario Outline: is_native may not be <value>
    Given a connector created with:
      """
      {"index_name": "content-{connector}", "service_type": "esconform"}
      """
    When I send PUT "/_connector/{connector}/_native" with the body:
      """
      {"is_native": "<value>"}
      """
    Then the request is rejected as "x_content_parse_exception" because "[connector_update_native_request] failed to parse field [is_native]"
    And the response at "/error/caused_by/reason" equals "Failed to parse value [<value>] as only [true] or [false] are allowed."
    And the connector is unchanged

    Examples:
      | value |
      | yes   |
      | TRUE  |
      | 1     |
      | True  |

  @id:connector.native.type @req:connector.native.type
  Scenario Outline: is_native may not be <value>
    Given a connector created with:
      """
      {"index_name": "content-{connector}", "service_type": "esconform"}
      """
    When I send PUT "/_connector/{connector}/_native" with the body:
      """
      {"is_native": <value>}
      """
    Then the request is rejected as "x_content_parse_exception" because "[connector_update_native_request] is_native doesn't support values of type: <type>"
    And the connector is unchanged

    Examples:
      | value  | type         |
      | null   | VALUE_NULL   |
      | 1      | VALUE_NUMBER |
      | 0      | VALUE_NUMBER |
      | [true] | START_ARRAY  |
      | {}     | START_OBJECT |

  @id:connector.native.prefix @req:connector.native.prefix
  Scenario Outline: A connector of the index <name> does not become native
    Given a connector created with:
      """
      {"index_name": "<name>"}
      """
    When I send PUT "/_connector/{connector}/_native" with the body:
      """
      {"is_native": true}
      """
    Then the request is rejected as "status_exception" because "The index name [<name>] attached to the connector [{connector}] must start with the required prefix: [content-] to be Elastic-managed. Please update the attached index first to comply with this requirement."
    And the connector is unchanged

    Examples:
      | name                |
      | search-{connector}  |
      | Content-{connector} |
      | content_{connector} |

  @id:connector.native.prefix.control @req:connector.native.prefix
  Scenario Outline: A connector <case> may become native
    Given a connector created with:
      """
      <body>
      """
    When I send PUT "/_connector/{connector}/_native" with the body:
      """
      {"is_native": true}
      """
    Then the response status is 200

    Examples:
      | case                      | body                                  |
      | without an index          | {}                                    |
      | with a null for its index | {"index_name": null}                  |
      | with the prefix           | {"index_name": "content-{connector}"} |

  @id:connector.native.prefix.off @req:connector.native.prefix
  Scenario: A connector of any index may be not native
    Given a connector
    When I send PUT "/_connector/{connector}/_native" with the body:
      """
      {"is_native": false}
      """
    Then the update is accepted as one that changes nothing
    And the connector is unchanged

  @id:connector.native.status @req:connector.native.status
  Scenario Outline: A connector that is <from> is <to> after is_native <value>
    Given a connector in the state "<from>"
    And I send PUT "/_connector/{connector}/_index_name" with the body:
      """
      {"index_name": null}
      """
    When I send PUT "/_connector/{connector}/_native" with the body:
      """
      {"is_native": <value>}
      """
    Then the response status is 200
    And the connector at "/is_native" equals <value>
    And the connector at "/status" equals "<to>"

    Examples:
      | from                | value | to                  |
      | created             | true  | created             |
      | created             | false | created             |
      | needs_configuration | true  | needs_configuration |
      | needs_configuration | false | needs_configuration |
      | configured          | true  | configured          |
      | configured          | false | configured          |
      | connected           | true  | configured          |
      | connected           | false | configured          |
      | error               | true  | error               |
      | error               | false | error               |
