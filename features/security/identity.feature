@security @since:8.13.0
Feature: Who somebody is
  Everybody may know who they are; for all else it counts what they were given.

  Background:
    Given a connector of its own with a pending sync job

  @id:security.identity.told @req:security.identity.told
  Scenario Outline: A user with the role <role> is told who they are
    Given a user with the role "<role>"
    When they send GET "/_security/_authenticate"
    Then they are allowed to
    And the response at "/username" equals "{user}"
    And the response at "/authentication_type" equals "realm"

    Examples:
      | role   |
      | nobody |
      | reader |
      | writer |

  @id:security.identity.key @req:security.identity.told
  Scenario: An API key is told which one it is
    Given an API key with the role "nobody"
    When they send GET "/_security/_authenticate"
    Then they are allowed to
    And the response at "/authentication_type" equals "api_key"
    And the response at "/api_key/id" equals "{key}"

  @id:security.server.granted @req:security.server.granted
  Scenario: Who monitors the cluster may ask for the server
    Given a user with the role "cluster monitor"
    When they send GET "/"
    Then they are allowed to

  @id:security.server.refused @req:security.server.needed
  Scenario Outline: A user with the role <role> may not ask for the server
    Given a user with the role "<role>"
    When they send GET "/"
    Then they are refused for lack of a privilege

    Examples:
      | role         |
      | nobody       |
      | reader       |
      | writer       |
      | index reader |

  @id:security.identity.undefined-role @req:security.identity.undefined-role @req:security.refusal.changes-nothing
  Scenario Outline: A role that nobody defined does not grant to <operation>
    Given a user with a role that nobody defined
    When they send <request>
    Then they are refused for lack of a privilege
    And nothing has changed

    Examples:
      | operation                | request                                                                                                                                |
      | set the stats            | PUT "/_connector/_sync_job/{sync_job}/_stats" with {"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3} |
      | read the sync job        | GET "/_connector/_sync_job/{sync_job}"                                                                                                 |
      | read the stored sync job | GET "/.elastic-connectors-sync-jobs/_doc/{sync_job}"                                                                                   |
      | ask for the server       | GET "/"                                                                                                                                |

  @id:security.run-as.as-other @req:security.run-as.as-other @req:security.refusal.changes-nothing
  Scenario: Who acts as another may do what the other may
    Given a user with the role "deputy"
    And they run as a user with the role "writer"
    When they send PUT "/_connector/_sync_job/{sync_job}/_stats" with {"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3}
    Then they are allowed to

  @id:security.run-as.not-more @req:security.run-as.as-other @req:security.refusal.changes-nothing
  Scenario: Who acts as another may do no more than the other
    Given a user with the role "deputy"
    And they run as a user with the role "nobody"
    When they send GET "/_connector/_sync_job/{sync_job}"
    Then they are refused because "is unauthorized for user [{user}] run as [{other}]"
    And nothing has changed

  @id:security.run-as.refused @req:security.run-as.needed @req:security.refusal.changes-nothing
  Scenario Outline: A user with the role <role> may not act as another
    Given a user with the role "<role>"
    And they run as a user with the role "writer everywhere"
    When they send PUT "/_connector/_sync_job/{sync_job}/_stats" with {"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3}
    Then they are refused because "unauthorized to run as [{other}]"
    And nothing has changed

    Examples:
      | role   |
      | writer |
      | reader |
