@contract
Feature: Stored scripts

  @id:others.scripts.plain
  Scenario: A stored script
    Given a name saved as "script"
    When I send PUT "/_scripts/{script}" with the body:
      """
      {"script": {"lang": "expression", "source": "1 + 1"}}
      """
    Then the response status is 400
    And the response at "/error/reason" contains "expression"

  @id:others.scripts.module @needs:module:lang-painless
  Scenario: A stored script where there is a language for it
    Given a name saved as "script"
    When I send PUT "/_scripts/{script}" with the body:
      """
      {"script": {"lang": "painless", "source": "1 + 1"}}
      """
    Then the response status is 200
