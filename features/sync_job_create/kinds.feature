@contract @since:8.15.0
Feature: The rules for new sync jobs hold for every kind of sync job

  @id:sync-job.create.needs-index.every-kind @req:sync-job.create.needs-index
  Scenario Outline: A sync job needs a connector with an index: <job_type>, <trigger_method>
    Given a name saved as "plain"
    And I send PUT "/_connector/{plain}" with the body:
      """
      {"service_type": "sharepoint_online", "name": "without an index"}
      """
    And the response status is 201
    When I send POST "/_connector/_sync_job" with the body:
      """
      {"id": "{plain}", "job_type": "<job_type>", "trigger_method": "<trigger_method>"}
      """
    Then the request is rejected as "status_exception" because "Cannot start a sync for connector [{plain}] with no index attached."
    When I send GET "/_connector/_sync_job?connector_id={plain}"
    Then the response at "/count" equals 0

    Examples:
      | job_type    | trigger_method |
      | full        | scheduled      |
      | incremental | on_demand      |

  @id:sync-job.create.needs-service-type.every-kind @req:sync-job.create.needs-service-type
  Scenario Outline: A sync job needs a connector with a service type: <job_type>, <trigger_method>
    Given a name saved as "plain"
    And I send PUT "/_connector/{plain}" with the body:
      """
      {"index_name": "{plain}", "name": "without a service type"}
      """
    And the response status is 201
    When I send POST "/_connector/_sync_job" with the body:
      """
      {"id": "{plain}", "job_type": "<job_type>", "trigger_method": "<trigger_method>"}
      """
    Then the request is rejected as "status_exception" because "Cannot start a sync for connector [{plain}] with [service_type] not defined."
    When I send GET "/_connector/_sync_job?connector_id={plain}"
    Then the response at "/count" equals 0

    Examples:
      | job_type       | trigger_method |
      | full           | scheduled      |
      | incremental    | on_demand      |
      | access_control | scheduled      |

  @id:sync-job.create.needs-service-type.empty @req:sync-job.create.needs-service-type
  Scenario Outline: An empty service type is none: <job_type>, <trigger_method>
    Given a name saved as "plain"
    And I send PUT "/_connector/{plain}" with the body:
      """
      {"index_name": "{plain}", "service_type": "", "name": "with an empty service type"}
      """
    And the response status is 201
    When I send POST "/_connector/_sync_job" with the body:
      """
      {"id": "{plain}", "job_type": "<job_type>", "trigger_method": "<trigger_method>"}
      """
    Then the request is rejected as "status_exception" because "Cannot start a sync for connector [{plain}] with [service_type] not defined."
    When I send GET "/_connector/_sync_job?connector_id={plain}"
    Then the response at "/count" equals 0

    Examples:
      | job_type       | trigger_method |
      | full           | scheduled      |
      | incremental    | on_demand      |
      | access_control | scheduled      |

  @id:sync-job.create.unknown-connector.every-kind @req:sync-job.create.unknown-connector
  Scenario Outline: A sync job needs a connector that exists: <job_type>, <trigger_method>
    Given a sync job
    When a sync job is requested with the body {"id":"{connector}x","job_type":"<job_type>","trigger_method":"<trigger_method>"}
    Then the response status is 404
    And the response at "/error/reason" equals "Connector with id '{connector}x' does not exist."
    And the sync job is unchanged

    Examples:
      | job_type       | trigger_method |
      | full           | scheduled      |
      | incremental    | on_demand      |
      | access_control | scheduled      |

  @id:sync-job.create.any-connector-status @req:sync-job.create.any-connector-status
  Scenario Outline: The status of the connector does not matter: <status>, <job_type>
    Given a connector of its own with a pending sync job
    And the connector is brought into the status "<status>"
    When a sync job is requested with the body {"id":"{connector}","job_type":"<job_type>"}
    Then a new sync job is created
    And the connector has 2 sync jobs

    Examples:
      | status              | job_type       |
      | created             | full           |
      | needs_configuration | full           |
      | configured          | full           |
      | connected           | full           |
      | error               | full           |
      | needs_configuration | incremental    |
      | needs_configuration | access_control |
      | error               | incremental    |
      | error               | access_control |
