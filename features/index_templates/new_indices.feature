@index-templates @since:8.12.0
Feature: What new indices get from index templates

  Background:
    Given an index template created with:
      """
      {"index_patterns": ["{index_template}-*"],
       "template": {"settings": {"number_of_shards": 2, "refresh_interval": "5s"}, "mappings": {"properties": {"a": {"type": "long"}}}, "aliases": {"{index_template}.alias": {"is_hidden": true}}}}
      """

  @documented @id:index-template.applied.all @req:index-template.applied.all
  Scenario: A new index gets settings, mappings and aliases
    Then the index template at "/template" is the JSON:
      """
      {"settings": {"index": {"number_of_shards": "2", "refresh_interval": "5s"}}, "mappings": {"properties": {"a": {"type": "long"}}}, "aliases": {"{index_template}.alias": {"is_hidden": true}}}
      """
    When I send PUT "/{index_template}-1"
    And I send GET "/{index_template}-1"
    Then the response status is 200
    And the response at "/{index_template}-1" is the JSON, ignoring "creation_date, uuid, version, provided_name, routing, number_of_replicas":
      """
      {"settings": {"index": {"number_of_shards": "2", "refresh_interval": "5s"}}, "mappings": {"properties": {"a": {"type": "long"}}}, "aliases": {"{index_template}.alias": {"is_hidden": true}}}
      """

  @documented @id:index-template.applied.request-wins @req:index-template.applied.request-wins
  Scenario: What the request for the index says wins over the index template
    When I send PUT "/{index_template}-1" with the body:
      """
      {"settings": {"number_of_shards": 3}, "mappings": {"properties": {"a": {"type": "date"}, "b": {"type": "ip"}}}}
      """
    And I send GET "/{index_template}-1"
    Then the response status is 200
    And the response at "/{index_template}-1/settings/index" contains the JSON:
      """
      {"number_of_shards": "3", "refresh_interval": "5s"}
      """
    And the response at "/{index_template}-1/mappings" equals {"properties": {"a": {"type": "date"}, "b": {"type": "ip"}}}

  @documented @id:index-template.applied.by-document @req:index-template.applied.by-document
  Scenario: An index that comes into being with a document gets it, too
    When I send PUT "/{index_template}-1/_doc/1" with the body:
      """
      {"a": "17"}
      """
    Then the response status is 201
    When I send GET "/{index_template}-1/_mapping"
    Then the response status is 200
    And the response is the JSON:
      """
      {"{index_template}-1": {"mappings": {"properties": {"a": {"type": "long"}}}}}
      """

  @documented @id:index-template.applied.by-bulk @req:index-template.applied.by-document
  Scenario: An index that comes into being by a bulk request gets it, too
    Given the next request has the header "Content-Type" set to "application/x-ndjson"
    When I send POST "/_bulk" with the body:
      """
      {"create": {"_index": "{index_template}-1", "_id": "1"}}
      {"a": 5}

      """
    Then the response status is 200
    And the response at "/errors" equals false
    When I send GET "/{index_template}-1/_settings"
    Then the response status is 200
    And the response at "/{index_template}-1/settings/index/number_of_shards" equals "2"
    And the response at "/{index_template}-1" has the length 1

  @documented @id:index-template.applied.other-names @req:index-template.applied.other-names
  Scenario: An index whose name does not match gets nothing
    When I send PUT "/{index_template}.1"
    And I send GET "/{index_template}.1"
    Then the response status is 200
    And the response at "/{index_template}.1/mappings" equals {}
    And the response at "/{index_template}.1/aliases" equals {}
    And the response at "/{index_template}.1/settings/index/number_of_shards" equals "1"

  @documented @id:index-template.applied.later @req:index-template.applied.later
  Scenario: A change of the index template changes no index that is there
    When I send PUT "/{index_template}-1"
    Then the response status is 200
    When the index template is created with:
      """
      {"index_patterns": ["{index_template}-*"], "template": {"settings": {"refresh_interval": "9s"}}}
      """
    And I send GET "/{index_template}-1/_settings"
    Then the response status is 200
    And the response at "/{index_template}-1/settings/index/refresh_interval" equals "5s"

  @documented @id:index-template.applied.deleted @req:index-template.applied.deleted
  Scenario: A deleted index template is used no more, and the index keeps what it got
    When I send PUT "/{index_template}-1"
    And the index template is deleted
    Then the response status is 200
    When I send PUT "/{index_template}-2"
    And I send GET "/{index_template}-*/_settings"
    Then the response status is 200
    And the response at "/{index_template}-1/settings/index/refresh_interval" equals "5s"
    And the response at "/{index_template}-2/settings/index/refresh_interval" is absent

  @documented @id:index-template.auto-create.forbidden @req:index-template.auto-create
  Scenario: With allow_auto_create false no index comes into being with a document
    When the index template is created with:
      """
      {"index_patterns": ["{index_template}-*"], "allow_auto_create": false}
      """
    And I send PUT "/{index_template}-1/_doc/1" with the body:
      """
      {"a": 1}
      """
    Then the response status is 404
    And the response at "/error/type" equals "index_not_found_exception"
    And the response at "/error/reason" contains "forbids index auto creation"
    When I send HEAD "/{index_template}-1"
    Then the response status is 404

  @documented @id:index-template.auto-create.explicit @req:index-template.auto-create
  Scenario: With allow_auto_create false an index can still be created by itself
    When the index template is created with:
      """
      {"index_patterns": ["{index_template}-*"], "allow_auto_create": false}
      """
    And I send PUT "/{index_template}-1"
    Then the response status is 200
    And the response at "/index" equals "{index_template}-1"
