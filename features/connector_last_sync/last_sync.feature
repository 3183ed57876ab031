@contract @since:8.18.0
Feature: What a connector tells of its last sync

  Background:
    Given a connector

  @id:connector.last-sync.stored @req:connector.last-sync.stored
  Scenario Outline: <field> is stored as <value>
    When I send PUT "/_connector/{connector}/_last_sync" with the body:
      """
      {"<field>": <value>}
      """
    Then the response status is 200
    And the connector at "/<field>" equals <value>
    And only these fields of the connector have changed:
      | /<field> |

    Examples:
      | field                                 | value                        |
      | last_sync_error                       | "boom"                       |
      | last_sync_error                       | ""                           |
      | last_sync_error                       | "ünï ✓"                      |
      | last_access_control_sync_error        | "boom"                       |
      | last_access_control_sync_error        | ""                           |
      | last_access_control_sync_error        | "ünï ✓"                      |
      | last_synced                           | "2023-05-25T12:30:00.123Z"   |
      | last_sync_scheduled_at                | "2023-05-25T12:30:00.123Z"   |
      | last_incremental_sync_scheduled_at    | "2023-05-25T12:30:00.123Z"   |
      | last_access_control_sync_scheduled_at | "2023-05-25T12:30:00.123Z"   |
      | last_sync_status                      | "completed"                  |
      | last_sync_status                      | "pending"                    |
      | last_access_control_sync_status       | "completed"                  |
      | last_access_control_sync_status       | "pending"                    |
      | last_deleted_document_count           | 0                            |
      | last_deleted_document_count           | 7                            |
      | last_deleted_document_count           | -1                           |
      | last_indexed_document_count           | 0                            |
      | last_indexed_document_count           | 7                            |
      | last_indexed_document_count           | -1                           |
      | sync_cursor                           | {"a": {"b": [1, null, 2.5]}} |

  @id:connector.last-sync.all @req:connector.last-sync.stored
  Scenario Outline: All fields at once
    When I send PUT "/_connector/{connector}/_last_sync" with the body:
      """
      <body>
      """
    Then the response status is 200
    And the connector contains the JSON:
      """
      <body>
      """

    Examples:
      | body                                                                                                                     |
      | {"last_access_control_sync_error": "a", "last_access_control_sync_scheduled_at": "2023-05-25T12:30:00.000Z", "last_access_control_sync_status": "completed", "last_deleted_document_count": 1, "last_incremental_sync_scheduled_at": "2023-05-25T12:31:00.000Z", "last_indexed_document_count": 2, "last_sync_error": "b", "last_sync_scheduled_at": "2023-05-25T12:32:00.000Z", "last_sync_status": "error", "last_synced": "2023-05-25T12:33:00.000Z", "sync_cursor": {"a": 1}} |

  @id:connector.last-sync.given @req:connector.last-sync.given
  Scenario Outline: <field> of null stays as it is
    Given I send PUT "/_connector/{connector}/_last_sync" with the body:
      """
      {"<field>": <value>}
      """
    When I send PUT "/_connector/{connector}/_last_sync" with the body:
      """
      {"<field>": null}
      """
    Then the update is accepted as one that changes nothing
    And the connector is unchanged

    Examples:
      | field                                 | value                      |
      | last_sync_error                       | "boom"                     |
      | last_access_control_sync_error        | "boom"                     |
      | last_synced                           | "2023-05-25T12:30:00.000Z" |
      | last_sync_scheduled_at                | "2023-05-25T12:30:00.000Z" |
      | last_incremental_sync_scheduled_at    | "2023-05-25T12:30:00.000Z" |
      | last_access_control_sync_scheduled_at | "2023-05-25T12:30:00.000Z" |
      | last_sync_status                      | "completed"                |
      | last_access_control_sync_status       | "completed"                |
      | sync_cursor                           | {"a": 1}                   |

  @id:connector.last-sync.others @req:connector.last-sync.given
  Scenario Outline: <body> leaves the others as they are
    Given I send PUT "/_connector/{connector}/_last_sync" with the body:
      """
      {"last_sync_error": "a", "last_sync_status": "error", "last_indexed_document_count": 1, "last_synced": "2023-05-25T12:30:00.000Z"}
      """
    When I send PUT "/_connector/{connector}/_last_sync" with the body:
      """
      <body>
      """
    Then the response status is 200
    And only these fields of the connector have changed:
      | <field> |

    Examples:
      | field                        | body                                                                  |
      | /last_sync_error             | {"last_sync_error": "b"}                                              |
      | /last_sync_status            | {"last_sync_status": "completed", "last_sync_error": null}            |
      | /last_indexed_document_count | {"last_indexed_document_count": 2}                                    |
      | /last_synced                 | {"last_synced": "2023-05-25T12:30:00.001Z", "last_sync_status": null} |

  @id:connector.last-sync.empty @req:connector.last-sync.empty
  Scenario: An empty object changes nothing
    When I send PUT "/_connector/{connector}/_last_sync" with the body:
      """
      {}
      """
    Then the update is accepted as one that changes nothing
    And the connector is unchanged

  @id:connector.last-sync.type @req:connector.last-sync.type
  Scenario Outline: <field> may not be <value>
    When I send PUT "/_connector/{connector}/_last_sync" with the body:
      """
      {"<field>": <value>}
      """
    Then the request is rejected as "x_content_parse_exception" because "[connector_update_last_sync_stats_request] <field> doesn't support values of type: <type>"
    And the connector is unchanged

    Examples:
      | field                                 | value | type          |
      | last_sync_error                       | 7     | VALUE_NUMBER  |
      | last_sync_error                       | true  | VALUE_BOOLEAN |
      | last_sync_error                       | ["a"] | START_ARRAY   |
      | last_sync_error                       | {}    | START_OBJECT  |
      | last_access_control_sync_error        | 7     | VALUE_NUMBER  |
      | last_access_control_sync_error        | true  | VALUE_BOOLEAN |
      | last_access_control_sync_error        | ["a"] | START_ARRAY   |
      | last_access_control_sync_error        | {}    | START_OBJECT  |
      | last_synced                           | 7     | VALUE_NUMBER  |
      | last_synced                           | true  | VALUE_BOOLEAN |
      | last_synced                           | ["a"] | START_ARRAY   |
      | last_synced                           | {}    | START_OBJECT  |
      | last_sync_scheduled_at                | 7     | VALUE_NUMBER  |
      | last_sync_scheduled_at                | true  | VALUE_BOOLEAN |
      | last_sync_scheduled_at                | ["a"] | START_ARRAY   |
      | last_sync_scheduled_at                | {}    | START_OBJECT  |
      | last_incremental_sync_scheduled_at    | 7     | VALUE_NUMBER  |
      | last_incremental_sync_scheduled_at    | true  | VALUE_BOOLEAN |
      | last_incremental_sync_scheduled_at    | ["a"] | START_ARRAY   |
      | last_incremental_sync_scheduled_at    | {}    | START_OBJECT  |
      | last_access_control_sync_scheduled_at | 7     | VALUE_NUMBER  |
      | last_access_control_sync_scheduled_at | true  | VALUE_BOOLEAN |
      | last_access_control_sync_scheduled_at | ["a"] | START_ARRAY   |
      | last_access_control_sync_scheduled_at | {}    | START_OBJECT  |
      | last_sync_status                      | 7     | VALUE_NUMBER  |
      | last_sync_status                      | true  | VALUE_BOOLEAN |
      | last_sync_status                      | ["a"] | START_ARRAY   |
      | last_sync_status                      | {}    | START_OBJECT  |
      | last_access_control_sync_status       | 7     | VALUE_NUMBER  |
      | last_access_control_sync_status       | true  | VALUE_BOOLEAN |
      | last_access_control_sync_status       | ["a"] | START_ARRAY   |
      | last_access_control_sync_status       | {}    | START_OBJECT  |
      | last_deleted_document_count           | null  | VALUE_NULL    |
      | last_deleted_document_count           | true  | VALUE_BOOLEAN |
      | last_deleted_document_count           | [1]   | START_ARRAY   |
      | last_deleted_document_count           | {}    | START_OBJECT  |
      | last_indexed_document_count           | null  | VALUE_NULL    |
      | last_indexed_document_count           | true  | VALUE_BOOLEAN |
      | last_indexed_document_count           | [1]   | START_ARRAY   |
      | last_indexed_document_count           | {}    | START_OBJECT  |
      | sync_cursor                           | 7     | VALUE_NUMBER  |
      | sync_cursor                           | "x"   | VALUE_STRING  |
      | sync_cursor                           | []    | START_ARRAY   |
      | sync_cursor                           | true  | VALUE_BOOLEAN |

  @id:connector.last-sync.counts @req:connector.last-sync.counts
  Scenario Outline: <field> of <value> is stored as <stored>
    When I send PUT "/_connector/{connector}/_last_sync" with the body:
      """
      {"<field>": <value>}
      """
    Then the response status is 200
    And the connector at "/<field>" equals <stored>

    Examples:
      | field                       | value                | stored               |
      | last_deleted_document_count | "7"                  | 7                    |
      | last_deleted_document_count | 7.9                  | 7                    |
      | last_deleted_document_count | 9223372036854775807  | 9223372036854775807  |
      | last_deleted_document_count | -9223372036854775808 | -9223372036854775808 |
      | last_indexed_document_count | "7"                  | 7                    |
      | last_indexed_document_count | 7.9                  | 7                    |
      | last_indexed_document_count | 9223372036854775807  | 9223372036854775807  |
      | last_indexed_document_count | -9223372036854775808 | -9223372036854775808 |

  @id:connector.last-sync.counts.rejected @req:connector.last-sync.counts.rejected
  Scenario Outline: <field> may not be <value>
    When I send PUT "/_connector/{connector}/_last_sync" with the body:
      """
      {"<field>": <value>}
      """
    Then the request is rejected as "x_content_parse_exception" because "failed to parse field [<field>]"
    And the connector is unchanged

    Examples:
      | field                       | value               |
      | last_deleted_document_count | "many"              |
      | last_deleted_document_count | 9223372036854775808 |
      | last_deleted_document_count | ""                  |
      | last_indexed_document_count | "many"              |
      | last_indexed_document_count | 9223372036854775808 |
      | last_indexed_document_count | ""                  |

  @id:connector.last-sync.status @req:connector.last-sync.status
  Scenario Outline: <field> may be <value>
    When I send PUT "/_connector/{connector}/_last_sync" with the body:
      """
      {"<field>": "<value>"}
      """
    Then the response status is 200
    And the connector at "/<field>" equals "<stored>"

    Examples:
      | field                           | value       | stored      |
      | last_sync_status                | canceling   | canceling   |
      | last_sync_status                | canceled    | canceled    |
      | last_sync_status                | in_progress | in_progress |
      | last_sync_status                | suspended   | suspended   |
      | last_sync_status                | error       | error       |
      | last_sync_status                | COMPLETED   | completed   |
      | last_sync_status                | In_Progress | in_progress |
      | last_access_control_sync_status | canceling   | canceling   |
      | last_access_control_sync_status | canceled    | canceled    |
      | last_access_control_sync_status | in_progress | in_progress |
      | last_access_control_sync_status | suspended   | suspended   |
      | last_access_control_sync_status | error       | error       |
      | last_access_control_sync_status | COMPLETED   | completed   |
      | last_access_control_sync_status | In_Progress | in_progress |

  @id:connector.last-sync.status.rejected @req:connector.last-sync.status
  Scenario Outline: <field> may not be "<value>"
    When I send PUT "/_connector/{connector}/_last_sync" with the body:
      """
      {"<field>": "<value>"}
      """
    Then the request is rejected as "x_content_parse_exception" because "failed to parse field [<field>]"
    And the response at "/error/caused_by/reason" equals "Unknown ConnectorSyncStatus [<value>]."
    And the connector is unchanged

    Examples:
      | field                           | value      |
      | last_sync_status                | surprise   |
      | last_sync_status                |            |
      | last_sync_status                | configured |
      | last_access_control_sync_status | surprise   |
      | last_access_control_sync_status |            |
      | last_access_control_sync_status | configured |

  @id:connector.last-sync.dates @req:connector.last-sync.dates
  Scenario Outline: <field> of <value> is stored as <stored>
    When I send PUT "/_connector/{connector}/_last_sync" with the body:
      """
      {"<field>": "<value>"}
      """
    Then the response status is 200
    And the connector at "/<field>" equals "<stored>"

    Examples:
      | field                                 | value                       | stored                      |
      | last_synced                           | 2023-05-25T12:30:00Z        | 2023-05-25T12:30:00.000Z    |
      | last_sync_scheduled_at                | 2023-05-25T14:30:00+02:00   | 2023-05-25T12:30:00.000Z    |
      | last_incremental_sync_scheduled_at    | 1685017800000               | 2023-05-25T12:30:00.000Z    |
      | last_access_control_sync_scheduled_at | 2023-05-25T12:30:00.123456Z | 2023-05-25T12:30:00.123456Z |
      | last_synced                           | 2023-05-25T12:30:00         | 2023-05-25T12:30:00.000Z    |
      | last_sync_scheduled_at                | 2023-05-25T12:30Z           | 2023-05-25T12:30:00.000Z    |
      | last_incremental_sync_scheduled_at    | 2023-05-25T00:00:00-05:30   | 2023-05-25T05:30:00.000Z    |
      | last_access_control_sync_scheduled_at | 0                           | 1970-01-01T00:00:00.000Z    |

  @id:connector.last-sync.dates.rejected @req:connector.last-sync.dates.rejected
  Scenario Outline: <field> may not be "<value>"
    When I send PUT "/_connector/{connector}/_last_sync" with the body:
      """
      {"<field>": "<value>"}
      """
    Then the request is rejected as "x_content_parse_exception" because "failed to parse field [<field>]"
    And the connector is unchanged

    Examples:
      | field                                 | value                |
      | last_synced                           |                      |
      | last_synced                           | yesterday            |
      | last_synced                           | 2023-13-01T00:00:00Z |
      | last_sync_scheduled_at                |                      |
      | last_sync_scheduled_at                | yesterday            |
      | last_sync_scheduled_at                | 2023-13-01T00:00:00Z |
      | last_incremental_sync_scheduled_at    |                      |
      | last_incremental_sync_scheduled_at    | yesterday            |
      | last_incremental_sync_scheduled_at    | 2023-13-01T00:00:00Z |
      | last_access_control_sync_scheduled_at |                      |
      | last_access_control_sync_scheduled_at | yesterday            |
      | last_access_control_sync_scheduled_at | 2023-13-01T00:00:00Z |

  @id:connector.last-sync.cursor @req:connector.last-sync.cursor
  Scenario Outline: The cursor <before> and <value> make <after>
    Given I send PUT "/_connector/{connector}/_last_sync" with the body:
      """
      {"sync_cursor": <before>}
      """
    When I send PUT "/_connector/{connector}/_last_sync" with the body:
      """
      {"sync_cursor": <value>}
      """
    Then the response status is 200
    And the connector at "/sync_cursor" is the JSON:
      """
      <after>
      """

    Examples:
      | before          | value                     | after                     |
      | {"a": 1}        | {"b": 2}                  | {"a": 1, "b": 2}          |
      | {"a": {"b": 1}} | {"a": {"c": 2}}           | {"a": {"b": 1, "c": 2}}   |
      | {"a": 1}        | {"a": null}               | {"a": null}               |
      | {"a": [1, 2]}   | {"a": [3]}                | {"a": [3]}                |
      | {"a": {"b": 1}} | {"a": 7}                  | {"a": 7}                  |
      | {}              | {"big": 9007199254740993} | {"big": 9007199254740993} |
      | {"a": 2}        | {"a": 2.5}                | {"a": 2.5}                |

  @id:connector.last-sync.cursor.empty @req:connector.last-sync.cursor
  Scenario: An empty cursor takes nothing away
    Given I send PUT "/_connector/{connector}/_last_sync" with the body:
      """
      {"sync_cursor": {"a": 1}}
      """
    When I send PUT "/_connector/{connector}/_last_sync" with the body:
      """
      {"sync_cursor": {}}
      """
    Then the update is accepted as one that changes nothing
    And the connector is unchanged
