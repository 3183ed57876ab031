@contract @since:8.18.0
Feature: Names of indices that connectors share

  Background:
    Given a connector

  @id:connector.create.index-name.in-use @req:connector.create.index-name.in-use
  Scenario Outline: The index of another connector is taken, by <method>
    When I send <method> "<path>" with the body:
      """
      {"index_name": "{connector}"}
      """
    Then the request is rejected as "status_exception" because "Index name [{connector}] is used by another connector."
    And the connector is unchanged

    Examples:
      | method | path                      |
      | PUT    | /_connector/{connector}-2 |
      | PUT    | /_connector               |
      | POST   | /_connector               |

  @id:connector.create.index-name.in-use.nothing @req:connector.create.index-name.in-use
  Scenario: Nothing is created where the index is taken
    When I send PUT "/_connector/{connector}-2" with the body:
      """
      {"index_name": "{connector}"}
      """
    Then the request is rejected as "status_exception" because "is used by another connector"
    When I send GET "/_connector/{connector}-2"
    Then the response status is 404

  @id:connector.create.index-name.case @req:connector.create.index-name.in-use
  Scenario Outline: The name of an index is another one with <case>
    When I send PUT "/_connector/{connector}-2" with the body:
      """
      {"index_name": "<name>"}
      """
    Then the response status is 201
    And the connector is unchanged

    Examples:
      | case                | name         |
      | a letter more       | {connector}x |
      | a capital           | X{connector} |
      | a letter less ahead | .{connector} |

  @id:connector.create.index-name.case.capital @req:connector.create.index-name.in-use
  Scenario Outline: The index <other> is another one than <one>
    Given a connector created with:
      """
      {"index_name": "<one>"}
      """
    When I send PUT "/_connector/{connector}-2" with the body:
      """
      {"index_name": "<other>"}
      """
    Then the response status is 201
    And the connector is unchanged

    Examples:
      | one          | other        |
      | X{connector} | x{connector} |
      | x{connector} | X{connector} |

  @id:connector.create.index-name.own @req:connector.create.index-name.own
  Scenario: A connector may be replaced with its own index
    When the connector is created with:
      """
      {"index_name": "{connector}"}
      """
    Then the response status is 200
    And the connector at "/index_name" equals "{connector}"

  @id:connector.create.index-name.freed @req:connector.create.index-name.freed @since:9.0.0
  Scenario Outline: The index of a connector that was <case> is free
    Given I send DELETE "/_connector/{connector}<query>"
    When I send PUT "/_connector/{connector}-2" with the body:
      """
      {"index_name": "{connector}"}
      """
    Then the response status is 201

    Examples:
      | case             | query      |
      | deleted          |            |
      | removed for good | ?hard=true |

  @id:connector.create.index-name.none @req:connector.create.index-name.none
  Scenario Outline: Several connectors have no index: <body>
    When I send PUT "/_connector/{connector}-2" with the body:
      """
      <body>
      """
    Then the response status is 201
    When I send PUT "/_connector/{connector}-3" with the body:
      """
      <body>
      """
    Then the response status is 201

    Examples:
      | body                 |
      | {}                   |
      | {"index_name": null} |
