@security @since:8.13.0
Feature: Privileges
  Who has the privilege may, who lacks it may not, and nothing happens in passing.

  Background:
    Given a connector of its own with a pending sync job

  @id:security.privilege.writer @req:security.privilege.granted
  Scenario Outline: Who manages connectors may <operation>
    Given a user with the role "writer"
    When they "<operation>"
    Then they are allowed to

    Examples:
      | operation                        |
      | create a connector               |
      | create a connector without an id |
      | read the connector               |
      | list the connectors              |
      | delete the connector             |
      | create a sync job                |
      | read the sync job                |
      | list the sync jobs               |
      | set the stats                    |
      | check the sync job in            |
      | claim the sync job               |
      | cancel the sync job              |
      | delete the sync job              |

  @id:security.privilege.writer-error @req:security.privilege.granted
  Scenario: Who manages connectors may report an error
    Given a connector with a sync job in the status "in_progress"
    And a user with the role "writer"
    When they "report an error"
    Then they are allowed to

  @id:security.privilege.reader @req:security.privilege.granted
  Scenario Outline: Who monitors connectors may <operation>
    Given a user with the role "reader"
    When they "<operation>"
    Then they are allowed to

    Examples:
      | operation           |
      | read the connector  |
      | list the connectors |
      | read the sync job   |
      | list the sync jobs  |

  @id:security.privilege.reader-writes @req:security.privilege.needed-to-write @req:security.refusal.reason @req:security.refusal.no-product @req:security.refusal.changes-nothing @req:security.refusal.no-credential @req:security.refusal.status
  Scenario Outline: Who only monitors connectors may not <operation>
    Given a user with the role "reader"
    When they "<operation>"
    Then they are refused for lack of a privilege
    And the answer repeats no credential
    And nothing has changed

    Examples:
      | operation                        |
      | create a connector               |
      | create a connector without an id |
      | delete the connector             |
      | create a sync job                |
      | set the stats                    |
      | check the sync job in            |
      | claim the sync job               |
      | report an error                  |
      | cancel the sync job              |
      | delete the sync job              |

  @id:security.privilege.reader-error @req:security.privilege.needed-to-write @req:security.refusal.changes-nothing
  Scenario: Who only monitors connectors may not report an error where one could be reported
    Given a connector with a sync job in the status "in_progress"
    And a user with the role "reader"
    When they "report an error"
    Then they are refused for lack of a privilege
    And nothing has changed

  @id:security.privilege.nobody @req:security.privilege.needed-to-write @req:security.privilege.needed-to-read @req:security.refusal.reason @req:security.refusal.changes-nothing @req:security.refusal.status
  Scenario Outline: Who has no privilege may not <operation>
    Given a user with the role "nobody"
    When they "<operation>"
    Then they are refused for lack of a privilege
    And nothing has changed

    Examples:
      | operation             |
      | create a connector    |
      | read the connector    |
      | list the connectors   |
      | delete the connector  |
      | create a sync job     |
      | read the sync job     |
      | list the sync jobs    |
      | set the stats         |
      | check the sync job in |
      | cancel the sync job   |
      | delete the sync job   |

  @since:9.0.0 @id:security.privilege.monitor @req:security.privilege.granted
  Scenario Outline: Monitoring connectors needs no privilege on an index to <operation>
    Given a user with the role "monitor"
    When they "<operation>"
    Then they are allowed to

    Examples:
      | operation          |
      | read the connector |
      | read the sync job  |

  @since:9.0.0 @id:security.privilege.manager @req:security.privilege.granted
  Scenario: Who manages the cluster may set the stats
    Given a user with the role "manager"
    When they "set the stats"
    Then they are allowed to

  @since:9.0.0 @id:security.privilege.index-alone @req:security.privilege.needed-to-write @req:security.refusal.changes-nothing
  Scenario Outline: Privileges on the index alone are not enough for the API: <role>
    Given a user with the role "<role>"
    When they "set the stats"
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
    When they "<operation>"
    Then they are refused for lack of a privilege
    And the answer is the same for an id that nothing has

    Examples:
      | role   | operation             |
      | reader | set the stats         |
      | reader | check the sync job in |
      | reader | claim the sync job    |
      | reader | cancel the sync job   |
      | reader | delete the sync job   |
      | reader | delete the connector  |
      | nobody | read the sync job     |
      | nobody | read the connector    |

  @id:security.privilege.not-found @req:security.refusal.tells-nothing
  Scenario: Who may write is told what does not exist
    Given an id that no sync job has
    And a user with the role "writer"
    When they "set the stats"
    Then the sync job is reported as not found

  @id:security.privilege.connector-not-found @req:security.refusal.tells-nothing
  Scenario Outline: Who may <operation> is told that it does not exist
    Given an id that no connector has
    And a user with the role "writer"
    When they "<operation>"
    Then the response status is 404
    And the response at "/error/reason" equals "connector [{connector}] not found"
    And nothing has changed

    Examples:
      | operation            |
      | read the connector   |
      | delete the connector |

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
    When they "set the stats"
    Then the request is refused with status 406 because "text/plain"
    And nothing has changed
    But the complete stats are then accepted
