@index-templates @since:8.12.0
Feature: Which index template is used
  Only one index template is used for an index: that of the highest priority.

  @documented @id:index-template.priority.highest @req:index-template.priority.highest
  Scenario: The index template of the highest priority is used, and no other
    Given an index template "low" created with:
      """
      {"index_patterns": ["{low}-*"], "priority": 1, "template": {"settings": {"refresh_interval": "1s"}, "mappings": {"properties": {"a": {"type": "keyword"}}}}}
      """
    And an index template "high" created with:
      """
      {"index_patterns": ["{low}-*"], "priority": 2, "template": {"settings": {"number_of_shards": 2}}}
      """
    When I send PUT "/{low}-1"
    And I send GET "/{low}-1"
    Then the response status is 200
    And the response at "/{low}-1/settings/index/number_of_shards" equals "2"
    And the response at "/{low}-1/settings/index/refresh_interval" is absent
    And the response at "/{low}-1/mappings" equals {}

  @documented @id:index-template.priority.default @req:index-template.priority.default
  Scenario: An index template without a priority has the lowest
    Given an index template "low" created with:
      """
      {"index_patterns": ["{low}-*"], "template": {"settings": {"refresh_interval": "1s"}}}
      """
    And an index template "high" created with:
      """
      {"index_patterns": ["{low}-*"], "priority": 1, "template": {"settings": {"refresh_interval": "2s"}}}
      """
    When I send POST "/_index_template/_simulate_index/{low}-1"
    Then the response status is 200
    And the response at "/template/settings/index/refresh_interval" equals "2s"

  @documented @id:index-template.priority.conflict @req:index-template.priority.conflict
  Scenario Outline: Patterns that <overlap> conflict where the priority is the same
    Given an index template "first" created with:
      """
      {"index_patterns": ["{first}-*"], "priority": 5}
      """
    And an id that no index template has
    When the index template is created with:
      """
      {"index_patterns": ["<pattern>"], "priority": 5}
      """
    Then the response status is 400
    And the response at "/status" equals 400
    And the response at "/error/type" equals "illegal_argument_exception"
    And the response at "/error/reason" contains "that have the same priority [5], multiple index templates may not match during index creation"
    And the response at "/error/reason" contains "index template [{index_template}] has index patterns [<pattern>]"
    And the index template is gone
    And the index template "first" is unchanged

    Examples:
      | overlap             | pattern        |
      | are the same        | {first}-*      |
      | are part of others  | {first}-logs-* |
      | have others in them | {first}*       |

  @documented @id:index-template.priority.no-conflict @req:index-template.priority.conflict
  Scenario: The same patterns are taken with another priority
    Given an index template "first" created with:
      """
      {"index_patterns": ["{first}-*"], "priority": 5}
      """
    When the index template is created with:
      """
      {"index_patterns": ["{first}-*"], "priority": 6}
      """
    Then the response status is 200
    And the index template at "/priority" equals 6

  @contract @id:index-template.priority.same-template @req:index-template.priority.same-template
  Scenario: An index template does not conflict with the one that it replaces
    Given an index template created with:
      """
      {"index_patterns": ["{index_template}-*"], "priority": 5}
      """
    When the index template is created with:
      """
      {"index_patterns": ["{index_template}-*"], "priority": 5, "version": 2}
      """
    Then the response status is 200
    And the index template at "/version" equals 2

  @contract @id:index-template.priority.change-to-conflict @req:index-template.priority.conflict
  Scenario: A change of the priority that leads to a conflict is rejected
    Given an index template "first" created with:
      """
      {"index_patterns": ["{first}-*"], "priority": 5}
      """
    And an index template created with:
      """
      {"index_patterns": ["{first}-*"], "priority": 6}
      """
    When the index template is created with:
      """
      {"index_patterns": ["{first}-*"], "priority": 5}
      """
    Then the response status is 400
    And the response at "/status" equals 400
    And the response at "/error/type" equals "illegal_argument_exception"
    And the index template is unchanged

  @contract @id:index-template.priority.values @req:index-template.priority.values
  Scenario Outline: The priority may be <priority>
    When the index template is created with:
      """
      {"index_patterns": ["{index_template}-*"], "priority": <priority>}
      """
    Then the response status is 200
    And the index template at "/priority" equals <priority>

    Examples:
      | priority            |
      | 0                   |
      | 9007199254740993    |
      | 9223372036854775807 |
