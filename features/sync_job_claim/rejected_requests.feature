@contract @since:8.15.0
Feature: Bodies of a claim that are rejected
  Whatever is rejected leaves the stored sync job exactly as it was.

  Background:
    Given a sync job

  @id:sync-job.claim.type @req:sync-job.claim.type
  Scenario Outline: worker_hostname of the kind <kind> is rejected
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":<value>}
    Then the request is rejected as "x_content_parse_exception" because "[claim_connector_sync_job] worker_hostname doesn't support values of type: <kind>"
    And the sync job is unchanged
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1"}
    Then the update is accepted

    Examples:
      | kind          | value     |
      | VALUE_NULL    | null      |
      | VALUE_NUMBER  | 1         |
      | VALUE_BOOLEAN | true      |
      | START_OBJECT  | {"a":"b"} |
      | START_ARRAY   | ["a"]     |

  @id:sync-job.claim.body.required @req:sync-job.claim.body.required
  Scenario: A request without a body is rejected
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim"
    Then the request is rejected as "parse_exception" because "request body is required"
    And the sync job is unchanged
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1"}
    Then the update is accepted

  @id:sync-job.claim.body.object @req:sync-job.claim.body.object
  Scenario Outline: A body that is <case> is rejected
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with <body>
    Then the request is rejected as "x_content_parse_exception" because "Expected START_OBJECT but was: <kind>"
    And the sync job is unchanged
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1"}
    Then the update is accepted

    Examples:
      | case           | body                             | kind         |
      | an array       | []                               | START_ARRAY  |
      | an array of it | [{"worker_hostname":"worker-1"}] | START_ARRAY  |
      | a text         | "x"                              | VALUE_STRING |

  @id:sync-job.claim.body.well-formed @req:sync-job.claim.body.well-formed
  Scenario Outline: A body that <case> is rejected
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with <body>
    Then the request is rejected as "x_content_parse_exception, x_content_e_o_f_exception"
    And the sync job is unchanged
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1"}
    Then the update is accepted

    Examples:
      | case                      | body                            |
      | ends after the field      | {"worker_hostname":"worker-1"   |
      | has a comma too many      | {"worker_hostname":"worker-1",, |
      | has a name without quotes | {worker_hostname:"worker-1"}    |

  @id:sync-job.claim.body.unknown-field @req:sync-job.claim.body.unknown-field
  Scenario Outline: The unknown field <field> is rejected
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1","<field>":<value>}
    Then the request is rejected as "x_content_parse_exception" because "unknown field [<field>]"
    And the sync job is unchanged
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1"}
    Then the update is accepted

    Examples:
      | field          | value                  |
      | bogus          | 1                      |
      | status         | "completed"            |
      | last_seen      | "2023-01-02T10:00:00Z" |
      | workerHostname | "x"                    |

  @id:sync-job.claim.body.duplicate-key @req:sync-job.claim.body.duplicate-key
  Scenario: A field given twice is rejected
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"a","worker_hostname":"b"}
    Then the request is rejected as "x_content_parse_exception" because "worker_hostname"
    And the sync job is unchanged
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1"}
    Then the update is accepted

  @id:sync-job.claim.headers.media-type @req:sync-job.claim.headers.media-type
  Scenario Outline: A body of the type <type> is refused
    Given the next request has the header "Content-Type" set to "<type>"
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1"}
    Then the request is refused with status 406 because "Content-Type header [<type>] is not supported"
    And the sync job is unchanged
    When I send PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"worker-1"}
    Then the update is accepted

    Examples:
      | type                              |
      | text/plain                        |
      | application/x-www-form-urlencoded |
