@contract @since:8.18.0
Feature: Ids of connectors

  Background:
    Given a name saved as "mine"

  @id:connector.create.id.any @req:connector.create.id.any
  Scenario Outline: An id may be <case>
    When I send PUT "/_connector/<path>" with the body:
      """
      {"name": "{mine}"}
      """
    Then the response status is 201
    And the response at "/id" equals "<id>"
    When I send GET "/_connector/<path>"
    Then the response status is 200
    And the response at "/id" equals "<id>"

    Examples:
      | case                     | path            | id       |
      | with a slash             | {mine}%2Fx      | {mine}/x |
      | with a blank             | {mine}%20x      | {mine} x |
      | with a question mark     | {mine}%3Fx      | {mine}?x |
      | with a hash              | {mine}%23x      | {mine}#x |
      | with a dot               | {mine}.x        | {mine}.x |
      | with an underscore ahead | _{mine}         | _{mine}  |
      | with a dash ahead        | -{mine}         | -{mine}  |
      | with a check mark        | {mine}%E2%9C%93 | {mine}✓  |
      | with an umlaut           | {mine}%C3%BC    | {mine}ü  |
      | with a percent sign      | {mine}%25x      | {mine}%x |
      | in capitals              | {mine}-X        | {mine}-X |
      | with a star              | {mine}%2A       | {mine}*  |
      | with a comma             | {mine},x        | {mine},x |

  @id:connector.create.id.long @req:connector.create.id.any
  Scenario: An id may have 512 bytes
    Given a name of 512 bytes saved as "long"
    When I send PUT "/_connector/{long}" with the body:
      """
      {"name": "{mine}"}
      """
    Then the response status is 201
    When I send PUT "/_connector/{long}/_name" with the body:
      """
      {"description": "d"}
      """
    Then the response status is 200
    When I send GET "/_connector/{long}"
    Then the response contains the JSON:
      """
      {"id": "{long}", "name": "{mine}", "description": "d"}
      """

  @id:connector.create.id.made @req:connector.create.id.made
  Scenario Outline: <method> without an id makes one up: <body>
    When I send <method> "/_connector" with the body:
      """
      <body>
      """
    Then the response status is 201
    And the response is the JSON:
      """
      {"id": "<string>", "result": "created"}
      """
    And the response at "/id" matches "^[A-Za-z0-9_-]{20}$"
    When I save the response at "/id" as "id"
    And I send GET "/_connector/{id}"
    Then the response contains the JSON:
      """
      <body>
      """

    Examples:
      | method | body                                                                                                  |
      | PUT    | {"name": "{mine}"}                                                                                    |
      | PUT    | {"name": "{mine}", "index_name": "{mine}", "service_type": "s", "language": "fr", "description": "d"} |
      | PUT    | {"name": "{mine}", "is_native": true}                                                                 |
      | POST   | {"name": "{mine}"}                                                                                    |
      | POST   | {"name": "{mine}", "index_name": "{mine}", "service_type": "s", "language": "fr", "description": "d"} |
      | POST   | {"name": "{mine}", "is_native": true}                                                                 |

  @id:connector.create.id.made.other @req:connector.create.id.made
  Scenario Outline: <method> makes up another id each time
    When I send <method> "/_connector" with the body:
      """
      {"name": "{mine}"}
      """
    And I save the response at "/id" as "first"
    And I send <method> "/_connector" with the body:
      """
      {"name": "{mine}"}
      """
    Then the response status is 201
    And the response at "/id" does not equal "{first}"

    Examples:
      | method |
      | PUT    |
      | POST   |

  @id:connector.create.post @req:connector.create.post
  Scenario: POST stores what PUT does
    When I send POST "/_connector" with the body:
      """
      {"name": "{mine}"}
      """
    Then the response status is 201
    When I save the response at "/id" as "connector"
    And I send GET "/_connector/{connector}"
    Then the response is the JSON, ignoring "/deleted":
      """
      {"id": "{connector}", "configuration": {}, "custom_scheduling": {},
       "filtering": [{"domain": "DEFAULT",
        "active": {"advanced_snippet": {"created_at": "<time>", "updated_at": "<time>", "value": {}}, "rules": [{"created_at": "<time>", "field": "_", "id": "DEFAULT", "order": 0, "policy": "include", "rule": "regex", "updated_at": "<time>", "value": ".*"}], "validation": {"errors": [], "state": "valid"}},
        "draft": {"advanced_snippet": {"created_at": "<time>", "updated_at": "<time>", "value": {}}, "rules": [{"created_at": "<time>", "field": "_", "id": "DEFAULT", "order": 0, "policy": "include", "rule": "regex", "updated_at": "<time>", "value": ".*"}], "validation": {"errors": [], "state": "valid"}}}],
       "is_native": false, "name": "{mine}", "scheduling": {"access_control": {"enabled": false, "interval": "0 0 0 * * ?"}, "full": {"enabled": false, "interval": "0 0 0 * * ?"}, "incremental": {"enabled": false, "interval": "0 0 0 * * ?"}},
       "status": "created", "sync_now": false}
      """

  @id:connector.create.id.made.rejected
  Scenario Outline: <method> without an id rejects <body>
    When I send <method> "/_connector" with the body:
      """
      <body>
      """
    Then the request is rejected as "<type>" because "<reason>"

    @req:connector.create.type
    Examples:
      | method | body        | type                      | reason                                                                    |
      | PUT    | {"name": 7} | x_content_parse_exception | [connector_put_request] name doesn't support values of type: VALUE_NUMBER |
      | POST   | {"name": 7} | x_content_parse_exception | [connector_put_request] name doesn't support values of type: VALUE_NUMBER |

    @req:connector.create.unknown-field
    Examples:
      | method | body             | type                      | reason                                           |
      | PUT    | {"surprise": 1}  | x_content_parse_exception | [connector_put_request] unknown field [surprise] |
      | PUT    | {"id": "{mine}"} | x_content_parse_exception | [connector_put_request] unknown field [id]       |
      | POST   | {"surprise": 1}  | x_content_parse_exception | [connector_put_request] unknown field [surprise] |
      | POST   | {"id": "{mine}"} | x_content_parse_exception | [connector_put_request] unknown field [id]       |

    @req:connector.create.null
    Examples:
      | method | body               | type                      | reason                                              |
      | PUT    | {"language": null} | x_content_parse_exception | language doesn't support values of type: VALUE_NULL |
      | POST   | {"language": null} | x_content_parse_exception | language doesn't support values of type: VALUE_NULL |

    @req:connector.create.body
    Examples:
      | method | body | type                      | reason                                                             |
      | PUT    | []   | x_content_parse_exception | [connector_put_request] Expected START_OBJECT but was: START_ARRAY |
      | POST   | []   | x_content_parse_exception | [connector_put_request] Expected START_OBJECT but was: START_ARRAY |

    @req:connector.create.index-name.illegal
    Examples:
      | method | body                 | type                                | reason                               |
      | PUT    | {"index_name": "_x"} | action_request_validation_exception | must not start with '_', '-', or '+' |
      | POST   | {"index_name": "_x"} | action_request_validation_exception | must not start with '_', '-', or '+' |

    @req:connector.create.native.prefix
    Examples:
      | method | body                                   | type                                | reason                                 |
      | PUT    | {"is_native": true, "index_name": "x"} | action_request_validation_exception | must start with the prefix: [content-] |
      | POST   | {"is_native": true, "index_name": "x"} | action_request_validation_exception | must start with the prefix: [content-] |

  @id:connector.create.id.too-long @req:connector.create.id.too-long
  Scenario: An id of 513 bytes is rejected
    When I send PUT "/_connector/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" with the body:
      """
      {"name": "n"}
      """
    Then the request is rejected as "action_request_validation_exception" because "is too long, must be no longer than 512 bytes but was: 513"

  @id:connector.create.id.reserved @req:connector.create.id.reserved
  Scenario Outline: <method> /_connector/_sync_job<slash> is no creation of a connector
    When I send <method> "/_connector/_sync_job<slash>"
    Then the request is refused with status 405 because "Incorrect HTTP method for uri [/_connector/_sync_job<slash>] and method [<method>], allowed: [GET, POST]"
    And the answer allows exactly the methods "GET, POST"

    Examples:
      | method | slash |
      | PUT    |       |
      | DELETE |       |
      | PUT    | /     |
