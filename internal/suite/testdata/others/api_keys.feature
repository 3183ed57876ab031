@contract @needs:security
Feature: API keys

  @id:others.keys.own
  Scenario: A key is made useless
    Given an API key "key"
    When I send DELETE "/_security/api_key" with the body:
      """
      {"name": "{key}"}
      """
    Then the response at "/invalidated_api_keys" has the length 1
    And the API key "key" is gone

  @id:others.keys.plain
  Scenario: A key with a plain name
    When I send POST "/_security/api_key" with the body:
      """
      {"name": "key of others", "expiration": "1h"}
      """
    Then the response status is 200
    And the response at "/name" equals "key of others"
