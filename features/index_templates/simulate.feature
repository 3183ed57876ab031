@index-templates @since:8.12.0
Feature: What a new index would get
  A simulation says what an index gets without creating anything.

  Background:
    Given a component template created with:
      """
      {"template": {"settings": {"refresh_interval": "1s"}, "mappings": {"properties": {"a": {"type": "keyword"}}}, "aliases": {"{component_template}-alias": {}}}}
      """
    And an index template created with:
      """
      {"index_patterns": ["{index_template}-*"], "priority": 3, "composed_of": ["{component_template}"],
       "template": {"settings": {"number_of_shards": 2}, "mappings": {"properties": {"b": {"type": "long"}}}}}
      """

  @documented @id:index-template.simulate.one @req:index-template.simulate.one
  Scenario: An index template is simulated with all its parts
    Then the index template is the JSON, ignoring "created_date_millis, modified_date_millis":
      """
      {"index_patterns": ["{index_template}-*"], "priority": 3, "composed_of": ["{component_template}"],
       "template": {"settings": {"index": {"number_of_shards": "2"}}, "mappings": {"properties": {"b": {"type": "long"}}}}}
      """
    When the index template is simulated
    Then the response status is 200
    And the response matches the schema "simulated-template"
    And the response is the JSON:
      """
      {"template": {"settings": {"index": {"number_of_shards": "2", "refresh_interval": "1s", "routing": {"allocation": {"include": {"_tier_preference": "data_content"}}}}},
                    "mappings": {"properties": {"a": {"type": "keyword"}, "b": {"type": "long"}}},
                    "aliases": {"{component_template}-alias": {}}},
       "overlapping": []}
      """
    And the index template is unchanged

  @documented @id:index-template.simulate-index.true @req:index-template.simulate-index.true
  Scenario: What is simulated for an index is what it really gets
    When I send POST "/_index_template/_simulate_index/{index_template}-1"
    Then the response status is 200
    And the response matches the schema "simulated-template"
    And the response is the JSON:
      """
      {"template": {"settings": {"index": {"number_of_shards": "2", "refresh_interval": "1s", "routing": {"allocation": {"include": {"_tier_preference": "data_content"}}}}},
                    "mappings": {"properties": {"a": {"type": "keyword"}, "b": {"type": "long"}}},
                    "aliases": {"{component_template}-alias": {}}},
       "overlapping": []}
      """
    And I save the response at "/template/settings/index/refresh_interval" as "interval"
    And I save the response at "/template/mappings" as "mappings"
    And I save the response at "/template/aliases" as "aliases"
    When I send PUT "/{index_template}-1"
    And I send GET "/{index_template}-1"
    Then the response status is 200
    And the response at "/{index_template}-1/mappings" equals {mappings}
    And the response at "/{index_template}-1/aliases" equals {aliases}
    And the response at "/{index_template}-1/settings/index/refresh_interval" equals "{interval}"
    And the response at "/{index_template}-1/settings/index/number_of_shards" equals "2"

  @documented @id:index-template.simulate-index.nothing-created @req:index-template.simulate.creates-nothing
  Scenario: A simulation creates no index
    When I send POST "/_index_template/_simulate_index/{index_template}-1"
    Then the response status is 200
    When I send HEAD "/{index_template}-1"
    Then the response status is 404

  @documented @id:index-template.simulate.body @req:index-template.simulate.body
  Scenario: An index template that is not there can be simulated by its body
    When I send POST "/_index_template/_simulate" with the body:
      """
      {"index_patterns": ["{index_template}-*"], "priority": 4, "composed_of": ["{component_template}"], "template": {"settings": {"refresh_interval": "6s"}}}
      """
    Then the response status is 200
    And the response is the JSON:
      """
      {"template": {"settings": {"index": {"refresh_interval": "6s", "routing": {"allocation": {"include": {"_tier_preference": "data_content"}}}}}, "mappings": {"properties": {"a": {"type": "keyword"}}}, "aliases": {"{component_template}-alias": {}}},
       "overlapping": [{"name": "{index_template}", "index_patterns": ["{index_template}-*"]}]}
      """
    And the index template is unchanged

  @documented @id:index-template.simulate-index.body @req:index-template.simulate-index.body
  Scenario: An index is simulated as if there were another index template
    When I send POST "/_index_template/_simulate_index/{index_template}-1" with the body:
      """
      {"index_patterns": ["{index_template}-*"], "priority": 4, "template": {"mappings": {"properties": {"c": {"type": "ip"}}}}}
      """
    Then the response status is 200
    And the response at "/template/mappings" equals {"properties": {"c": {"type": "ip"}}}
    And the response at "/template/aliases" equals {}
    And the response at "/overlapping" equals [{"name": "{index_template}", "index_patterns": ["{index_template}-*"]}]

  @documented @id:index-template.simulate.overlapping @req:index-template.simulate.overlapping
  Scenario: Index templates of lower priority that match are named
    Given an index template "high" created with:
      """
      {"index_patterns": ["{index_template}-*"], "priority": 9}
      """
    When I send POST "/_index_template/_simulate_index/{index_template}-1"
    Then the response status is 200
    And the response at "/template/aliases" equals {}
    And the response at "/overlapping" equals [{"name": "{index_template}", "index_patterns": ["{index_template}-*"]}]

  @contract @id:index-template.simulate-index.no-match @req:index-template.simulate-index.no-match
  Scenario: An index that no index template matches gets nothing
    When I send POST "/_index_template/_simulate_index/{index_template}.1"
    Then the response status is 200
    And the response is the JSON:
      """
      {}
      """

  @contract @id:index-template.simulate.unknown @req:index-template.simulate.unknown
  Scenario: An index template that is not there cannot be simulated
    When I send POST "/_index_template/_simulate/{index_template}-no"
    Then the request is rejected with status 400 as "illegal_argument_exception" saying "unable to simulate template [{index_template}-no] that does not exist"

  @contract @id:index-template.simulate.missing-component @req:index-template.simulate.missing-component
  Scenario: A simulation cannot be composed of what is not there
    When I send POST "/_index_template/_simulate" with the body:
      """
      {"index_patterns": ["{index_template}-*"], "composed_of": ["{component_template}-no"]}
      """
    Then the response status is 400
    And the response at "/status" equals 400
    And the response at "/error/type" equals "invalid_index_template_exception"
    And the response at "/error/reason" contains "specifies component templates [{component_template}-no] that do not exist"
    And the response at "/error/reason" matches "that do not exist.$"

  @contract @id:index-template.simulate.nothing @req:index-template.simulate.nothing
  Scenario: Without a name and a body there is nothing to simulate
    When I send POST "/_index_template/_simulate"
    Then the request is rejected with status 400 as "action_request_validation_exception" saying "Validation Failed: 1: either index name or index template body must be specified for simulation;"
