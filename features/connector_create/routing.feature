@contract @since:8.18.0
Feature: The routes of creations

  @id:connector.create.routing.methods @req:connector.create.routing.methods
  Scenario Outline: <method> is refused for <path>
    Given a connector
    When I send <method> "<path>"
    Then the request is refused with status 405 because "and method [<method>], allowed: [<allowed>]"
    And the answer allows exactly the methods "<allowed>"
    And the connector is unchanged

    Examples:
      | method | path                    | allowed          |
      | POST   | /_connector/{connector} | GET, PUT, DELETE |
      | PATCH  | /_connector/{connector} | GET, PUT, DELETE |
      | DELETE | /_connector             | GET, POST, PUT   |
      | PATCH  | /_connector             | GET, POST, PUT   |

  @id:connector.create.routing.methods.quiet @req:connector.create.routing.methods
  Scenario Outline: <method> of <path> is answered with <status> and no body
    Given a connector
    When I send <method> "<path>"
    Then the response status is <status>
    And the response has no body
    And the answer allows exactly the methods "<allowed>"

    Examples:
      | method  | path                    | status | allowed          |
      | HEAD    | /_connector/{connector} | 405    | GET, PUT, DELETE |
      | OPTIONS | /_connector/{connector} | 200    | GET, PUT, DELETE |
      | HEAD    | /_connector             | 405    | GET, POST, PUT   |
      | OPTIONS | /_connector             | 200    | GET, POST, PUT   |

  @id:connector.create.route.slash @req:connector.create.route
  Scenario Outline: A slash may end the path of a creation by <method>
    Given a name saved as "mine"
    When I send <method> "<path>" with the body:
      """
      {"name": "{mine}"}
      """
    Then the response status is 201
    When I save the response at "/id" as "made"
    And I send GET "/_connector/{made}"
    Then the response at "/name" equals "{mine}"

    Examples:
      | method | path                |
      | PUT    | /_connector/{mine}/ |
      | POST   | /_connector/        |

  @id:connector.create.routing.unknown-parameter @req:connector.create.routing.unknown-parameter
  Scenario Outline: A creation does not know the query parameter <parameter>
    Given an id that no connector has
    When I send PUT "/_connector/{connector}?<parameter>=true" with the body:
      """
      {"name": "n"}
      """
    Then the request is rejected as "illegal_argument_exception" because "contains unrecognized parameter: [<parameter>]"
    And the connector is gone

    Examples:
      | parameter |
      | bogus     |
      | refresh   |
      | hard      |
      | op_type   |

  @id:connector.create.routing.common @req:connector.create.routing.common-parameters
  Scenario Outline: A creation takes <query>
    Given an id that no connector has
    When I send PUT "/_connector/{connector}?<query>" with the body:
      """
      {"name": "n"}
      """
    Then the response status is 201
    And the response at "/result" equals "created"
    And the connector at "/name" equals "n"

    Examples:
      | query              |
      | pretty             |
      | human              |
      | filter_path=result |
      | error_trace=true   |

  @id:connector.create.headers @req:connector.create.headers
  Scenario Outline: The answer to a creation that is <case> names the product and its type
    Given an id that no connector has
    When the connector is created with:
      """
      <body>
      """
    Then the response status is <status>
    And the response header "X-elastic-product" is "Elasticsearch"
    And the answer is of the type "application/json"

    Examples:
      | case     | body          | status |
      | accepted | {"name": "n"} | 201    |
      | rejected | {"name": 7}   | 400    |

  @id:connector.create.visible @req:connector.create.visible
  Scenario: A new connector is in the list at once
    Given an id that no connector has
    When the connector is created with:
      """
      {"name": "{connector}", "index_name": "{connector}"}
      """
    Then the response status is 201
    When I send GET "/_connector?connector_name={connector}"
    Then the response at "/count" equals 1
    And the response at "/results/0/id" equals "{connector}"

  @id:connector.create.visible.replaced @req:connector.create.visible
  Scenario: What replaces a connector is in the list at once
    Given a connector
    When the connector is created with:
      """
      {"name": "{connector}-new"}
      """
    Then the response status is 200
    When I send GET "/_connector?connector_name={connector}-new"
    Then the response at "/count" equals 1
