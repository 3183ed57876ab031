@index-templates @since:8.12.0
Feature: Index templates
  An index template says what new indices get whose names match its patterns.

  @documented @id:index-template.put.creates @req:index-template.put.route @req:index-template.put.answer @req:index-template.get.route @req:index-template.put.fields
  Scenario: An index template is read back as it was created
    Given a component template
    When the index template is created with:
      """
      {"index_patterns": ["{index_template}-a*", "{index_template}-b*"], "composed_of": ["{component_template}"], "priority": 7, "version": 3,
       "_meta": {"by": "esconform", "deep": {"list": [1, 2.5, null]}}, "allow_auto_create": true,
       "template": {"settings": {"number_of_shards": 2}, "mappings": {"properties": {"a": {"type": "keyword"}}}, "aliases": {"{index_template}-alias": {}}}}
      """
    Then the response status is 200
    And the response is the JSON:
      """
      {"acknowledged": true}
      """
    And the index template is the JSON, ignoring "created_date_millis, modified_date_millis":
      """
      {"index_patterns": ["{index_template}-a*", "{index_template}-b*"], "composed_of": ["{component_template}"], "priority": 7, "version": 3,
       "_meta": {"by": "esconform", "deep": {"list": [1, 2.5, null]}}, "allow_auto_create": true,
       "template": {"settings": {"index": {"number_of_shards": "2"}}, "mappings": {"properties": {"a": {"type": "keyword"}}}, "aliases": {"{index_template}-alias": {}}}}
      """

  @documented @id:index-template.put.least @req:index-template.put.required
  Scenario: Patterns are all that an index template needs
    When the index template is created with:
      """
      {"index_patterns": ["{index_template}-*"]}
      """
    Then the response status is 200
    And the index template is the JSON, ignoring "created_date_millis, modified_date_millis":
      """
      {"index_patterns": ["{index_template}-*"], "composed_of": []}
      """

  @contract @id:index-template.put.one-pattern @req:index-template.put.one-pattern
  Scenario: A single pattern may be given without a list
    When the index template is created with:
      """
      {"index_patterns": "{index_template}-*"}
      """
    Then the response status is 200
    And the index template at "/index_patterns" equals ["{index_template}-*"]

  @documented @id:index-template.put.post @req:index-template.put.post
  Scenario: POST creates an index template as PUT does
    Given an id that no index template has
    When I send POST "/_index_template/{index_template}" with the body:
      """
      {"index_patterns": ["{index_template}-*"], "priority": 4}
      """
    Then the response status is 200
    And the response is the JSON:
      """
      {"acknowledged": true}
      """
    And the index template at "/priority" equals 4

  @documented @id:index-template.put.replaces @req:index-template.put.replaces
  Scenario: A second PUT replaces the whole index template
    Given an index template created with:
      """
      {"index_patterns": ["{index_template}-*"], "priority": 5, "version": 1, "_meta": {"a": 1}, "template": {"settings": {"number_of_shards": 2}}}
      """
    Then the index template contains the JSON:
      """
      {"priority": 5, "version": 1, "_meta": {"a": 1}}
      """
    When the index template is created with:
      """
      {"index_patterns": ["{index_template}-*"], "version": 2}
      """
    Then the response status is 200
    And the index template is the JSON, ignoring "created_date_millis, modified_date_millis":
      """
      {"index_patterns": ["{index_template}-*"], "composed_of": [], "version": 2}
      """

  @documented @id:index-template.put.create-only @req:index-template.put.create-only
  Scenario: With create=true an existing index template stays as it is
    Given an index template
    And the next request has the query "create=true"
    When the index template is created with:
      """
      {"index_patterns": ["{index_template}-*"], "priority": 9}
      """
    Then the request is rejected with status 400 as "illegal_argument_exception" saying "index template [{index_template}] already exists"
    And the index template is unchanged

  @documented @id:index-template.put.create-only-new @req:index-template.put.create-only
  Scenario: With create=true a new index template is created
    Given an id that no index template has
    And the next request has the query "create=true"
    When the index template is created
    Then the response status is 200
    And the index template is there

  @contract @id:index-template.put.rejected @req:index-template.put.rejects
  Scenario Outline: An index template with <fault> is rejected and nothing is created
    Given an id that no index template has
    When the index template is created with:
      """
      <body>
      """
    Then the response status is 400
    And the response at "/status" equals 400
    And the response at "/error/type" equals "<type>"
    And the response at "/error/reason" contains "<reason>"
    And the index template is gone

    Examples:
      | fault                        | body                                                                                                              | type                                | reason                                                                       |
      | no patterns                  | {}                                                                                                                | illegal_argument_exception          | Required [index_patterns]                                                    |
      | an empty list of patterns    | {"index_patterns": []}                                                                                            | illegal_argument_exception          | There must be at least one pattern, zero given                               |
      | an unknown field             | {"index_patterns": ["{index_template}-*"], "surprise": 1}                                                         | x_content_parse_exception           | [index_template] unknown field [surprise]                                    |
      | a negative priority          | {"index_patterns": ["{index_template}-*"], "priority": -1}                                                        | action_request_validation_exception | index template priority must be >= 0                                         |
      | a priority that is text      | {"index_patterns": ["{index_template}-*"], "priority": "high"}                                                    | x_content_parse_exception           | [index_template] failed to parse field [priority]                            |
      | a pattern that begins with _ | {"index_patterns": ["_{index_template}-*"]}                                                                       | invalid_index_template_exception    | must not start with '_'                                                      |
      | a pattern with a blank       | {"index_patterns": ["{index_template} x"]}                                                                        | invalid_index_template_exception    | must not contain a space                                                     |
      | an unknown setting           | {"index_patterns": ["{index_template}-*"], "template": {"settings": {"index.surprise": 1}}}                       | invalid_index_template_exception    | unknown setting [index.surprise]                                             |
      | an unknown type              | {"index_patterns": ["{index_template}-*"], "template": {"mappings": {"properties": {"a": {"type": "surprise"}}}}} | illegal_argument_exception          | composable template [{index_template}] template after composition is invalid |

  @contract @id:index-template.put.rejected-replacement @req:index-template.put.rejects
  Scenario: A faulty replacement leaves the index template as it is
    Given an index template
    When the index template is created with:
      """
      {"index_patterns": ["{index_template}-*"], "surprise": 1}
      """
    Then the response status is 400
    And the response at "/status" equals 400
    And the response at "/error/type" equals "x_content_parse_exception"
    And the index template is unchanged

  @contract @id:index-template.put.malformed @req:index-template.put.rejects
  Scenario: A body that ends too early is rejected
    Given an id that no index template has
    When the index template is created with:
      """
      {"index_patterns": ["{index_template}-*"
      """
    Then the response status is 400
    And the response at "/status" equals 400
    And the response at "/error/type" equals "x_content_parse_exception"
    And the index template is gone

  @contract @id:index-template.put.no-body @req:index-template.put.no-body
  Scenario: An index template without a body is rejected
    Given an id that no index template has
    When I send PUT "/_index_template/{index_template}"
    Then the request is rejected with status 400 as "parse_exception" saying "request body is required"
    And the index template is gone

  @contract @id:index-template.put.names @req:index-template.put.names
  Scenario Outline: A name with <fault> is rejected
    Given an id that no index template has
    When I send PUT "/_index_template/<name>" with the body:
      """
      {"index_patterns": ["{index_template}-*"]}
      """
    Then the response status is 400
    And the response at "/status" equals 400
    And the response at "/error/type" equals "invalid_index_template_exception"
    And the response at "/error/reason" contains "<reason>"

    Examples:
      | fault         | name                 | reason                        |
      | a capital     | {index_template}-A   | name must be lower cased      |
      | a blank       | {index_template}%20a | name must not contain a space |
      | a comma       | {index_template}%2Ca | name must not contain a ','   |
      | a star        | {index_template}*    | name must not contain a '*'   |
      | a _ before it | _{index_template}    | name must not start with '_'  |

  @contract @since:9.2.0 @id:index-template.put.dates @req:index-template.put.dates
  Scenario: A replacement keeps the date of creation and moves that of the change
    Given an index template
    When 20 milliseconds pass
    And the index template is created with:
      """
      {"index_patterns": ["{index_template}-*"], "priority": 8}
      """
    Then the response status is 200
    And only these fields of the index template have changed:
      | /priority             |
      | /modified_date_millis |
    And the index template at "/created_date_millis" equals "<time>"
    And the index template at "/modified_date_millis" equals "<time>"

  @documented @id:index-template.delete.route @req:index-template.delete.route
  Scenario: A deleted index template is gone
    Given an index template
    When the index template is deleted
    Then the response status is 200
    And the response is the JSON:
      """
      {"acknowledged": true}
      """
    And the index template is gone

  @documented @id:index-template.delete.several @req:index-template.delete.several
  Scenario: Several index templates are deleted at once
    Given an index template "one"
    And an index template "other"
    And an index template "third"
    When I send DELETE "/_index_template/{one},{other}"
    Then the response status is 200
    And the index template "one" is gone
    And the index template "other" is gone
    And the index template "third" is unchanged

  @contract @id:index-template.delete.not-found @req:index-template.delete.not-found
  Scenario: What is not there cannot be deleted
    Given an id that no index template has
    When the index template is deleted
    Then the request is rejected with status 404 as "index_template_missing_exception" saying "index_template [{index_template}] missing"

  @contract @id:index-template.delete.all-or-none @req:index-template.delete.all-or-none
  Scenario: Where one of several is not there, none is deleted
    Given an index template
    And an id that no component template has
    When I send DELETE "/_index_template/{index_template},{component_template}"
    Then the response status is 404
    And the response at "/status" equals 404
    And the index template is unchanged

  @contract @id:index-template.routing.methods @req:index-template.routing.methods
  Scenario Outline: <method> <path> is not a call
    Given an index template
    When I send <method> "<path>" with the body:
      """
      {}
      """
    Then the response status is 405
    And the response at "/status" equals 405
    And the response at "/error" contains "Incorrect HTTP method for uri"
    And the index template is unchanged

    Examples:
      | method | path                              |
      | PATCH  | /_index_template/{index_template} |
      | PUT    | /_index_template                  |
      | DELETE | /_index_template                  |

  @contract @id:index-template.routing.parameters @req:index-template.routing.parameters
  Scenario Outline: <method> does not take the parameter <parameter>
    Given an index template
    And the next request has the query "<parameter>=1s"
    When I send <method> "/_index_template/{index_template}"
    Then the request is rejected with status 400 as "illegal_argument_exception" saying "request [/_index_template/{index_template}] contains unrecognized parameter: [<parameter>]"
    And the index template is unchanged

    Examples:
      | method | parameter |
      | GET    | surprise  |
      | DELETE | timeout   |
