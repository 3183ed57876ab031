@contract @since:8.18.0
Feature: The index of a connector

  Background:
    Given a connector

  @id:connector.index-name.stored @req:connector.index-name.stored
  Scenario Outline: The index may be <name>
    When I send PUT "/_connector/{connector}/_index_name" with the body:
      """
      {"index_name": "<name>"}
      """
    Then the response status is 200
    And the connector at "/index_name" equals "<name>"
    And only these fields of the connector have changed:
      | /index_name |

    Examples:
      | name                |
      | {connector}-2       |
      | A-{connector}       |
      | .{connector}        |
      | é-{connector}       |
      | content-{connector} |
      | {connector}+x       |
      | x_{connector}       |

  @id:connector.index-name.null @req:connector.index-name.null
  Scenario: null takes the index away, and a name brings it back
    When I send PUT "/_connector/{connector}/_index_name" with the body:
      """
      {"index_name": null}
      """
    Then the response status is 200
    And the connector at "/index_name" equals null
    When I send GET "/_connector?index_name={connector}"
    Then eventually, within 5 s, the response at "/count" equals 0
    When I send PUT "/_connector/{connector}-2" with the body:
      """
      {"index_name": "{connector}"}
      """
    Then the response status is 201
    When I send PUT "/_connector/{connector}/_index_name" with the body:
      """
      {"index_name": "{connector}-3"}
      """
    Then the response status is 200
    And the connector at "/index_name" equals "{connector}-3"

  @id:connector.index-name.null.twice @req:connector.index-name.null
  Scenario: null where there is no index is a noop
    Given I send PUT "/_connector/{connector}/_index_name" with the body:
      """
      {"index_name": null}
      """
    When I send PUT "/_connector/{connector}/_index_name" with the body:
      """
      {"index_name": null}
      """
    Then the update is accepted as one that changes nothing
    And the connector is unchanged

  @id:connector.index-name.type @req:connector.index-name.type
  Scenario Outline: The index may not be <value>
    When I send PUT "/_connector/{connector}/_index_name" with the body:
      """
      {"index_name": <value>}
      """
    Then the request is rejected as "x_content_parse_exception" because "[connector_update_index_name_request] index_name doesn't support values of type: <type>"
    And the connector is unchanged

    Examples:
      | value    | type          |
      | 7        | VALUE_NUMBER  |
      | true     | VALUE_BOOLEAN |
      | ["a"]    | START_ARRAY   |
      | {"a": 1} | START_OBJECT  |

  @id:connector.index-name.illegal @req:connector.index-name.illegal
  Scenario Outline: The index may not be <name>
    When I send PUT "/_connector/{connector}/_index_name" with the body:
      """
      {"index_name": "<name>"}
      """
    Then the request is rejected as "action_request_validation_exception" because "Invalid index name [<name>], <reason>"
    And the connector is unchanged

    Examples:
      | name                                                                                                                     | reason                                    |
      | _x                                                                                                                       | must not start with '_', '-', or '+'      |
      | -x                                                                                                                       | must not start with '_', '-', or '+'      |
      | +x                                                                                                                       | must not start with '_', '-', or '+'      |
      | .                                                                                                                        | must not be '.' or '..'                   |
      | ..                                                                                                                       | must not be '.' or '..'                   |
      |                                                                                                                          | must not be empty                         |
      | a#b                                                                                                                      | must not contain '#'                      |
      | a:b                                                                                                                      | must not contain ':'                      |
      | a b                                                                                                                      | must not contain the following characters |
      | a,b                                                                                                                      | must not contain the following characters |
      | a*b                                                                                                                      | must not contain the following characters |
      | a/b                                                                                                                      | must not contain the following characters |
      | a\|b                                                                                                                     | must not contain the following characters |
      | xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx | index name is too long, (256 > 255)       |

  @id:connector.index-name.in-use @req:connector.index-name.in-use
  Scenario Outline: The index of another connector is taken: <case>
    Given a connector "other"
    When I send PUT "/_connector/<id>/_index_name" with the body:
      """
      {"index_name": "{other}"}
      """
    Then the request is rejected as "status_exception" because "Index name [{other}] is used by another connector."
    And the connector is unchanged
    And the connector "other" is unchanged

    Examples:
      | case                       | id            |
      | by a connector             | {connector}   |
      | by one that does not exist | {connector}-2 |

  @id:connector.index-name.in-use.first @req:connector.index-name.in-use
  Scenario: The index of another connector is taken also where a connector has none
    Given a connector "other"
    And a connector created with:
      """
      {}
      """
    When I send PUT "/_connector/{connector}/_index_name" with the body:
      """
      {"index_name": "{other}"}
      """
    Then the request is rejected as "status_exception" because "Index name [{other}] is used by another connector."
    And the connector is unchanged

  @id:connector.index-name.in-use.own @req:connector.index-name.in-use
  Scenario: The own index is none of another
    When I send PUT "/_connector/{connector}/_index_name" with the body:
      """
      {"index_name": "{connector}"}
      """
    Then the update is accepted as one that changes nothing
    And the connector is unchanged

  @id:connector.index-name.freed @req:connector.index-name.freed @since:9.0.0
  Scenario Outline: The index of a connector that was <case> is free
    Given a connector "other"
    And I send DELETE "/_connector/{other}<query>"
    When I send PUT "/_connector/{connector}/_index_name" with the body:
      """
      {"index_name": "{other}"}
      """
    Then the response status is 200
    And the connector at "/index_name" equals "{other}"

    Examples:
      | case             | query      |
      | deleted          |            |
      | removed for good | ?hard=true |

  @id:connector.index-name.native @req:connector.index-name.native
  Scenario Outline: The index of a native connector may not be <name>
    Given a connector created with:
      """
      {"index_name": "content-{connector}", "is_native": true}
      """
    When I send PUT "/_connector/{connector}/_index_name" with the body:
      """
      {"index_name": "<name>"}
      """
    Then the request is rejected as "status_exception" because "Index attached to an Elastic-managed connector must start with the prefix: [content-]. The index name in the payload [<name>] doesn't comply with this requirement."
    And the connector is unchanged

    Examples:
      | name                 |
      | search-{connector}   |
      | Content-{connector}  |
      | xcontent-{connector} |
      | content_{connector}  |

  @id:connector.index-name.native.control @req:connector.index-name.native
  Scenario Outline: The index of a native connector may be <name>
    Given a connector created with:
      """
      {"index_name": "content-{connector}", "is_native": true}
      """
    When I send PUT "/_connector/{connector}/_index_name" with the body:
      """
      {"index_name": <name>}
      """
    Then the response status is 200
    And the connector at "/index_name" equals <name>

    Examples:
      | name                    |
      | "content-{connector}-2" |
      | null                    |
