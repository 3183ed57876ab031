@index-templates @since:8.12.0
Feature: Templates as they are read and listed

  @documented @id:index-template.get.one @req:index-template.get.route @req:index-template.get.shape
  Scenario: One index template is read by its name
    Given an index template
    When the index template is read
    Then the response status is 200
    And the response is the JSON, ignoring "created_date_millis, modified_date_millis":
      """
      {"index_templates": [{"name": "{index_template}", "index_template": {"index_patterns": ["{index_template}-*"], "composed_of": []}}]}
      """
    And the response matches the schema "index-templates"

  @documented @id:component-template.get.one @req:component-template.get.route @req:component-template.get.shape
  Scenario: One component template is read by its name
    Given a component template
    When the component template is read
    Then the response status is 200
    And the response is the JSON, ignoring "created_date_millis, modified_date_millis":
      """
      {"component_templates": [{"name": "{component_template}", "component_template": {"template": {}}}]}
      """
    And the response matches the schema "component-templates"

  @documented @id:index-template.get.whole @req:index-template.get.shape
  Scenario: An index template with every field is read in the documented shape
    Given an index template created with:
      """
      {"index_patterns": ["{index_template}-*", "{index_template}_*"], "priority": 7, "version": 3, "_meta": {"of": {"n": 1}}, "composed_of": ["{index_template}-no"],
       "ignore_missing_component_templates": ["{index_template}-no"], "allow_auto_create": true,
       "template": {"settings": {"number_of_shards": 1}, "mappings": {"properties": {"a": {"type": "keyword"}}}, "aliases": {"{index_template}-alias": {"is_write_index": true}}}}
      """
    When the index template is read
    Then the response status is 200
    And the response matches the schema "index-templates"
    And the response at "/index_templates/0/index_template" is the JSON, ignoring "created_date_millis, modified_date_millis":
      """
      {"index_patterns": ["{index_template}-*", "{index_template}_*"], "priority": 7, "version": 3, "_meta": {"of": {"n": 1}}, "composed_of": ["{index_template}-no"],
       "ignore_missing_component_templates": ["{index_template}-no"], "allow_auto_create": true,
       "template": {"settings": {"index": {"number_of_shards": "1"}}, "mappings": {"properties": {"a": {"type": "keyword"}}}, "aliases": {"{index_template}-alias": {"is_write_index": true}}}}
      """

  @documented @id:component-template.get.whole @req:component-template.get.shape
  Scenario: A component template with every field is read in the documented shape
    Given a component template created with:
      """
      {"version": 3, "_meta": {"of": {"n": 1}},
       "template": {"settings": {"number_of_shards": 1}, "mappings": {"properties": {"a": {"type": "keyword"}}}, "aliases": {"{component_template}-alias": {"routing": "r"}}}}
      """
    When the component template is read
    Then the response status is 200
    And the response matches the schema "component-templates"
    And the response at "/component_templates/0/component_template" is the JSON, ignoring "created_date_millis, modified_date_millis":
      """
      {"version": 3, "_meta": {"of": {"n": 1}},
       "template": {"settings": {"index": {"number_of_shards": "1"}}, "mappings": {"properties": {"a": {"type": "keyword"}}}, "aliases": {"{component_template}-alias": {"index_routing": "r", "search_routing": "r"}}}}
      """

  @documented @id:index-template.get.all @req:index-template.get.all
  Scenario: All index templates are listed
    Given an index template "one"
    And an index template "other"
    When the index templates are listed
    Then the response status is 200
    And the response contains the JSON:
      """
      {"index_templates": [{"name": "{other}"}, {"name": "{one}"}]}
      """

  @documented @id:component-template.get.all @req:component-template.get.all
  Scenario: All component templates are listed
    Given a component template "one"
    And a component template "other"
    When the component templates are listed
    Then the response status is 200
    And the response contains the JSON:
      """
      {"component_templates": [{"name": "{other}"}, {"name": "{one}"}]}
      """

  @documented @id:template.get.wildcard @req:index-template.get.wildcard @req:component-template.get.wildcard
  Scenario Outline: A star stands for the rest of the names of <resource>s
    Given a <resource> "one"
    And a <resource> "other"
    When I send GET "<path>/{one}*"
    Then the response status is 200
    And the response at "/<list>" has the length 1
    And the response at "/<list>/0/name" equals "{one}"
    And the <resource> "other" is there

    Examples:
      | resource           | path                 | list                |
      | component template | /_component_template | component_templates |

  @documented @id:index-template.get.wildcard @req:index-template.get.wildcard
  Scenario: A star stands for the rest of the names of index templates
    Given an index template "one"
    And an index template "other"
    When I send GET "/_index_template/{one}*"
    Then the response status is 200
    And the response at "/index_templates" has the length 1
    And the response at "/index_templates/0/name" equals "{one}"
    And the index template "other" is there

  @contract @id:index-template.get.no-match @req:index-template.get.no-match
  Scenario: Where no name matches, the list is empty and the status 404
    Given an id that no index template has
    When I send GET "/_index_template/{index_template}*"
    Then the response status is 404
    And the response is the JSON:
      """
      {"index_templates": []}
      """

  @contract @id:component-template.get.no-match @req:component-template.get.no-match
  Scenario: Where no name of a component template matches, the list is empty and the status 404
    Given an id that no component template has
    When I send GET "/_component_template/{component_template}*"
    Then the response status is 404
    And the response is the JSON:
      """
      {"component_templates": []}
      """

  @contract @id:index-template.get.not-found @req:index-template.get.not-found
  Scenario: An index template that is not there is reported by its name
    Given an id that no index template has
    When the index template is read
    Then the response status is 404
    And the response is the JSON:
      """
      {"error": {"root_cause": [{"type": "resource_not_found_exception", "reason": "index template matching [{index_template}] not found"}],
                 "type": "resource_not_found_exception", "reason": "index template matching [{index_template}] not found"},
       "status": 404}
      """

  @contract @id:component-template.get.not-found @req:component-template.get.not-found
  Scenario: A component template that is not there is reported by its name
    Given an id that no component template has
    When the component template is read
    Then the response status is 404
    And the response is the JSON:
      """
      {"error": {"root_cause": [{"type": "resource_not_found_exception", "reason": "component template matching [{component_template}] not found"}],
                 "type": "resource_not_found_exception", "reason": "component template matching [{component_template}] not found"},
       "status": 404}
      """

  @contract @id:index-template.get.no-list @req:index-template.get.no-list
  Scenario: Names of index templates cannot be listed with commas
    Given an index template "one"
    And an index template "other"
    When I send GET "/_index_template/{one},{other}"
    Then the request is rejected with status 400 as "illegal_argument_exception" saying "template name may not contain ','"
    And the index template "one" is there

  @contract @id:component-template.get.no-list @req:component-template.get.no-list
  Scenario: Names of component templates with a comma are one name
    Given a component template "one"
    And a component template "other"
    When I send GET "/_component_template/{one},{other}"
    Then the response status is 404
    And the response at "/status" equals 404
    And the response at "/error/reason" equals "component template matching [{one},{other}] not found"
    And the component template "one" is there

  @documented @id:index-template.head.there @req:index-template.head.there
  Scenario: HEAD says that an index template is there, without a body
    Given an index template
    When the index template is looked for
    Then the response status is 200
    And the response has no body

  @documented @id:index-template.head.not-there @req:index-template.head.not-there
  Scenario: HEAD says that an index template is not there
    Given an id that no index template has
    When the index template is looked for
    Then the response status is 404
    And the response has no body

  @documented @id:component-template.head.there @req:component-template.head.there
  Scenario: HEAD says that a component template is there, without a body
    Given a component template
    When the component template is looked for
    Then the response status is 200
    And the response has no body

  @documented @id:component-template.head.not-there @req:component-template.head.not-there
  Scenario: HEAD says that a component template is not there
    Given an id that no component template has
    When the component template is looked for
    Then the response status is 404
    And the response has no body

  @documented @id:index-template.get.flat-settings @req:index-template.get.flat-settings
  Scenario: Settings are read with their full names where that is asked for
    Given an index template created with:
      """
      {"index_patterns": ["{index_template}-*"], "template": {"settings": {"index": {"number_of_shards": 2, "refresh_interval": "7s"}}}}
      """
    And the next request has the query "flat_settings=true"
    When the index template is read
    Then the response status is 200
    And the response at "/index_templates/0/index_template/template/settings" equals {"index.number_of_shards": "2", "index.refresh_interval": "7s"}

  @documented @id:component-template.get.flat-settings @req:component-template.get.flat-settings
  Scenario: Settings of component templates are read with their full names where that is asked for
    Given a component template created with:
      """
      {"template": {"settings": {"index": {"number_of_shards": 2}}}}
      """
    And the next request has the query "flat_settings=true"
    When the component template is read
    Then the response status is 200
    And the response at "/component_templates/0/component_template/template/settings" equals {"index.number_of_shards": "2"}

  @contract @id:template.get.reading-changes-nothing @req:index-template.get.changes-nothing
  Scenario: Reading changes nothing
    Given an index template
    When I send POST "/_index_template/_simulate/{index_template}"
    And the index template is read
    And the index template is looked for
    Then the response status is 200
    And the index template is unchanged
