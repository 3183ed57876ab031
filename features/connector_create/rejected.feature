@contract @since:8.18.0
Feature: Connectors that are not created
  Nothing is created where anything is wrong.

  @id:connector.create.type @req:connector.create.type
  Scenario Outline: <field> may not be <value>
    Given an id that no connector has
    When the connector is created with:
      """
      {"name": "n", "<field>": <value>}
      """
    Then the request is rejected as "x_content_parse_exception" because "[connector_put_request] <field> doesn't support values of type: <type>"
    And the connector is gone

    Examples:
      | field        | value    | type          |
      | description  | 7        | VALUE_NUMBER  |
      | description  | true     | VALUE_BOOLEAN |
      | description  | ["a"]    | START_ARRAY   |
      | description  | {"a": 1} | START_OBJECT  |
      | index_name   | 7        | VALUE_NUMBER  |
      | index_name   | true     | VALUE_BOOLEAN |
      | index_name   | ["a"]    | START_ARRAY   |
      | index_name   | {"a": 1} | START_OBJECT  |
      | is_native    | 7        | VALUE_NUMBER  |
      | is_native    | ["a"]    | START_ARRAY   |
      | is_native    | {"a": 1} | START_OBJECT  |
      | language     | 7        | VALUE_NUMBER  |
      | language     | true     | VALUE_BOOLEAN |
      | language     | ["a"]    | START_ARRAY   |
      | language     | {"a": 1} | START_OBJECT  |
      | service_type | 7        | VALUE_NUMBER  |
      | service_type | true     | VALUE_BOOLEAN |
      | service_type | ["a"]    | START_ARRAY   |
      | service_type | {"a": 1} | START_OBJECT  |

  @id:connector.create.type.name @req:connector.create.type
  Scenario Outline: name may not be <value>
    Given an id that no connector has
    When the connector is created with:
      """
      {"description": "d", "name": <value>}
      """
    Then the request is rejected as "x_content_parse_exception" because "[connector_put_request] name doesn't support values of type: <type>"
    And the connector is gone

    Examples:
      | value    | type          |
      | 7        | VALUE_NUMBER  |
      | true     | VALUE_BOOLEAN |
      | ["a"]    | START_ARRAY   |
      | {"a": 1} | START_OBJECT  |

  @id:connector.create.boolean.rejected @req:connector.create.boolean
  Scenario Outline: is_native may not be <value>
    Given an id that no connector has
    When the connector is created with:
      """
      {"is_native": <value>}
      """
    Then the request is rejected as "x_content_parse_exception" because "[connector_put_request] failed to parse field [is_native]"
    And the response at "/error/caused_by/reason" equals "Failed to parse value [<text>] as only [true] or [false] are allowed."
    And the connector is gone

    Examples:
      | value   | text  |
      | "yes"   | yes   |
      | "TRUE"  | TRUE  |
      | "1"     | 1     |
      | "False" | False |
      | "null"  | null  |

  @id:connector.create.boolean.text @req:connector.create.boolean
  Scenario Outline: is_native may be <value>
    Given an id that no connector has
    When the connector is created with:
      """
      {"is_native": <value>}
      """
    Then the response status is 201
    And the connector at "/is_native" equals <stored>
    And the connector at "/status" equals "<status>"

    Examples:
      | value   | stored | status              |
      | "true"  | true   | needs_configuration |
      | "false" | false  | created             |
      | ""      | false  | created             |

  @id:connector.create.unknown-field @req:connector.create.unknown-field
  Scenario Outline: <field> is no field of a creation
    Given an id that no connector has
    When the connector is created with:
      """
      {"name": "n", "<field>": <value>}
      """
    Then the request is rejected as "x_content_parse_exception" because "[connector_put_request] unknown field [<field>]"
    And the connector is gone

    Examples:
      | field             | value                  |
      | surprise          | 1                      |
      | nam               | "n"                    |
      | indexName         | "x"                    |
      | id                | "x"                    |
      | status            | "configured"           |
      | configuration     | {}                     |
      | scheduling        | {}                     |
      | custom_scheduling | {}                     |
      | pipeline          | {}                     |
      | features          | {}                     |
      | filtering         | []                     |
      | api_key_id        | "k"                    |
      | api_key_secret_id | "k"                    |
      | error             | "x"                    |
      | deleted           | true                   |
      | sync_now          | true                   |
      | sync_cursor       | {}                     |
      | last_seen         | "2023-06-30T12:30:00Z" |
      | last_sync_status  | "completed"            |

  @id:connector.create.body @req:connector.create.body
  Scenario Outline: A creation with <body> for a body is rejected
    Given an id that no connector has
    When the connector is created with:
      """
      <body>
      """
    Then the request is rejected as "x_content_parse_exception, x_content_e_o_f_exception, parsing_exception" because "<reason>"
    And the connector is gone

    Examples:
      | body       | reason                                                              |
      | []         | [connector_put_request] Expected START_OBJECT but was: START_ARRAY  |
      | "x"        | [connector_put_request] Expected START_OBJECT but was: VALUE_STRING |
      | null       | [connector_put_request] Expected START_OBJECT but was: VALUE_NULL   |
      | 7          | [connector_put_request] Expected START_OBJECT but was: VALUE_NUMBER |
      | {          | Unexpected end of file                                              |
      | {"name": } | [1:                                                                 |

  @id:connector.create.media-type @req:connector.create.media-type
  Scenario Outline: A creation in the media type <media> is refused
    Given an id that no connector has
    And the next request has the header "Content-Type" set to "<media>"
    When the connector is created with:
      """
      {"name": "n"}
      """
    Then the request is refused with status 406 because "Content-Type header [<media>] is not supported"
    And the connector is gone

    Examples:
      | media           |
      | text/plain      |
      | application/xml |

  @id:connector.create.index-name.illegal @req:connector.create.index-name.illegal
  Scenario Outline: index_name may not be <name>
    Given an id that no connector has
    When the connector is created with:
      """
      {"index_name": "<name>"}
      """
    Then the request is rejected as "action_request_validation_exception" because "Validation Failed: 1: [<name>] org.elasticsearch.indices.InvalidIndexNameException: Invalid index name [<name>], <reason>"
    And the connector is gone

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
      | xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx | index name is too long, (256 > 255)       |
      | éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé | index name is too long, (256 > 255)       |
      | a b                                                                                                                      | must not contain the following characters |
      | a,b                                                                                                                      | must not contain the following characters |
      | a*b                                                                                                                      | must not contain the following characters |
      | a?b                                                                                                                      | must not contain the following characters |
      | a/b                                                                                                                      | must not contain the following characters |
      | a<b                                                                                                                      | must not contain the following characters |
      | a>b                                                                                                                      | must not contain the following characters |
      | a\|b                                                                                                                     | must not contain the following characters |

  @id:connector.create.index-name.legal @req:connector.create.index-name.legal
  Scenario Outline: index_name may be <name>
    Given an id that no connector has
    When the connector is created with:
      """
      {"index_name": "<name>"}
      """
    Then the response status is 201
    And the connector at "/index_name" equals "<name>"

    Examples:
      | name            |
      | A-{connector}   |
      | .{connector}    |
      | é-{connector}   |
      | a+b-{connector} |
      | a_b-{connector} |
      | x.{connector}.y |

  @id:connector.create.native.prefix @req:connector.create.native.prefix
  Scenario Outline: A native connector may not have the index_name <name>
    Given an id that no connector has
    When the connector is created with:
      """
      {"is_native": true, "index_name": "<name>"}
      """
    Then the request is rejected as "action_request_validation_exception" because "Index [<name>] is invalid. Index attached to an Elastic-managed connector must start with the prefix: [content-]"
    And the connector is gone

    Examples:
      | name                 |
      | search-{connector}   |
      | Content-{connector}  |
      | content_{connector}  |
      | xcontent-{connector} |

  @id:connector.create.native.prefix.both @req:connector.create.native.prefix
  Scenario: A name that is illegal and lacks the prefix is rejected for both
    Given an id that no connector has
    When the connector is created with:
      """
      {"is_native": true, "index_name": "_x"}
      """
    Then the request is rejected as "action_request_validation_exception" because "2: Index [_x] is invalid."
    And the connector is gone

  @id:connector.create.native.prefix.control @req:connector.create.native.prefix
  Scenario Outline: A connector may be native with <case>
    Given an id that no connector has
    When the connector is created with:
      """
      <body>
      """
    Then the response status is 201
    And the connector at "/is_native" equals true

    Examples:
      | case                 | body                                                     |
      | the prefix           | {"is_native": true, "index_name": "content-{connector}"} |
      | no index             | {"is_native": true}                                      |
      | a null for its index | {"is_native": true, "index_name": null}                  |
