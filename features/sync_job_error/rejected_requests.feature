@contract @since:8.12.0
Feature: Bodies of a report of an error that are rejected
  Whatever is rejected leaves the stored sync job exactly as it was.

  Background:
    Given a sync job in the state "in_progress"

  @id:sync-job.error.type @req:sync-job.error.type
  Scenario Outline: error of the kind <kind> is rejected
    When I send PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":<value>}
    Then the request is rejected as "x_content_parse_exception" because "[connector_sync_job_error_request] error doesn't support values of type: <kind>"
    And the sync job is unchanged
    When I send PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"boom"}
    Then the update is accepted

    Examples:
      | kind          | value     |
      | VALUE_NULL    | null      |
      | VALUE_NUMBER  | 1         |
      | VALUE_BOOLEAN | true      |
      | START_OBJECT  | {"a":"b"} |
      | START_ARRAY   | ["a"]     |

  @id:sync-job.error.body.required @req:sync-job.error.body.required
  Scenario: A request without a body is rejected
    When I send PUT "/_connector/_sync_job/{sync_job}/_error"
    Then the request is rejected as "parse_exception" because "request body is required"
    And the sync job is unchanged
    When I send PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"boom"}
    Then the update is accepted

  @id:sync-job.error.body.object @req:sync-job.error.body.object
  Scenario Outline: A body that is <case> is rejected
    When I send PUT "/_connector/_sync_job/{sync_job}/_error" with <body>
    Then the request is rejected as "x_content_parse_exception" because "Expected START_OBJECT but was: <kind>"
    And the sync job is unchanged
    When I send PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"boom"}
    Then the update is accepted

    Examples:
      | case           | body               | kind         |
      | an array       | []                 | START_ARRAY  |
      | an array of it | [{"error":"boom"}] | START_ARRAY  |
      | a text         | "x"                | VALUE_STRING |

  @id:sync-job.error.body.well-formed @req:sync-job.error.body.well-formed
  Scenario Outline: A body that <case> is rejected
    When I send PUT "/_connector/_sync_job/{sync_job}/_error" with <body>
    Then the request is rejected as "x_content_parse_exception, x_content_e_o_f_exception"
    And the sync job is unchanged
    When I send PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"boom"}
    Then the update is accepted

    Examples:
      | case                      | body              |
      | ends after the field      | {"error":"boom"   |
      | has a comma too many      | {"error":"boom",, |
      | has a name without quotes | {error:"boom"}    |

  @id:sync-job.error.body.unknown-field @req:sync-job.error.body.unknown-field
  Scenario Outline: The unknown field <field> is rejected
    When I send PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"boom","<field>":<value>}
    Then the request is rejected as "x_content_parse_exception" because "unknown field [<field>]"
    And the sync job is unchanged
    When I send PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"boom"}
    Then the update is accepted

    Examples:
      | field     | value                  |
      | bogus     | 1                      |
      | status    | "completed"            |
      | last_seen | "2023-01-02T10:00:00Z" |
      | Error     | "x"                    |

  @id:sync-job.error.body.duplicate-key @req:sync-job.error.body.duplicate-key
  Scenario: A field given twice is rejected
    When I send PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"a","error":"b"}
    Then the request is rejected as "x_content_parse_exception" because "error"
    And the sync job is unchanged
    When I send PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"boom"}
    Then the update is accepted

  @id:sync-job.error.headers.media-type @req:sync-job.error.headers.media-type
  Scenario Outline: A body of the type <type> is refused
    Given the next request has the header "Content-Type" set to "<type>"
    When I send PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"boom"}
    Then the request is refused with status 406 because "Content-Type header [<type>] is not supported"
    And the sync job is unchanged
    When I send PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"boom"}
    Then the update is accepted

    Examples:
      | type                              |
      | text/plain                        |
      | application/x-www-form-urlencoded |
