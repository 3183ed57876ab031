@security @needs:security @x-accounts
Feature: What accounts may do, of any API

  @id:accounts.template.refused
  Scenario Outline: Who only monitors may not <call> an index template
    Given an index template
    And a user with these privileges:
      """
      {"cluster": ["monitor"]}
      """
    When they send <request>
    Then they are refused for lack of a privilege
    And the answer repeats no credential
    And nothing has changed

    Examples:
      | call     | request                                                                                  |
      | replace  | PUT "/_index_template/{index_template}" with {"index_patterns":["{index_template}-x"]}   |
      | delete   | DELETE "/_index_template/{index_template}"                                               |
      | simulate | POST "/_index_template/_simulate/{index_template}"                                       |

  @id:accounts.template.allowed
  Scenario: Who manages templates may
    Given a name saved as "one"
    And an API key with these privileges:
      """
      {"cluster": ["manage_index_templates"]}
      """
    When they send PUT "/_index_template/{one}" with {"index_patterns":["{one}-*"]}
    Then they are allowed to
    When they send GET "/_index_template/{one}"
    Then they are allowed to
    When they send DELETE "/_index_template/{one}"
    Then they are allowed to

  @id:accounts.document.refused
  Scenario: Who may read an index may not write to it
    Given an index
    And these requests have succeeded:
      | PUT /{index}/_doc/1?refresh=true | {"title": "one"} |
    And a user with these privileges:
      """
      {"indices": [{"names": ["{index}"], "privileges": ["read"]}]}
      """
    When they send GET "/{index}/_doc/1"
    Then the response status is 200
    And the response at "/_source/title" equals "one"
    When they send PUT "/{index}/_doc/2" with {"title":"two"}
    Then they are refused for lack of a privilege
    And nothing has changed
