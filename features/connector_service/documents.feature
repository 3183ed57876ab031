@contract @service @since:8.13.0
Feature: What the connector service writes
  The service writes the ends of sync jobs, and what it knows of its connectors,
  into the index itself.

  @id:service.index.exists @req:service.index.exists
  Scenario Outline: The service sees that <index> is there, and cannot make it again
    Given a sync job
    When the service sends HEAD "/<index>"
    Then the response status is 200
    And the response has no body
    When the service sends PUT "/<index>"
    Then the request is rejected as "resource_already_exists_exception" because "index [<index>/"
    And the sync job is unchanged

    Examples:
      | index                            |
      | .elastic-connectors-v1           |
      | .elastic-connectors-sync-jobs-v1 |

  @connector @id:service.index.absent @req:service.index.absent
  Scenario: The service sees that an index is not there
    When the service sends HEAD "/.elastic-connectors-no-such-index"
    Then the response status is 404
    And the response has no body

  @id:service.stale @req:service.stale @direct-write
  Scenario: A write on the condition of what was read is made once
    Given a sync job
    When the service sends GET "/.elastic-connectors-sync-jobs/_doc/{sync_job}"
    Then the response status is 200
    And I save the response at "/_seq_no" as "seq_no"
    And I save the response at "/_primary_term" as "term"
    When the service sends POST "/.elastic-connectors-sync-jobs/_update/{sync_job}?if_seq_no={seq_no}&if_primary_term={term}" with the body:
      """
      {"doc": {"worker_hostname": "worker-1"}}
      """
    Then the response status is 200
    And the response at "/result" equals "updated"
    And only these fields of the sync job have changed:
      | worker_hostname | "worker-1" |
    When the service sends POST "/.elastic-connectors-sync-jobs/_update/{sync_job}?if_seq_no={seq_no}&if_primary_term={term}" with the body:
      """
      {"doc": {"worker_hostname": "worker-2"}}
      """
    Then the write is refused as one of a stale document
    And the sync job is unchanged

  @id:service.stale.after-call @req:service.stale @direct-write
  Scenario: A call of the API in between makes what was read stale
    Given a sync job
    When the service sends GET "/.elastic-connectors-sync-jobs/_doc/{sync_job}"
    Then the response status is 200
    And I save the response at "/_seq_no" as "seq_no"
    And I save the response at "/_primary_term" as "term"
    When I send PUT "/_connector/_sync_job/{sync_job}/_check_in"
    Then the update is accepted
    When the service sends POST "/.elastic-connectors-sync-jobs/_update/{sync_job}?if_seq_no={seq_no}&if_primary_term={term}" with the body:
      """
      {"doc": {"worker_hostname": "worker-1"}}
      """
    Then the write is refused as one of a stale document
    And the sync job is unchanged

  @id:service.stale.connector @req:service.stale.connector @direct-write
  Scenario: What was read of a connector is stale once it has checked in
    Given a connector of its own with a pending sync job
    When the service sends GET "/.elastic-connectors/_doc/{connector}"
    Then the response status is 200
    And I save the response at "/_seq_no" as "seq_no"
    And I save the response at "/_primary_term" as "term"
    When the service sends PUT "/_connector/{connector}/_check_in"
    Then the response status is 200
    When the service sends POST "/.elastic-connectors/_update/{connector}?if_seq_no={seq_no}&if_primary_term={term}" with the body:
      """
      {"doc": {"last_sync_status": "in_progress"}}
      """
    Then the write is refused as one of a stale document
    When the service sends GET "/.elastic-connectors/_doc/{connector}"
    Then the response status is 200
    And the response at "/_source/last_sync_status" is absent
    And I save the response at "/_seq_no" as "seq_no"
    When the service sends POST "/.elastic-connectors/_update/{connector}?if_seq_no={seq_no}&if_primary_term={term}" with the body:
      """
      {"doc": {"last_sync_status": "in_progress"}}
      """
    Then the response status is 200

  @id:service.end @req:service.end @direct-write
  Scenario Outline: The end that the service writes is read back as it was written: <status>
    Given a sync job in the state "in_progress"
    When the service sends POST "/.elastic-connectors-sync-jobs/_update/{sync_job}" with the body:
      """
      {"doc": {"last_seen": "2026-01-02T10:00:00.123456+00:00", "status": "<status>", "error": <error>, "completed_at": "2026-01-02T10:00:00.123456+00:00"<more>, "indexed_document_count": 7}}
      """
    Then the response status is 200
    When the sync job is read
    Then the answer is the sync job as it is stored
    And the response at "/status" equals "<status>"
    And the response at "/error" equals <error>
    And the response at "/completed_at" equals "2026-01-02T10:00:00.123456+00:00"
    And the response at "/indexed_document_count" equals 7

    Examples:
      | status    | error                 | more                                                |
      | completed | null                  |                                                     |
      | canceled  | null                  | , "canceled_at": "2026-01-02T10:00:00.123456+00:00" |
      | error     | "IndexError: no data" |                                                     |

  @id:service.legacy-job @req:service.legacy-job @direct-write
  Scenario: A sync job that the service makes without the API is one for the API, too
    Given a connector of its own with a pending sync job
    When the service sends POST "/.elastic-connectors-sync-jobs/_doc?refresh=true" with the body:
      """
      {"connector": {"id": "{connector}", "filtering": {"advanced_snippet": {}, "rules": []}, "index_name": "{connector}", "language": "en", "pipeline": null, "service_type": "esconform", "configuration": {}}, "trigger_method": "scheduled", "job_type": "incremental", "status": "pending", "indexed_document_count": 0, "indexed_document_volume": 0, "deleted_document_count": 0, "created_at": "2026-01-02T10:00:00.123456+00:00", "last_seen": "2026-01-02T10:00:00.123456+00:00"}
      """
    Then the response status is 201
    And the response at "/result" equals "created"
    And I save the response at "/_id" as "job"
    When the service sends GET "/_connector/_sync_job/{job}"
    Then the response status is 200
    And the response at "/id" equals "{job}"
    And the response at "/created_at" equals "2026-01-02T10:00:00.123456+00:00"
    And the response at "/connector/pipeline" equals null
    When the service sends PUT "/_connector/_sync_job/{job}/_cancel"
    Then the response status is 200
