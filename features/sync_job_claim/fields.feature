@since:8.15.0
Feature: The fields of a claim

  Background:
    Given a sync job

  @documented @id:sync-job.claim.worker-kept @req:sync-job.claim.worker-kept
  Scenario Outline: The name of the worker is kept: <case>
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":<name>}
    Then the update is accepted
    And only these fields of the sync job have changed:
      | status          | "in_progress"          |
      | worker_hostname | <name>                 |
      | started_at      | the time of the update |
      | last_seen       | the time of the update |

    Examples:
      | case                  | name                                   |
      | a full name           | "connectors-7f9.eu-west-1.example.org" |
      | capitals and a dash   | "Worker-A"                             |
      | an address            | "[2001:db8::1]:9200"                   |
      | letters of any script | "ноутбук-✓"                            |
      | blanks around         | " w "                                  |

  @contract @id:sync-job.claim.worker-empty @req:sync-job.claim.worker-empty
  Scenario: The name of the worker may be empty
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":""}
    Then the update is accepted
    And only these fields of the sync job have changed:
      | status          | "in_progress"          |
      | worker_hostname | ""                     |
      | started_at      | the time of the update |
      | last_seen       | the time of the update |

  @documented @id:sync-job.claim.cursor @req:sync-job.claim.cursor
  Scenario Outline: A sync_cursor is stored in the copy of the connector: <case>
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1","sync_cursor":<cursor>}
    Then the update is accepted
    And only these fields of the sync job have changed:
      | status                 | "in_progress"          |
      | worker_hostname        | "worker-1"             |
      | started_at             | the time of the update |
      | last_seen              | the time of the update |
      | /connector/sync_cursor | <cursor>               |

    Examples:
      | case          | cursor                                                 |
      | one value     | {"page":7}                                             |
      | nested        | {"drives":{"a":{"delta":"x","at":[1,2]}},"done":false} |
      | a dotted name | {"a.b":1,"large":9007199254740993}                     |
      | empty         | {}                                                     |

  @documented @id:sync-job.claim.cursor-kept @req:sync-job.claim.cursor
  Scenario: A claim without sync_cursor keeps the stored one
    Given these requests have succeeded:
      | PUT /_connector/_sync_job/{sync_job}/_claim | {"worker_hostname":"worker-1","sync_cursor":{"page":7}} |
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-2"}
    Then the update is accepted
    And only these fields of the sync job have changed:
      | worker_hostname | "worker-2"             |
      | started_at      | the time of the update |
      | last_seen       | the time of the update |

  @contract @id:sync-job.claim.cursor-merged @req:sync-job.claim.cursor-merged
  Scenario: A further sync_cursor is merged into the stored one
    Given these requests have succeeded:
      | PUT /_connector/_sync_job/{sync_job}/_claim | {"worker_hostname":"worker-1","sync_cursor":{"a":{"x":1,"y":2},"b":[1,2]}} |
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1","sync_cursor":{"a":{"y":3},"b":[9],"c":0}}
    Then the update is accepted
    And only these fields of the sync job have changed:
      | started_at             | the time of the update            |
      | last_seen              | the time of the update            |
      | /connector/sync_cursor | {"a":{"x":1,"y":3},"b":[9],"c":0} |

  @contract @id:sync-job.claim.cursor-object @req:sync-job.claim.cursor-object
  Scenario Outline: A sync_cursor of the kind <kind> is rejected
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1","sync_cursor":<cursor>}
    Then the request is rejected as "x_content_parse_exception" because "sync_cursor doesn't support values of type: <kind>"
    And the sync job is unchanged
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1","sync_cursor":{}}
    Then the update is accepted

    Examples:
      | kind          | cursor    |
      | VALUE_STRING  | "x"       |
      | VALUE_NUMBER  | 7         |
      | VALUE_BOOLEAN | true      |
      | VALUE_NULL    | null      |
      | START_ARRAY   | [{"a":1}] |

  @contract @id:sync-job.claim.required @req:sync-job.claim.required
  Scenario: A claim needs the name of a worker
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"sync_cursor":{}}
    Then the request is rejected as "illegal_argument_exception" because "Required [worker_hostname]"
    And the sync job is unchanged
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1"}
    Then the update is accepted
