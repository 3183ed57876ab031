@contract @service @direct-write @since:8.15.0
Feature: A sync job as the connector service runs it

  @id:service.life @req:service.life
  Scenario: From the first look at the server to the end of a sync job
    Given a connector of its own with a pending sync job
    When the service sends HEAD "/.elastic-connectors-v1"
    Then the response status is 200
    When the service sends HEAD "/.elastic-connectors-sync-jobs-v1"
    Then the response status is 200
    When the service sends POST "/.elastic-connectors/_search?expand_wildcards=hidden" with the body:
      """
      {"query": {"bool": {"must_not": [{"term": {"deleted": true}}], "filter": [{"terms": {"_id": ["{connector}"]}}]}}, "from": 0, "size": 100, "seq_no_primary_term": true}
      """
    Then the search finds exactly "connector" in this order
    When the service sends PUT "/_connector/{connector}/_check_in"
    Then the response status is 200
    When the service sends POST "/_connector/_sync_job" with the body:
      """
      {"id": "{connector}", "job_type": "full", "trigger_method": "scheduled"}
      """
    Then the response status is 201
    And I save the response at "/id" as "job"
    When the service sends POST "/.elastic-connectors-sync-jobs/_search?expand_wildcards=hidden" with the body:
      """
      {"query": {"bool": {"must": [{"terms": {"status": ["pending", "suspended"]}}, {"terms": {"connector.id": ["{connector}"]}}, {"terms": {"job_type": ["full", "incremental"]}}]}}, "sort": [{"created_at": "asc"}], "from": 0, "size": 100, "seq_no_primary_term": true}
      """
    Then the search finds exactly "sync_job, job" in this order
    When the service sends PUT "/_connector/_sync_job/{job}/_claim" with the body:
      """
      {"worker_hostname": "worker-1"}
      """
    Then the response status is 200
    When the service sends GET "/.elastic-connectors/_doc/{connector}"
    Then the response status is 200
    And I save the response at "/_seq_no" as "seq_no"
    And I save the response at "/_primary_term" as "term"
    When the service sends POST "/.elastic-connectors/_update/{connector}?if_seq_no={seq_no}&if_primary_term={term}" with the body:
      """
      {"doc": {"last_sync_status": "in_progress", "last_sync_error": null, "status": "connected", "last_synced": "2026-01-02T10:00:00.123456+00:00"}}
      """
    Then the response status is 200
    When the service sends PUT "/_connector/_sync_job/{job}/_stats" with the body:
      """
      {"indexed_document_count": 2, "indexed_document_volume": 3, "deleted_document_count": 1, "metadata": {}}
      """
    Then the response status is 200
    When the service sends GET "/.elastic-connectors-sync-jobs/_doc/{job}"
    Then the response status is 200
    And the response at "/_source/status" equals "in_progress"
    And the response at "/_source/worker_hostname" equals "worker-1"
    And the response at "/_source/indexed_document_count" equals 2
    When the service sends POST "/.elastic-connectors-sync-jobs/_update/{job}" with the body:
      """
      {"doc": {"last_seen": "2026-01-02T10:00:01.123456+00:00", "status": "completed", "error": null, "completed_at": "2026-01-02T10:00:01.123456+00:00", "indexed_document_count": 4, "indexed_document_volume": 6, "deleted_document_count": 2, "total_document_count": 9}}
      """
    Then the response status is 200
    When the service sends GET "/.elastic-connectors/_doc/{connector}"
    Then the response status is 200
    And the response at "/_source/last_sync_status" equals "in_progress"
    And I save the response at "/_seq_no" as "seq_no"
    When the service sends POST "/.elastic-connectors/_update/{connector}?if_seq_no={seq_no}&if_primary_term={term}" with the body:
      """
      {"doc": {"last_sync_status": "completed", "last_sync_error": null, "status": "connected", "last_indexed_document_count": 4, "last_deleted_document_count": 2, "sync_cursor": null}}
      """
    Then the response status is 200
    When I send GET "/_connector/_sync_job/{job}"
    Then the response status is 200
    And the response at "/status" equals "completed"
    And the response at "/error" equals null
    And the response at "/total_document_count" equals 9
    And the response at "/trigger_method" equals "scheduled"
    When I send GET "/_connector/{connector}"
    Then the response status is 200
    And the response at "/last_sync_status" equals "completed"
    And the response at "/last_indexed_document_count" equals 4
