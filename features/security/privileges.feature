@security @since:8.13.0
Feature: Privileges
  Who has the privilege may, who lacks it may not, and nothing happens in passing.

  Background:
    Given a connector of its own with a pending sync job
    And a name saved as "new"

  @id:security.privilege.writer @req:security.privilege.granted
  Scenario Outline: Who manages connectors may <operation>
    Given a user with the role "writer"
    When they send <request>
    Then they are allowed to

    Examples:
      | operation                        | request                                                                                                                                |
      | create a connector               | PUT "/_connector/{new}" with {"index_name":"{new}","service_type":"esconform","name":"{new}"}                                          |
      | create a connector without an id | POST "/_connector" with {"service_type":"esconform","name":"{new}"}                                                                    |
      | create one without an id by PUT  | PUT "/_connector" with {"service_type":"esconform","name":"{new}"}                                                                     |
      | read the connector               | GET "/_connector/{connector}"                                                                                                          |
      | list the connectors              | GET "/_connector?connector_name={connector}"                                                                                           |
      | delete the connector             | DELETE "/_connector/{connector}"                                                                                                       |
      | create a sync job                | POST "/_connector/_sync_job" with {"id":"{connector}"}                                                                                 |
      | read the sync job                | GET "/_connector/_sync_job/{sync_job}"                                                                                                 |
      | list the sync jobs               | GET "/_connector/_sync_job?connector_id={connector}"                                                                                   |
      | set the stats                    | PUT "/_connector/_sync_job/{sync_job}/_stats" with {"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3} |
      | check the sync job in            | PUT "/_connector/_sync_job/{sync_job}/_check_in"                                                                                       |
      | claim the sync job               | PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"w"}                                                             |
      | cancel the sync job              | PUT "/_connector/_sync_job/{sync_job}/_cancel"                                                                                         |
      | delete the sync job              | DELETE "/_connector/_sync_job/{sync_job}"                                                                                              |

  @id:security.privilege.writer-error @req:security.privilege.granted
  Scenario: Who manages connectors may report an error
    Given a sync job in the state "in_progress"
    And a user with the role "writer"
    When they send PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"e"}
    Then they are allowed to

  @id:security.privilege.reader @req:security.privilege.granted
  Scenario Outline: Who monitors connectors may <operation>
    Given a user with the role "reader"
    When they send <request>
    Then they are allowed to

    Examples:
      | operation           | request                                              |
      | read the connector  | GET "/_connector/{connector}"                        |
      | list the connectors | GET "/_connector?connector_name={connector}"         |
      | read the sync job   | GET "/_connector/_sync_job/{sync_job}"               |
      | list the sync jobs  | GET "/_connector/_sync_job?connector_id={connector}" |

  @id:security.privilege.reader-writes @req:security.privilege.needed-to-write @req:security.refusal.reason @req:security.refusal.no-product @req:security.refusal.changes-nothing @req:security.refusal.no-credential @req:security.refusal.status
  Scenario Outline: Who only monitors connectors may not <operation>
    Given a user with the role "reader"
    When they send <request>
    Then they are refused for lack of a privilege
    And the answer repeats no credential
    And nothing has changed

    Examples:
      | operation                        | request                                                                                                                                |
      | create a connector               | PUT "/_connector/{new}" with {"index_name":"{new}","service_type":"esconform","name":"{new}"}                                          |
      | create a connector without an id | POST "/_connector" with {"service_type":"esconform","name":"{new}"}                                                                    |
      | create one without an id by PUT  | PUT "/_connector" with {"service_type":"esconform","name":"{new}"}                                                                     |
      | delete the connector             | DELETE "/_connector/{connector}"                                                                                                       |
      | create a sync job                | POST "/_connector/_sync_job" with {"id":"{connector}"}                                                                                 |
      | set the stats                    | PUT "/_connector/_sync_job/{sync_job}/_stats" with {"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3} |
      | check the sync job in            | PUT "/_connector/_sync_job/{sync_job}/_check_in"                                                                                       |
      | claim the sync job               | PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"w"}                                                             |
      | report an error                  | PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"e"}                                                                       |
      | cancel the sync job              | PUT "/_connector/_sync_job/{sync_job}/_cancel"                                                                                         |
      | delete the sync job              | DELETE "/_connector/_sync_job/{sync_job}"                                                                                              |

  @id:security.privilege.reader-error @req:security.privilege.needed-to-write @req:security.refusal.changes-nothing
  Scenario: Who only monitors connectors may not report an error where one could be reported
    Given a sync job in the state "in_progress"
    And a user with the role "reader"
    When they send PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"e"}
    Then they are refused for lack of a privilege
    And nothing has changed

  @id:security.privilege.nobody @req:security.privilege.needed-to-write @req:security.privilege.needed-to-read @req:security.refusal.reason @req:security.refusal.changes-nothing @req:security.refusal.status
  Scenario Outline: Who has no privilege may not <operation>
    Given a user with the role "nobody"
    When they send <request>
    Then they are refused for lack of a privilege
    And nothing has changed

    Examples:
      | operation             | request                                                                                                                                |
      | create a connector    | PUT "/_connector/{new}" with {"index_name":"{new}","service_type":"esconform","name":"{new}"}                                          |
      | read the connector    | GET "/_connector/{connector}"                                                                                                          |
      | list the connectors   | GET "/_connector?connector_name={connector}"                                                                                           |
      | delete the connector  | DELETE "/_connector/{connector}"                                                                                                       |
      | create a sync job     | POST "/_connector/_sync_job" with {"id":"{connector}"}                                                                                 |
      | read the sync job     | GET "/_connector/_sync_job/{sync_job}"                                                                                                 |
      | list the sync jobs    | GET "/_connector/_sync_job?connector_id={connector}"                                                                                   |
      | set the stats         | PUT "/_connector/_sync_job/{sync_job}/_stats" with {"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3} |
      | check the sync job in | PUT "/_connector/_sync_job/{sync_job}/_check_in"                                                                                       |
      | cancel the sync job   | PUT "/_connector/_sync_job/{sync_job}/_cancel"                                                                                         |
      | delete the sync job   | DELETE "/_connector/_sync_job/{sync_job}"                                                                                              |

  @since:9.0.0 @id:security.privilege.monitor @req:security.privilege.granted
  Scenario Outline: Monitoring connectors needs no privilege on an index to <operation>
    Given a user with the role "monitor"
    When they send <request>
    Then they are allowed to

    Examples:
      | operation          | request                                |
      | read the connector | GET "/_connector/{connector}"          |
      | read the sync job  | GET "/_connector/_sync_job/{sync_job}" |

  @since:9.0.0 @id:security.privilege.manager @req:security.privilege.granted
  Scenario: Who manages the cluster may set the stats
    Given a user with the role "manager"
    When they send PUT "/_connector/_sync_job/{sync_job}/_stats" with {"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3}
    Then they are allowed to

  @since:9.0.0 @id:security.privilege.index-alone @req:security.privilege.needed-to-write @req:security.refusal.changes-nothing
  Scenario Outline: Privileges on the index alone are not enough for the API: <role>
    Given a user with the role "<role>"
    When they send PUT "/_connector/_sync_job/{sync_job}/_stats" with {"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3}
    Then they are refused for lack of a privilege
    And nothing has changed

    Examples:
      | role            |
      | index reader    |
      | index owner     |
      | cluster monitor |

  @id:security.privilege.unknown-ids @req:security.refusal.tells-nothing
  Scenario Outline: Who may not <operation> does not learn whether it exists
    Given a user with the role "<role>"
    When they send <request>
    Then they are refused for lack of a privilege
    And the answer is the same for an id that nothing has

    Examples:
      | role   | operation             | request                                                                                                                                |
      | reader | set the stats         | PUT "/_connector/_sync_job/{sync_job}/_stats" with {"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3} |
      | reader | check the sync job in | PUT "/_connector/_sync_job/{sync_job}/_check_in"                                                                                       |
      | reader | claim the sync job    | PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"w"}                                                             |
      | reader | cancel the sync job   | PUT "/_connector/_sync_job/{sync_job}/_cancel"                                                                                         |
      | reader | delete the sync job   | DELETE "/_connector/_sync_job/{sync_job}"                                                                                              |
      | reader | delete the connector  | DELETE "/_connector/{connector}"                                                                                                       |
      | nobody | read the sync job     | GET "/_connector/_sync_job/{sync_job}"                                                                                                 |
      | nobody | read the connector    | GET "/_connector/{connector}"                                                                                                          |

  @id:security.privilege.not-found @req:security.refusal.tells-nothing
  Scenario: Who may write is told what does not exist
    Given an id that no sync job has
    And a user with the role "writer"
    When they send PUT "/_connector/_sync_job/{sync_job}/_stats" with {"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3}
    Then the sync job is reported as not found

  @id:security.privilege.connector-not-found @req:security.refusal.tells-nothing
  Scenario Outline: Who may <operation> is told that it does not exist
    Given an id that no connector has
    And a user with the role "writer"
    When they send <request>
    Then the response status is 404
    And the response at "/error/reason" equals "connector [{connector}] not found"
    And nothing has changed

    Examples:
      | operation            | request                          |
      | read the connector   | GET "/_connector/{connector}"    |
      | delete the connector | DELETE "/_connector/{connector}" |

  @id:security.privilege.request-first @req:security.refusal.request-first @req:security.refusal.changes-nothing
  Scenario Outline: <fault> is rejected before privileges are looked at
    Given a user with the role "<role>"
    When they send PUT "/_connector/_sync_job/{sync_job}/_stats" with the body:
      """
      <body>
      """
    Then the request is rejected as "<type>" because "<reason>"
    And nothing has changed
    But the complete stats are then accepted

    Examples:
      | fault            | role   | body                                                                                 | type                                | reason                                |
      | An empty object  | reader | {}                                                                                   | illegal_argument_exception          | Required [deleted_document_count      |
      | A negative count | nobody | {"deleted_document_count":-1,"indexed_document_count":1,"indexed_document_volume":1} | action_request_validation_exception | [deleted_document_count] cannot be    |
      | An unknown field | reader | {"deleted_document_count":1,"indexed_document_count":1,"indexed_document_volume":1,"bogus":1} | x_content_parse_exception  | unknown field [bogus]                 |
      | An unknown field of nobody | nobody | {"deleted_document_count":1,"indexed_document_count":1,"indexed_document_volume":1,"bogus":1} | x_content_parse_exception | unknown field [bogus]   |

  @id:security.privilege.method-first @req:security.refusal.request-first
  Scenario: A wrong method is refused before privileges are looked at
    Given a user with the role "nobody"
    When they send POST "/_connector/_sync_job/{sync_job}/_stats"
    Then the request is refused with status 405 because "Incorrect HTTP method"
    And nothing has changed
    But the complete stats are then accepted

  @id:security.privilege.media-type-first @req:security.refusal.request-first
  Scenario: A wrong type of body is refused before privileges are looked at
    Given a user with the role "nobody"
    And the next request has the header "Content-Type" set to "text/plain"
    When they send PUT "/_connector/_sync_job/{sync_job}/_stats" with {"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3}
    Then the request is refused with status 406 because "text/plain"
    And nothing has changed
    But the complete stats are then accepted
