@security @since:8.13.0
Feature: API keys
  A key can do what it was made for, as long as it is good.

  Background:
    Given a connector of its own with a pending sync job

  @id:security.key.writer @req:security.privilege.granted
  Scenario Outline: A key with the privilege may <operation>
    Given an API key with the role "writer"
    When they send <request>
    Then they are allowed to

    Examples:
      | operation             | request                                                                                                                                |
      | set the stats         | PUT "/_connector/_sync_job/{sync_job}/_stats" with {"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3} |
      | check the sync job in | PUT "/_connector/_sync_job/{sync_job}/_check_in"                                                                                       |
      | claim the sync job    | PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"w"}                                                             |
      | cancel the sync job   | PUT "/_connector/_sync_job/{sync_job}/_cancel"                                                                                         |
      | delete the sync job   | DELETE "/_connector/_sync_job/{sync_job}"                                                                                              |
      | create a sync job     | POST "/_connector/_sync_job" with {"id":"{connector}"}                                                                                 |

  @id:security.key.limited @req:security.key.limited @req:security.refusal.changes-nothing @req:security.refusal.tells-nothing
  Scenario Outline: A key with the role <role> may not <operation>, whatever its owner may
    Given an API key with the role "<role>"
    When they send <request>
    Then they are refused for lack of a privilege
    And the answer is the same for an id that nothing has
    And the answer repeats no credential
    And nothing has changed

    Examples:
      | role   | operation            | request                                                                                                                                |
      | reader | set the stats        | PUT "/_connector/_sync_job/{sync_job}/_stats" with {"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3} |
      | reader | delete the sync job  | DELETE "/_connector/_sync_job/{sync_job}"                                                                                              |
      | reader | delete the connector | DELETE "/_connector/{connector}"                                                                                                       |
      | nobody | set the stats        | PUT "/_connector/_sync_job/{sync_job}/_stats" with {"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3} |
      | nobody | read the sync job    | GET "/_connector/_sync_job/{sync_job}"                                                                                                 |
      | nobody | read the connector   | GET "/_connector/{connector}"                                                                                                          |

  @id:security.key.reader @req:security.privilege.granted
  Scenario Outline: A key with the privilege to read may <operation>
    Given an API key with the role "reader"
    When they send <request>
    Then they are allowed to

    Examples:
      | operation           | request                                              |
      | read the connector  | GET "/_connector/{connector}"                        |
      | list the connectors | GET "/_connector?connector_name={connector}"         |
      | read the sync job   | GET "/_connector/_sync_job/{sync_job}"               |
      | list the sync jobs  | GET "/_connector/_sync_job?connector_id={connector}" |

  @id:security.key.owner @req:security.key.owner
  Scenario: A key without a role of its own may do what its owner may
    Given an API key without a role of its own
    When they send PUT "/_connector/_sync_job/{sync_job}/_stats" with {"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3}
    Then they are allowed to

  @id:security.key.expired @req:security.key.expired @req:security.credentials.reason @req:security.refusal.changes-nothing
  Scenario Outline: An expired key is no key: <operation>
    Given an API key with the role "writer" that has expired
    When they send <request>
    Then they are asked to authenticate because "unable to authenticate with provided credentials…"
    And they are told of their token that "api key is expired"
    And the answer repeats no credential
    And nothing has changed

    Examples:
      | operation         | request                                                                                                                                |
      | set the stats     | PUT "/_connector/_sync_job/{sync_job}/_stats" with {"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3} |
      | read the sync job | GET "/_connector/_sync_job/{sync_job}"                                                                                                 |
      | ask who they are  | GET "/_security/_authenticate"                                                                                                         |

  @id:security.key.invalidated @req:security.key.invalidated @req:security.credentials.reason @req:security.refusal.changes-nothing
  Scenario Outline: An invalidated key is no key: <operation>
    Given an API key with the role "writer" that was invalidated
    When they send <request>
    Then they are asked to authenticate because "unable to authenticate with provided credentials…"
    And they are told of their token that "api key [{key}] has been invalidated"
    And the answer repeats no credential
    And nothing has changed

    Examples:
      | operation         | request                                                                                                                                |
      | set the stats     | PUT "/_connector/_sync_job/{sync_job}/_stats" with {"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3} |
      | read the sync job | GET "/_connector/_sync_job/{sync_job}"                                                                                                 |
      | ask who they are  | GET "/_security/_authenticate"                                                                                                         |
