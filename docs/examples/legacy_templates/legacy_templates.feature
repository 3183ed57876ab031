@contract @legacy-templates
Feature: Legacy index templates

  @id:legacy-template.creates @req:legacy-template.put.route
  Scenario: A legacy template is read back as it was created
    When the legacy template is created with:
      """
      {"index_patterns": ["{legacy_template}-*"], "order": 3, "settings": {"number_of_shards": 2}}
      """
    Then the response status is 200
    And the legacy template is the JSON:
      """
      {"index_patterns": ["{legacy_template}-*"], "order": 3, "settings": {"index": {"number_of_shards": "2"}}, "mappings": {}, "aliases": {}}
      """

  @id:legacy-template.rejects @req:legacy-template.put.rejects
  Scenario: A faulty replacement changes nothing
    Given a legacy template
    When the legacy template is created with:
      """
      {"order": 3}
      """
    Then the response status is 400
    And the response at "/error/reason" contains "index patterns are missing"
    And the legacy template is unchanged

  @id:legacy-template.deletes @req:legacy-template.delete.route
  Scenario: A deleted legacy template is gone
    Given a legacy template
    When the legacy template is deleted
    Then the response status is 200
    And the legacy template is gone
