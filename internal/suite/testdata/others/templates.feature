@contract
Feature: Templates

  @id:others.templates.plain
  Scenario: Templates with plain names
    When I send PUT "/_component_template/part-of-others" with the body:
      """
      {"template": {"settings": {"number_of_shards": 1}}}
      """
    And I send PUT "/_index_template/whole-of-others" with the body:
      """
      {"index_patterns": ["whole-of-others-*"], "composed_of": ["part-of-others"]}
      """
    Then the response status is 200
    When I send PUT "/_index_template/whole-of-others" with the body:
      """
      {"index_patterns": ["whole-of-others-*"], "version": 2}
      """
    Then the response status is 200

  @id:others.templates.legacy
  Scenario: A legacy template, which no catalogue of the project knows
    Given a name saved as "legacy"
    When I send PUT "/_template/{legacy}" with the body:
      """
      {"index_patterns": ["{legacy}-*"]}
      """
    Then the response status is 200
    And I save the response at "" as "whole"
    When I send GET "/_template/{legacy}"
    Then the response at "/{legacy}/index_patterns" equals ["{legacy}-*"]
    And the response at "/{legacy}/aliases" equals {}
