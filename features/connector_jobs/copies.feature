@contract @since:8.18.0
Feature: What a new sync job gets of its connector

  Background:
    Given a connector

  @id:connector.jobs.copies @req:connector.jobs.copies
  Scenario Outline: A sync job gets what <call> has set
    Given I send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    When I send POST "/_connector/_sync_job" with the body:
      """
      {"id": "{connector}"}
      """
    Then the response status is 201
    When I save the response at "/id" as "made"
    And I send GET "/_connector/_sync_job/{made}"
    Then the response at "/connector" contains the JSON:
      """
      <body>
      """

    Examples:
      | call           | body                                                                                                              |
      | _configuration | {"configuration": {"a": {"default_value": "d", "label": "A", "required": true, "sensitive": true, "value": "v"}}} |
      | _pipeline      | {"pipeline": {"name": "p", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": true}} |
      | _service_type  | {"service_type": "other"}                                                                                         |
      | _index_name    | {"index_name": "{connector}-2"}                                                                                   |

  @id:connector.jobs.copies.language @req:connector.jobs.copies
  Scenario: A sync job gets the language
    Given a connector created with:
      """
      {"index_name": "{connector}", "service_type": "s", "language": "fr"}
      """
    When I send POST "/_connector/_sync_job" with the body:
      """
      {"id": "{connector}"}
      """
    Then the response status is 201
    When I save the response at "/id" as "made"
    And I send GET "/_connector/_sync_job/{made}"
    Then the response at "/connector" contains the JSON:
      """
      {"id": "{connector}", "language": "fr", "index_name": "{connector}", "service_type": "s"}
      """

  @id:connector.jobs.copies.absent @req:connector.jobs.copies
  Scenario Outline: A sync job has no <field> where the connector has none
    When I send POST "/_connector/_sync_job" with the body:
      """
      {"id": "{connector}"}
      """
    Then the response status is 201
    When I save the response at "/id" as "made"
    And I send GET "/_connector/_sync_job/{made}"
    Then the response at "/connector/<field>" is absent

    Examples:
      | field    |
      | language |
      | pipeline |

  @id:connector.jobs.active @req:connector.jobs.active
  Scenario: A sync job gets the active filtering, and not the draft
    Given I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"rules": [{"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v"}], "advanced_snippet": {"value": {"a": 1}}}
      """
    And I send PUT "/_connector/{connector}/_filtering/_validation" with the body:
      """
      {"validation": {"errors": [], "state": "valid"}}
      """
    And I send PUT "/_connector/{connector}/_filtering/_activate"
    And I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"rules": []}
      """
    And I send GET "/_connector/{connector}"
    And I save the response at "/filtering/0/active" as "active"
    When I send POST "/_connector/_sync_job" with the body:
      """
      {"id": "{connector}"}
      """
    Then the response status is 201
    When I save the response at "/id" as "made"
    And I send GET "/_connector/_sync_job/{made}"
    Then the response at "/connector/filtering" is the JSON:
      """
      {active}
      """
    And the response at "/connector/filtering/rules/0/id" equals "r"

  @id:connector.jobs.active.draft-alone @req:connector.jobs.active
  Scenario: A draft alone does not reach a sync job
    Given I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"rules": [{"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v"}]}
      """
    When I send POST "/_connector/_sync_job" with the body:
      """
      {"id": "{connector}"}
      """
    Then the response status is 201
    When I save the response at "/id" as "made"
    And I send GET "/_connector/_sync_job/{made}"
    Then the response at "/connector/filtering/rules" has the length 1
    And the response at "/connector/filtering/rules/0/id" equals "DEFAULT"

  @id:connector.jobs.not-copied @req:connector.jobs.not-copied
  Scenario Outline: A sync job gets nothing of <call>
    Given I send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    When I send POST "/_connector/_sync_job" with the body:
      """
      {"id": "{connector}"}
      """
    Then the response status is 201
    When I save the response at "/id" as "made"
    And I send GET "/_connector/_sync_job/{made}"
    Then the response at "/connector/<field>" is absent

    Examples:
      | call        | field             | body                                                                   |
      | _name       | name              | {"name": "n"}                                                          |
      | _name       | description       | {"description": "d"}                                                   |
      | _last_sync  | sync_cursor       | {"sync_cursor": {"a": 1}}                                              |
      | _last_sync  | last_sync_error   | {"last_sync_error": "e"}                                               |
      | _features   | features          | {"features": {"incremental_sync": {"enabled": true}}}                  |
      | _scheduling | scheduling        | {"scheduling": {"full": {"enabled": true, "interval": "0 0 1 * * ?"}}} |
      | _api_key_id | api_key_id        | {"api_key_id": "k"}                                                    |
      | _api_key_id | api_key_secret_id | {"api_key_secret_id": "s"}                                             |
      | _error      | error             | {"error": "boom"}                                                      |
      | _status     | status            | {"status": "needs_configuration"}                                      |

  @id:connector.jobs.status @req:connector.jobs.status
  Scenario Outline: A connector that is <status> gets a sync job and stays as it is
    Given a connector in the state "<status>"
    When I send POST "/_connector/_sync_job" with the body:
      """
      {"id": "{connector}"}
      """
    Then the response status is 201
    And the connector is unchanged

    Examples:
      | status              |
      | created             |
      | needs_configuration |
      | configured          |
      | connected           |
      | error               |

  @id:connector.jobs.needs @req:connector.jobs.needs
  Scenario Outline: A connector <case> gets no sync job
    Given a connector created with:
      """
      <body>
      """
    When I send POST "/_connector/_sync_job" with the body:
      """
      {"id": "{connector}"}
      """
    Then the response status is 400
    And the connector is unchanged

    Examples:
      | case                       | body                                              |
      | without an index           | {"service_type": "s"}                             |
      | without a service type     | {"index_name": "{connector}"}                     |
      | with an empty service type | {"index_name": "{connector}", "service_type": ""} |
      | with a null for its index  | {"index_name": null, "service_type": "s"}         |

  @id:connector.jobs.no-filtering @req:connector.jobs.no-filtering
  Scenario: A connector without any filtering gives none
    Given I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"filtering": []}
      """
    When I send POST "/_connector/_sync_job" with the body:
      """
      {"id": "{connector}"}
      """
    Then the response status is 201
    When I save the response at "/id" as "made"
    And I send GET "/_connector/_sync_job/{made}"
    Then the response at "/connector/filtering" is absent

  @id:connector.jobs.custom-schedule @req:connector.jobs.custom-schedule @direct-write
  Scenario: A custom schedule that another program has stored does not keep sync jobs from being created
    Given a connector of its own
    And the service sends POST "/.elastic-connectors/_update/{connector}" with the body:
      """
      {"doc": {"custom_scheduling": {"x": {"enabled": true, "interval": "0 0 0 * * ?", "name": "x"}}}}
      """
    And the response status is 200
    When I send POST "/_connector/_sync_job" with the body:
      """
      {"id": "{connector}"}
      """
    Then the response status is 201
