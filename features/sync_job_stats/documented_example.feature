@documented @since:8.12.0
Feature: The example of the reference page
  The page prints one request. It has to work as it is printed, on a sync job
  that exists.

  Background:
    Given a sync job

  @id:stats.example.works @req:stats.example @req:stats.route @req:stats.code.200
  Scenario: The documented example sets exactly what it says
    When the stats are set with the body:
      """
      {
        "deleted_document_count": 10,
        "indexed_document_count": 20,
        "indexed_document_volume": 1000,
        "total_document_count": 2000,
        "last_seen": "2023-01-02T10:00:00Z"
      }
      """
    Then the response status is 200
    And only these fields of the sync job have changed:
      | deleted_document_count  | 10                               |
      | indexed_document_count  | 20                               |
      | indexed_document_volume | 1000                             |
      | total_document_count    | 2000                             |
      | last_seen               | the instant 2023-01-02T10:00:00Z |

  @id:stats.example.twice @req:stats.example
  Scenario: The documented example can be sent again
    When the stats are set with the body:
      """
      {
        "deleted_document_count": 10,
        "indexed_document_count": 20,
        "indexed_document_volume": 1000,
        "total_document_count": 2000,
        "last_seen": "2023-01-02T10:00:00Z"
      }
      """
    And the same stats are set again
    Then the response status is 200
    And only these fields of the sync job have changed:
      | deleted_document_count  | 10                               |
      | indexed_document_count  | 20                               |
      | indexed_document_volume | 1000                             |
      | total_document_count    | 2000                             |
      | last_seen               | the instant 2023-01-02T10:00:00Z |

  @id:stats.example.fixture @req:stats.example
  Scenario: The example can be sent from a file
    When I send PUT "/_connector/_sync_job/{sync_job}/_stats" with the body of the fixture "documented_example.json"
    Then the response status is 200
    When I send GET "/_connector/_sync_job/{sync_job}"
    Then the response at "/indexed_document_count" equals 20
    And the response at "/total_document_count" equals 2000

  @id:stats.field.stored
  Scenario Outline: <field> is stored as it was given
    When the complete stats are set with "<field>" as <value>
    Then the response status is 200
    And the stored sync job has changed exactly as the update says

    @req:stats.field.deleted-document-count
    Examples: deleted_document_count
      | field                  | value |
      | deleted_document_count | 12345 |

    @req:stats.field.indexed-document-count
    Examples: indexed_document_count
      | field                  | value |
      | indexed_document_count | 12345 |

    @req:stats.field.indexed-document-volume
    Examples: indexed_document_volume
      | field                   | value |
      | indexed_document_volume | 12345 |

    @req:stats.field.total-document-count
    Examples: total_document_count
      | field                | value |
      | total_document_count | 12345 |

    @req:stats.field.last-seen
    Examples: last_seen
      | field     | value                  |
      | last_seen | "2024-02-29T23:59:59Z" |

    @req:stats.field.metadata @since:8.15.0
    Examples: metadata
      | field    | value                               |
      | metadata | {"service":"crawler","pages":[1,2]} |

  @id:stats.field.complete @req:stats.route @req:stats.code.200
  Scenario: All fields can be set in one update
    When the complete stats are set
    Then the response status is 200
    And the stored sync job has changed exactly as the update says

  @id:stats.type.int @req:stats.type.int
  Scenario Outline: <field> takes <value>
    When the complete stats are set with "<field>" as <value>
    Then the response status is 200
    And the stored sync job has changed exactly as the update says
    But the complete stats are then accepted

    Examples:
      | field                   | value      |
      | deleted_document_count  | 0          |
      | deleted_document_count  | 1          |
      | deleted_document_count  | 2147483647 |
      | indexed_document_count  | 0          |
      | indexed_document_count  | 1          |
      | indexed_document_count  | 2147483647 |
      | indexed_document_volume | 0          |
      | indexed_document_volume | 1          |
      | indexed_document_volume | 2147483647 |
      | total_document_count    | 0          |
      | total_document_count    | 1          |
      | total_document_count    | 2147483647 |
