@contract @service @since:8.12.0
Feature: What the connector service searches for
  The service finds its work by searches of the index. They depend on the
  mapping: on keywords that are not cut into words, and on dates that are.

  Background:
    Given a connector of its own with these sync jobs, created one after the other:
      | a | full           | pending     |
      | b | incremental    | pending     |
      | c | access_control | pending     |
      | d | full           | in_progress |
      | e | incremental    | canceled    |

  @id:service.search.pending @req:service.search.pending
  Scenario: Pending sync jobs of a connector and of some job types, oldest first
    When the service sends POST "/.elastic-connectors-sync-jobs/_search?expand_wildcards=hidden" with the body:
      """
      {"query": {"bool": {"must": [{"terms": {"status": ["pending", "suspended"]}}, {"terms": {"connector.id": ["{connector}"]}}, {"terms": {"job_type": ["full", "incremental"]}}]}}, "sort": [{"created_at": "asc"}], "from": 0, "size": 100, "seq_no_primary_term": true}
      """
    Then the search finds exactly "a, b" in this order

  @id:service.search.newest @req:service.search.sort
  Scenario Outline: Sync jobs are found in the order of their creation: <order>
    When the service sends POST "/.elastic-connectors-sync-jobs/_search?expand_wildcards=hidden" with the body:
      """
      {"query": {"term": {"connector.id": "{connector}"}}, "sort": [{"created_at": {"order": "<order>"}}]}
      """
    Then the search finds exactly "<found>" in this order

    Examples:
      | order | found         |
      | asc   | a, b, c, d, e |
      | desc  | e, d, c, b, a |

  @id:service.search.pages @req:service.search.sort
  Scenario: A part of a longer list is found in the same order
    When the service sends POST "/.elastic-connectors-sync-jobs/_search?expand_wildcards=hidden" with the body:
      """
      {"query": {"terms": {"connector.id": ["{connector}"]}}, "sort": [{"created_at": "asc"}], "from": 1, "size": 2}
      """
    Then the response status is 200
    And the response at "/hits/total/value" equals 5
    And the response at "/hits/hits/0/_id" equals "{b}"
    And the response at "/hits/hits/1/_id" equals "{c}"
    And the response at "/hits/hits/2" is absent

  @id:service.search.seq-no @req:service.search.seq-no
  Scenario: A hit has the sequence number that the document has
    When the service sends GET "/.elastic-connectors-sync-jobs/_doc/{a}"
    Then the response status is 200
    And I save the response at "/_seq_no" as "seq_no"
    And I save the response at "/_primary_term" as "term"
    When the service sends POST "/.elastic-connectors-sync-jobs/_search?expand_wildcards=hidden" with the body:
      """
      {"query": {"bool": {"must": [{"terms": {"status": ["pending"]}}, {"terms": {"connector.id": ["{connector}"]}}, {"terms": {"job_type": ["full"]}}]}}, "seq_no_primary_term": true}
      """
    Then the search finds exactly "a" in this order
    And the response at "/hits/hits/0/_seq_no" equals {seq_no}
    And the response at "/hits/hits/0/_primary_term" equals {term}

  @id:service.search.whole-words @req:service.search.whole-words
  Scenario: The id of a connector is one word, not several
    When the service sends POST "/.elastic-connectors-sync-jobs/_search?expand_wildcards=hidden" with the body:
      """
      {"query": {"bool": {"filter": [{"terms": {"connector.id": ["esconform", "no-such"]}}, {"terms": {"status": ["pending"]}}]}}}
      """
    Then the response status is 200
    And the response at "/hits/total/value" equals 0

  @id:service.search.orphaned @req:service.search.orphaned
  Scenario: Sync jobs in progress of connectors that are not the service's own
    When the service sends POST "/.elastic-connectors-sync-jobs/_search?expand_wildcards=hidden" with the body:
      """
      {"query": {"bool": {"must_not": {"terms": {"connector.id": ["esconform-no-such-connector"]}}, "filter": [{"terms": {"status": ["in_progress", "canceling"]}}, {"term": {"connector.id": "{connector}"}}]}}}
      """
    Then the search finds exactly "d" in this order
    When the service sends POST "/.elastic-connectors-sync-jobs/_search?expand_wildcards=hidden" with the body:
      """
      {"query": {"bool": {"must_not": {"terms": {"connector.id": ["{connector}"]}}, "filter": [{"terms": {"status": ["in_progress", "canceling"]}}, {"term": {"connector.id": "{connector}"}}]}}}
      """
    Then the response status is 200
    And the response at "/hits/total/value" equals 0

  @id:service.search.idle @req:service.search.idle @direct-write
  Scenario: Sync jobs in progress that nobody has seen for five minutes
    When the service sends POST "/.elastic-connectors-sync-jobs/_update/{sync_job}?refresh=true" with the body:
      """
      {"doc": {"status": "in_progress", "last_seen": "2026-01-02T10:00:00.123456+00:00"}}
      """
    Then the response status is 200
    When the service sends POST "/.elastic-connectors-sync-jobs/_search?expand_wildcards=hidden" with the body:
      """
      {"query": {"bool": {"filter": [{"terms": {"connector.id": ["{connector}"]}}, {"terms": {"status": ["in_progress", "canceling"]}}, {"range": {"last_seen": {"lte": "now-300s"}}}]}}}
      """
    Then the search finds exactly "e" in this order
    When the service sends POST "/.elastic-connectors-sync-jobs/_search?expand_wildcards=hidden" with the body:
      """
      {"query": {"bool": {"filter": [{"terms": {"connector.id": ["{connector}"]}}, {"terms": {"status": ["in_progress", "canceling"]}}, {"range": {"last_seen": {"gt": "now-300s"}}}]}}}
      """
    Then the search finds exactly "d" in this order

  @id:service.search.connectors @req:service.search.connectors
  Scenario: The connectors that the service works for
    Given a sync job of another connector
    When the service sends POST "/.elastic-connectors/_search?expand_wildcards=hidden" with the body:
      """
      {"query": {"bool": {"must_not": [{"term": {"deleted": true}}], "filter": [{"terms": {"_id": ["{connector}", "esconform-no-such-connector"]}}]}}, "from": 0, "size": 100, "seq_no_primary_term": true}
      """
    Then the search finds exactly "connector" in this order
