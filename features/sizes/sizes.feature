@contract @since:8.15.0
Feature: How much a sync job holds
  Cursors of large drives have megabytes. Elasticsearch bounds a request
  (100 MB), and a text that it indexes (32766 bytes), and nothing in between.

  Background:
    Given a sync job

  @id:size.cursor @req:size.cursor
  Scenario Outline: A sync_cursor of <bytes> bytes is stored and read back
    When the call "_claim" is made with a "sync_cursor" of <bytes> bytes
    Then the update is accepted
    And only these fields of the sync job have changed:
      | status                 | "in_progress"          |
      | worker_hostname        | "worker-1"             |
      | started_at             | the time of the update |
      | last_seen              | the time of the update |
      | /connector/sync_cursor | what was sent          |

    Examples:
      | bytes   |
      | 8192    |
      | 65536   |
      | 1048576 |

  @id:size.cursor.huge @req:size.cursor @serial
  Scenario: A sync_cursor of 20 MB is stored and read back
    When the call "_claim" is made with a "sync_cursor" of 20971520 bytes
    Then the update is accepted
    And the sync job holds at "/connector/sync_cursor" what was sent, unread

  @id:size.metadata @req:size.metadata
  Scenario Outline: Metadata of <bytes> bytes are stored and read back
    When the call "_stats" is made with a "metadata" of <bytes> bytes
    Then the update is accepted
    And the stored sync job has changed exactly as the update says

    Examples:
      | bytes   |
      | 8192    |
      | 65536   |
      | 1048576 |

  @id:size.metadata.huge @req:size.metadata @serial
  Scenario: Metadata of 20 MB are stored and read back
    When the call "_stats" is made with a "metadata" of 20971520 bytes
    Then the update is accepted
    And the sync job holds at "/metadata" what was sent, unread

  @id:size.text @req:size.text
  Scenario Outline: A name of a worker of <bytes> bytes is stored and read back
    When the call "_claim" is made with a "worker_hostname" of <bytes> bytes in letters such as "<letter>"
    Then the update is accepted
    And only these fields of the sync job have changed:
      | status          | "in_progress"          |
      | worker_hostname | what was sent          |
      | started_at      | the time of the update |
      | last_seen       | the time of the update |

    Examples:
      | bytes | letter |
      | 8192  | x      |
      | 32766 | x      |
      | 32766 | ✓      |

  @id:size.text.error @req:size.text
  Scenario Outline: An error of <bytes> bytes is stored and read back
    Given these requests have succeeded:
      | PUT /_connector/_sync_job/{sync_job}/_claim | {"worker_hostname":"worker-1"} |
    When the call "_error" is made with a "error" of <bytes> bytes in letters such as "<letter>"
    Then the update is accepted
    And only these fields of the sync job have changed:
      | status | "error"       |
      | error  | what was sent |

    Examples:
      | bytes | letter |
      | 8192  | x      |
      | 32766 | x      |
      | 32766 | ✓      |

  @id:size.text.limit @req:size.text.limit
  Scenario Outline: A name of a worker of <bytes> bytes is more than can be indexed
    When the call "_claim" is made with a "worker_hostname" of <bytes> bytes in letters such as "<letter>"
    Then the request is rejected as "document_parsing_exception"
    And the sync job is unchanged

    Examples:
      | bytes | letter |
      | 32767 | x      |
      | 32767 | ✓      |
      | 65536 | x      |

  @id:size.text.limit.error @req:size.text.limit
  Scenario Outline: An error of <bytes> bytes is more than can be indexed
    Given these requests have succeeded:
      | PUT /_connector/_sync_job/{sync_job}/_claim | {"worker_hostname":"worker-1"} |
    When the call "_error" is made with a "error" of <bytes> bytes in letters such as "<letter>"
    Then the request is rejected as "document_parsing_exception"
    And the sync job is unchanged

    Examples:
      | bytes | letter |
      | 32767 | x      |
      | 32767 | ✓      |
      | 65536 | x      |
