@contract @since:8.12.0
Feature: Requests for a sync job that are rejected
  Whatever is rejected creates nothing.

  Background:
    Given a connector of its own with a pending sync job

  @id:sync-job.create.unknown-connector @req:sync-job.create.unknown-connector @req:sync-job.create.rejects-atomically @req:sync-job.create.headers
  Scenario: A sync job needs a connector that exists
    When a sync job is requested with the body {"id":"esconform-no-such-connector"}
    Then the response status is 404
    And the response is the JSON:
      """
      {
        "error": {
          "root_cause": [
            {"type": "resource_not_found_exception", "reason": "Connector with id 'esconform-no-such-connector' does not exist."}
          ],
          "type": "resource_not_found_exception",
          "reason": "Connector with id 'esconform-no-such-connector' does not exist."
        },
        "status": 404
      }
      """
    And the response header "X-elastic-product" is "Elasticsearch"
    And the answer is of the type "application/json"
    And the connector has 1 sync job
    When I send GET "/_connector/_sync_job?connector_id=esconform-no-such-connector"
    Then the response at "/count" equals 0
    When a sync job is requested with the body {"id":"{connector}"}
    Then a new sync job is created

  @id:sync-job.create.unknown-connector.similar @req:sync-job.create.unknown-connector
  Scenario Outline: An id that is <case> is not the id of the connector
    When a sync job is requested with the body {"id":"<id>"}
    Then the response status is 404
    And the response at "/error/type" equals "resource_not_found_exception"
    And the connector has 1 sync job
    When I send GET "/_connector/_sync_job?connector_id=<id>"
    Then the response at "/count" equals 0

    Examples:
      | case                   | id           |
      | one letter longer      | {connector}x |
      | followed by a wildcard | {connector}* |
      | that of a sync job     | {sync_job}   |

  @id:sync-job.create.unknown-kind @req:sync-job.create.rejects-unknown-kinds @req:sync-job.create.rejects-atomically
  Scenario Outline: The <field> <value> is rejected
    When a sync job is requested with the body {"id":"{connector}","<field>":"<value>"}
    Then the request is rejected as "x_content_parse_exception"
    And the response at "/error/caused_by/type" equals "illegal_argument_exception"
    And the response at "/error/caused_by/reason" equals "Unknown <kind> [<value>]."
    And the connector has 1 sync job
    When a sync job is requested with the body {"id":"{connector}","<field>":"<known>"}
    Then a new sync job is created

    Examples:
      | field          | value     | kind                          | known       |
      | job_type       | bogus     | ConnectorSyncJobType          | incremental |
      | job_type       | on_demand | ConnectorSyncJobType          | full        |
      | job_type       |           | ConnectorSyncJobType          | full        |
      | trigger_method | bogus     | ConnectorSyncJobTriggerMethod | scheduled   |
      | trigger_method | full      | ConnectorSyncJobTriggerMethod | on_demand   |

  @id:sync-job.create.needs-index @req:sync-job.create.needs-index @req:sync-job.create.rejects-atomically @since:8.15.0
  Scenario: A sync job needs a connector with an index
    Given a name saved as "plain"
    And I send PUT "/_connector/{plain}" with the body:
      """
      {"service_type": "sharepoint_online", "name": "without an index"}
      """
    And the response status is 201
    When I send POST "/_connector/_sync_job" with the body:
      """
      {"id": "{plain}"}
      """
    Then the request is rejected as "status_exception" because "Cannot start a sync for connector [{plain}] with no index attached."
    When I send GET "/_connector/_sync_job?connector_id={plain}"
    Then the response at "/count" equals 0
    When a sync job is requested with the body {"id":"{connector}"}
    Then a new sync job is created

  @id:sync-job.create.needs-service-type @req:sync-job.create.needs-service-type @since:8.15.0
  Scenario: A sync job needs a connector with a service type
    Given a name saved as "plain"
    And I send PUT "/_connector/{plain}" with the body:
      """
      {"index_name": "{plain}", "name": "without a service type"}
      """
    And the response status is 201
    When I send POST "/_connector/_sync_job" with the body:
      """
      {"id": "{plain}"}
      """
    Then the request is rejected as "status_exception" because "Cannot start a sync for connector [{plain}] with [service_type] not defined."
    When I send GET "/_connector/_sync_job?connector_id={plain}"
    Then the response at "/count" equals 0
    When a sync job is requested with the body {"id":"{connector}"}
    Then a new sync job is created

  @id:sync-job.create.without-service-type @req:sync-job.create.without-service-type @until:8.15.0
  Scenario: Earlier versions create a sync job for a connector without a service type
    Given a name saved as "plain"
    And I send PUT "/_connector/{plain}" with the body:
      """
      {"index_name": "{plain}", "name": "without a service type"}
      """
    And the response status is 201
    When I send POST "/_connector/_sync_job" with the body:
      """
      {"id": "{plain}"}
      """
    Then the response status is 201

  @id:sync-job.create.empty-id @req:sync-job.create.empty-id
  Scenario: The id may not be empty
    When a sync job is requested with the body {"id":""}
    Then the request is rejected as "action_request_validation_exception" because "[id] of the connector cannot be null or empty"
    And the connector has 1 sync job

  @id:sync-job.create.type @req:sync-job.create.type
  Scenario Outline: <field> of the kind <kind> is rejected
    When a sync job is requested with the body {"<field>":<value><rest>}
    Then the request is rejected as "x_content_parse_exception" because "<field> doesn't support values of type: <kind>"
    And the connector has 1 sync job

    Examples:
      | field          | kind          | value    | rest                |
      | id             | VALUE_NULL    | null     |                     |
      | id             | VALUE_NUMBER  | 1        |                     |
      | id             | START_ARRAY   | ["a"]    |                     |
      | job_type       | VALUE_NULL    | null     | ,"id":"{connector}" |
      | job_type       | START_ARRAY   | ["full"] | ,"id":"{connector}" |
      | trigger_method | VALUE_NULL    | null     | ,"id":"{connector}" |
      | trigger_method | VALUE_BOOLEAN | true     | ,"id":"{connector}" |

  @id:sync-job.create.body.required @req:sync-job.create.body.required
  Scenario: A request without a body is rejected
    When a sync job is requested without a body
    Then the request is rejected as "parse_exception" because "request body is required"
    And the connector has 1 sync job

  @id:sync-job.create.body.object @req:sync-job.create.body.object
  Scenario Outline: A body that is <case> is rejected
    When a sync job is requested with the body <body>
    Then the request is rejected as "x_content_parse_exception" because "Expected START_OBJECT but was: <kind>"
    And the connector has 1 sync job

    Examples:
      | case     | body                   | kind         |
      | an array | [{"id":"{connector}"}] | START_ARRAY  |
      | a text   | "{connector}"          | VALUE_STRING |

  @id:sync-job.create.body.well-formed @req:sync-job.create.body.well-formed
  Scenario Outline: A body that <case> is rejected
    When a sync job is requested with the body <body>
    Then the request is rejected as "x_content_parse_exception, x_content_e_o_f_exception"
    And the connector has 1 sync job

    Examples:
      | case                      | body                  |
      | ends after a field        | {"id":"{connector}"   |
      | has a comma too many      | {"id":"{connector}",, |
      | has a name without quotes | {id:"{connector}"}    |

  @id:sync-job.create.body.unknown-field @req:sync-job.create.body.unknown-field @req:sync-job.create.rejects-atomically
  Scenario Outline: The unknown field <field> is rejected
    When a sync job is requested with the body {"id":"{connector}","<field>":<value>}
    Then the request is rejected as "x_content_parse_exception" because "unknown field [<field>]"
    And the connector has 1 sync job
    When a sync job is requested with the body {"id":"{connector}"}
    Then a new sync job is created

    Examples:
      | field        | value         |
      | bogus        | 1             |
      | status       | "in_progress" |
      | connector_id | "x"           |
      | jobType      | "full"        |
      | metadata     | {}            |

  @id:sync-job.create.body.duplicate-key @req:sync-job.create.body.duplicate-key
  Scenario: A field given twice is rejected
    When a sync job is requested with the body {"id":"{connector}","id":"x"}
    Then the request is rejected as "x_content_parse_exception" because "id"
    And the response body contains "Duplicate"
    And the connector has 1 sync job

  @id:sync-job.create.routing.unknown-parameter @req:sync-job.create.routing.unknown-parameter @req:sync-job.create.rejects-atomically
  Scenario Outline: The unknown query parameter <parameter> is rejected
    Given the next request has the query "<parameter>=x"
    When a sync job is requested with the body {"id":"{connector}"}
    Then the request is rejected as "illegal_argument_exception" because "unrecognized parameter: [<parameter>]"
    And the connector has 1 sync job
    When a sync job is requested with the body {"id":"{connector}"}
    Then a new sync job is created

    Examples:
      | parameter |
      | bogus     |
      | job_type  |
      | refresh   |

  @id:sync-job.create.headers.media-type @req:sync-job.create.headers.media-type
  Scenario: A body of the type text/plain is refused
    Given the next request has the header "Content-Type" set to "text/plain"
    When a sync job is requested with the body {"id":"{connector}"}
    Then the request is refused with status 406 because "Content-Type header [text/plain] is not supported"
    And the connector has 1 sync job
    When a sync job is requested with the body {"id":"{connector}"}
    Then a new sync job is created
