@contract @since:8.18.0
Feature: Lists that are rejected

  @id:connector.list.taken @req:connector.list.values
  Scenario Outline: <query> is taken
    Given a name saved as "run"
    When I send GET "/_connector?connector_name={run}-of-nobody&<query>"
    Then the response status is 200

    Examples:
      | query           |
      | from=0          |
      | size=0          |
      | from=9900       |
      | size=10000      |
      | index_name=a.-b |

  @id:connector.list.values @req:connector.list.values
  Scenario Outline: <query> is rejected
    When I send GET "/_connector?<query>"
    Then the request is rejected as "<type>" because "<reason>"

    Examples:
      | query           | type                       | reason                                                       |
      | from=-1         | illegal_argument_exception | Parameter [from] cannot be < 0                               |
      | size=-1         | illegal_argument_exception | Parameter [size] cannot be < 0                               |
      | from=x          | illegal_argument_exception | Failed to parse int parameter [from] with value [x]          |
      | size=1.5        | illegal_argument_exception | Failed to parse int parameter [size] with value [1.5]        |
      | size=2147483648 | illegal_argument_exception | Failed to parse int parameter [size] with value [2147483648] |

  @id:connector.list.values.deleted @req:connector.list.values @since:9.0.0
  Scenario Outline: include_deleted=<value> is rejected
    When I send GET "/_connector?include_deleted=<value>"
    Then the request is rejected as "illegal_argument_exception" because "Failed to parse value [<value>] as only [true] or [false] are allowed."

    Examples:
      | value |
      | x     |
      | TRUE  |
      | 0     |

  @id:connector.list.window @req:connector.list.window
  Scenario Outline: <query> is rejected
    Given a connector
    When I send GET "/_connector?<query>"
    Then the request is rejected as "search_phase_execution_exception, illegal_argument_exception"

    Examples:
      | query             |
      | size=10001        |
      | from=9999&size=2  |
      | from=10001&size=0 |

  @id:connector.list.index-name.illegal @req:connector.list.index-name.illegal
  Scenario Outline: index_name=<name> is rejected
    When I send GET "/_connector?index_name=<query>"
    Then the request is rejected as "action_request_validation_exception" because "Invalid index name [<name>], <reason>"

    Examples:
      | query | name | reason                                    |
      | _x    | _x   | must not start with '_', '-', or '+'      |
      | a%20b | a b  | must not contain the following characters |
      | a,-b  | -b   | must not start with '_', '-', or '+'      |
      | a%23b | a#b  | must not contain '#'                      |
      | ..    | ..   | must not be '.' or '..'                   |
      | a*    | a*   | must not contain the following characters |

  @id:connector.list.index-name.illegal.each @req:connector.list.index-name.illegal
  Scenario: Each illegal index_name is named
    When I send GET "/_connector?index_name=_x,b,-y"
    Then the request is rejected as "action_request_validation_exception" because "Validation Failed: 1: [_x]"
    And the response at "/error/reason" contains "2: [-y]"

  @id:connector.list.routing.unknown-parameter @req:connector.list.routing.unknown-parameter
  Scenario Outline: A list does not know the query parameter <parameter>
    When I send GET "/_connector?<parameter>=x"
    Then the request is rejected as "illegal_argument_exception" because "request [/_connector] contains unrecognized parameter: [<parameter>]"

    Examples:
      | parameter |
      | bogus     |
      | name      |
      | status    |
      | sort      |
      | hard      |

  @id:connector.list.routing.hint @req:connector.list.routing.unknown-parameter
  Scenario Outline: A list hints at <parameter>
    When I send GET "/_connector?<given>=x"
    Then the request is rejected as "illegal_argument_exception" because "unrecognized parameter: [<given>] -> did you mean [<parameter>]?"

    Examples:
      | given         | parameter      |
      | index_nam     | index_name     |
      | connector_nam | connector_name |
      | service_typ   | service_type   |
      | fron          | from           |

  @id:connector.list.routing.body @req:connector.list.routing.body
  Scenario Outline: A list with the body <body> is rejected
    When I send GET "/_connector" with the body:
      """
      <body>
      """
    Then the request is rejected as "illegal_argument_exception" because "request [GET /_connector] does not support having a body"

    Examples:
      | body |
      | {}   |
      | []   |
