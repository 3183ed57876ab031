@index-templates @since:8.12.0
Feature: Component templates
  A component template is a part of index templates: settings, mappings and
  aliases under a name.

  @documented @id:component-template.put.creates @req:component-template.put.route @req:component-template.put.answer @req:component-template.get.route
  Scenario: A component template is read back as it was created
    When the component template is created with:
      """
      {"template": {"settings": {"number_of_shards": 2}, "mappings": {"properties": {"a": {"type": "keyword"}}}, "aliases": {"{component_template}-alias": {}}},
       "version": 3, "_meta": {"by": ["esconform", 1, null]}}
      """
    Then the response status is 200
    And the response is the JSON:
      """
      {"acknowledged": true}
      """
    And the component template is the JSON, ignoring "created_date_millis, modified_date_millis":
      """
      {"template": {"settings": {"index": {"number_of_shards": "2"}}, "mappings": {"properties": {"a": {"type": "keyword"}}}, "aliases": {"{component_template}-alias": {}}},
       "version": 3, "_meta": {"by": ["esconform", 1, null]}}
      """

  @documented @id:component-template.put.post @req:component-template.put.post
  Scenario: POST creates a component template as PUT does
    Given an id that no component template has
    When I send POST "/_component_template/{component_template}" with the body:
      """
      {"template": {"settings": {"number_of_replicas": 0}}}
      """
    Then the response status is 200
    And the response is the JSON:
      """
      {"acknowledged": true}
      """
    And the component template at "/template" equals {"settings": {"index": {"number_of_replicas": "0"}}}

  @documented @id:component-template.put.replaces @req:component-template.put.replaces
  Scenario: A second PUT replaces the whole component template
    Given a component template created with:
      """
      {"template": {"settings": {"number_of_shards": 2}}, "version": 1, "_meta": {"a": 1}}
      """
    Then the component template at "/_meta" equals {"a": 1}
    When the component template is created with:
      """
      {"template": {"mappings": {"dynamic": "strict"}}}
      """
    Then the response status is 200
    And the component template is the JSON, ignoring "created_date_millis, modified_date_millis":
      """
      {"template": {"mappings": {"dynamic": "strict"}}}
      """

  @documented @id:component-template.put.create-only @req:component-template.put.create-only
  Scenario: With create=true an existing component template stays as it is
    Given a component template
    And the next request has the query "create=true"
    When the component template is created with:
      """
      {"template": {"settings": {"number_of_shards": 5}}}
      """
    Then the request is rejected with status 400 as "illegal_argument_exception" saying "component template [{component_template}] already exists"
    And the component template is unchanged

  @documented @id:component-template.put.create-only-new @req:component-template.put.create-only
  Scenario: With create=true a new component template is created
    Given an id that no component template has
    And the next request has the query "create=true"
    When the component template is created
    Then the response status is 200
    And the component template is there

  @contract @id:component-template.put.rejected @req:component-template.put.rejects
  Scenario Outline: A component template with <fault> is rejected and nothing is created
    Given an id that no component template has
    When the component template is created with:
      """
      <body>
      """
    Then the response status is 400
    And the response at "/status" equals 400
    And the response at "/error/type" equals "<type>"
    And the response at "/error/reason" contains "<reason>"
    And the component template is gone

    Examples:
      | fault                    | body                                                                    | type                       | reason                                                                  |
      | no template              | {}                                                                      | illegal_argument_exception | Required [template]                                                     |
      | an unknown field         | {"template": {}, "surprise": 1}                                         | x_content_parse_exception  | [component_template] unknown field [surprise]                           |
      | an unknown part          | {"template": {"surprise": 1}}                                           | x_content_parse_exception  | [component_template] failed to parse field [template]                   |
      | an unknown setting       | {"template": {"settings": {"index.surprise": 1}}}                       | illegal_argument_exception | unknown setting [index.surprise]                                        |
      | an unknown type          | {"template": {"mappings": {"properties": {"a": {"type": "surprise"}}}}} | mapper_parsing_exception   | The mapper type [surprise] declared on field [a] does not exist         |
      | a version that is text   | {"template": {}, "version": "first"}                                    | x_content_parse_exception  | [component_template] failed to parse field [version]                    |
      | a _meta that is a number | {"template": {}, "_meta": 1}                                            | x_content_parse_exception  | [component_template] _meta doesn't support values of type: VALUE_NUMBER |
      | allow_auto_create        | {"template": {}, "allow_auto_create": true}                             | x_content_parse_exception  | [component_template] unknown field [allow_auto_create]                  |

  @contract @id:component-template.put.rejected-replacement @req:component-template.put.rejects
  Scenario: A faulty replacement leaves the component template as it is
    Given a component template
    When the component template is created with:
      """
      {"template": {}, "surprise": 1}
      """
    Then the response status is 400
    And the response at "/status" equals 400
    And the response at "/error/type" equals "x_content_parse_exception"
    And the component template is unchanged

  @contract @id:component-template.put.no-body @req:component-template.put.no-body
  Scenario: A component template without a body is rejected
    Given an id that no component template has
    When I send PUT "/_component_template/{component_template}"
    Then the request is rejected with status 400 as "parse_exception" saying "request body is required"
    And the component template is gone

  @contract @since:9.2.0 @id:component-template.put.dates @req:component-template.put.dates
  Scenario: A replacement keeps the date of creation and moves that of the change
    Given a component template
    When 20 milliseconds pass
    And the component template is created with:
      """
      {"template": {"settings": {"number_of_shards": 7}}}
      """
    Then the response status is 200
    And only these fields of the component template have changed:
      | /template             |
      | /modified_date_millis |
    And the component template at "/created_date_millis" equals "<time>"
    And the component template at "/modified_date_millis" equals "<time>"

  @documented @id:component-template.delete.route @req:component-template.delete.route
  Scenario: A deleted component template is gone
    Given a component template
    When the component template is deleted
    Then the response status is 200
    And the response is the JSON:
      """
      {"acknowledged": true}
      """
    And the component template is gone

  @documented @id:component-template.delete.several @req:component-template.delete.several
  Scenario: Several component templates are deleted at once
    Given a component template "one"
    And a component template "other"
    And a component template "third"
    When I send DELETE "/_component_template/{one},{other}"
    Then the response status is 200
    And the component template "one" is gone
    And the component template "other" is gone
    And the component template "third" is unchanged

  @contract @id:component-template.delete.not-found @req:component-template.delete.not-found
  Scenario: What is not there cannot be deleted
    Given an id that no component template has
    When the component template is deleted
    Then the request is rejected with status 404 as "resource_not_found_exception" saying "{component_template}"

  @documented @id:component-template.delete.in-use @req:component-template.delete.in-use
  Scenario: A component template that an index template is composed of cannot be deleted
    Given a component template
    And an index template created with:
      """
      {"index_patterns": ["{index_template}-*"], "composed_of": ["{component_template}"]}
      """
    When the component template is deleted
    Then the request is rejected with status 400 as "illegal_argument_exception" saying "component templates [{component_template}] cannot be removed as they are still in use by index templates [{index_template}]"
    And the component template is unchanged

  @documented @id:component-template.delete.no-longer-in-use @req:component-template.delete.in-use
  Scenario: It can be deleted once nothing is composed of it
    Given a component template
    And an index template created with:
      """
      {"index_patterns": ["{index_template}-*"], "composed_of": ["{component_template}"]}
      """
    When the index template is deleted
    And the component template is deleted
    Then the response status is 200
    And the component template is gone

  @contract @id:component-template.delete.all-or-none @req:component-template.delete.all-or-none
  Scenario: Where one of several is in use, none is deleted
    Given a component template "free"
    And a component template "used"
    And an index template created with:
      """
      {"index_patterns": ["{index_template}-*"], "composed_of": ["{used}"]}
      """
    When I send DELETE "/_component_template/{free},{used}"
    Then the response status is 400
    And the response at "/status" equals 400
    And the component template "free" is unchanged
    And the component template "used" is unchanged
