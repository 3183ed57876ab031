@index-templates @since:8.12.0
Feature: Index templates that are composed of component templates

  @documented @id:index-template.composed-of.order @req:index-template.composed-of.order
  Scenario: Later component templates win over earlier ones, and the index template over all
    Given a component template "first" created with:
      """
      {"template": {"settings": {"number_of_shards": 1, "number_of_replicas": 1, "refresh_interval": "1s"},
                    "mappings": {"properties": {"a": {"type": "keyword"}, "b": {"type": "keyword"}, "c": {"type": "keyword"}}}}}
      """
    And a component template "second" created with:
      """
      {"template": {"settings": {"number_of_replicas": 2, "refresh_interval": "2s"},
                    "mappings": {"properties": {"b": {"type": "long"}, "c": {"type": "long"}}}}}
      """
    And an index template created with:
      """
      {"index_patterns": ["{index_template}-*"], "composed_of": ["{first}", "{second}"],
       "template": {"settings": {"refresh_interval": "3s"}, "mappings": {"properties": {"c": {"type": "date"}}}}}
      """
    Then the component template "first" at "/template" is the JSON:
      """
      {"settings": {"index": {"number_of_shards": "1", "number_of_replicas": "1", "refresh_interval": "1s"}},
       "mappings": {"properties": {"a": {"type": "keyword"}, "b": {"type": "keyword"}, "c": {"type": "keyword"}}}}
      """
    And the index template at "/template" equals {"settings": {"index": {"refresh_interval": "3s"}}, "mappings": {"properties": {"c": {"type": "date"}}}}
    When I send PUT "/{index_template}-1"
    And I send GET "/{index_template}-1"
    Then the response status is 200
    And the response at "/{index_template}-1/settings/index" contains the JSON:
      """
      {"number_of_shards": "1", "number_of_replicas": "2", "refresh_interval": "3s"}
      """
    And the response at "/{index_template}-1/mappings" equals {"properties": {"a": {"type": "keyword"}, "b": {"type": "long"}, "c": {"type": "date"}}}

  @documented @id:index-template.composed-of.other-order @req:index-template.composed-of.order
  Scenario: The order is that of composed_of, and not that of the names
    Given a component template "first" created with:
      """
      {"template": {"settings": {"refresh_interval": "1s"}}}
      """
    And a component template "second" created with:
      """
      {"template": {"settings": {"refresh_interval": "2s"}}}
      """
    And an index template created with:
      """
      {"index_patterns": ["{index_template}-*"], "composed_of": ["{second}", "{first}"]}
      """
    When the index template is simulated
    Then the response status is 200
    And the response at "/template/settings/index/refresh_interval" equals "1s"

  @documented @id:index-template.composed-of.merges @req:index-template.composed-of.merges
  Scenario: Aliases and mappings of all parts come together
    Given a component template "first" created with:
      """
      {"template": {"aliases": {"{first}-alias": {}}, "mappings": {"dynamic": "strict"}}}
      """
    And a component template "second" created with:
      """
      {"template": {"aliases": {"{second}-alias": {}}, "mappings": {"properties": {"a": {"type": "ip"}}}}}
      """
    And an index template created with:
      """
      {"index_patterns": ["{index_template}-*"], "composed_of": ["{first}", "{second}"], "template": {"aliases": {"{index_template}-alias": {}}}}
      """
    When I send PUT "/{index_template}-1"
    And I send GET "/{index_template}-1"
    Then the response status is 200
    And the response at "/{index_template}-1/aliases" equals {"{first}-alias": {}, "{second}-alias": {}, "{index_template}-alias": {}}
    And the response at "/{index_template}-1/mappings" equals {"dynamic": "strict", "properties": {"a": {"type": "ip"}}}

  @documented @id:index-template.composed-of.missing @req:index-template.composed-of.missing
  Scenario: An index template cannot be composed of what is not there
    Given an id that no component template has
    And an id that no index template has
    When the index template is created with:
      """
      {"index_patterns": ["{index_template}-*"], "composed_of": ["{component_template}"]}
      """
    Then the request is rejected with status 400 as "invalid_index_template_exception" saying "index_template [{index_template}] invalid, cause [index template [{index_template}] specifies component templates [{component_template}] that do not exist]"
    And the index template is gone

  @documented @id:index-template.ignore-missing.allowed @req:index-template.ignore-missing
  Scenario: What is named under ignore_missing_component_templates may be missing
    Given an id that no component template has
    When the index template is created with:
      """
      {"index_patterns": ["{index_template}-*"], "composed_of": ["{component_template}"], "ignore_missing_component_templates": ["{component_template}"]}
      """
    Then the response status is 200
    And the index template is the JSON, ignoring "created_date_millis, modified_date_millis":
      """
      {"index_patterns": ["{index_template}-*"], "composed_of": ["{component_template}"], "ignore_missing_component_templates": ["{component_template}"]}
      """

  @documented @id:index-template.ignore-missing.others @req:index-template.ignore-missing
  Scenario: What is not named there may not be missing
    Given an id that no component template has
    And an id that no index template has
    When the index template is created with:
      """
      {"index_patterns": ["{index_template}-*"], "composed_of": ["{component_template}"], "ignore_missing_component_templates": ["{component_template}-other"]}
      """
    Then the response status is 400
    And the response at "/status" equals 400
    And the response at "/error/type" equals "invalid_index_template_exception"
    And the response at "/error/reason" contains "is not part of 'ignore_missing_component_templates'"
    And the index template is gone

  @contract @id:index-template.ignore-missing.later @req:index-template.ignore-missing.later
  Scenario: A missing component template counts as soon as it is there
    Given an id that no component template has
    And an index template created with:
      """
      {"index_patterns": ["{index_template}-*"], "composed_of": ["{component_template}"], "ignore_missing_component_templates": ["{component_template}"]}
      """
    When the index template is simulated
    Then the response status is 200
    And the response at "/template/settings/index/refresh_interval" is absent
    When the component template is created with:
      """
      {"template": {"settings": {"refresh_interval": "9s"}}}
      """
    And the index template is simulated
    Then the response status is 200
    And the response at "/template/settings/index/refresh_interval" equals "9s"

  @contract @id:index-template.composed-of.twice @req:index-template.composed-of.twice
  Scenario: A component template may be named twice
    Given a component template
    When the index template is created with:
      """
      {"index_patterns": ["{index_template}-*"], "composed_of": ["{component_template}", "{component_template}"]}
      """
    Then the response status is 200
    And the index template at "/composed_of" equals ["{component_template}", "{component_template}"]

  @contract @id:component-template.put.affects-index-templates @req:component-template.put.affects
  Scenario: A change of a component template shows in what is composed of it
    Given a component template created with:
      """
      {"template": {"settings": {"refresh_interval": "1s"}}}
      """
    And an index template created with:
      """
      {"index_patterns": ["{index_template}-*"], "composed_of": ["{component_template}"]}
      """
    When the component template is created with:
      """
      {"template": {"settings": {"refresh_interval": "8s"}}}
      """
    Then the response status is 200
    And the index template is unchanged
    When the index template is simulated
    Then the response status is 200
    And the response at "/template/settings/index/refresh_interval" equals "8s"
