@contract @since:8.18.0
Feature: Updates of connectors that do not exist
  Some calls look at the connector first, others write blindly; they say it in different words.

  @id:connector.update.not-found.reads @req:connector.update.not-found.reads @req:connector.update.headers
  Scenario Outline: <call> reports an id that no connector has
    Given an id that no connector has
    When I send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then the request is rejected with status 404 as "resource_not_found_exception" saying "connector [{connector}] not found"
    And the response header "X-elastic-product" is "Elasticsearch"
    And the connector is gone

    Examples:
      | call                   | body                                               |
      | _index_name            | {"index_name": "content-{connector}-2"}            |
      | _service_type          | {"service_type": "another"}                        |
      | _status                | {"status": "needs_configuration"}                  |
      | _configuration         | {"configuration": {"a": {"label": "A"}}}           |
      | _filtering             | {"advanced_snippet": {"value": {"a": 1}}}          |
      | _filtering/_validation | {"validation": {"errors": [], "state": "invalid"}} |
      | _native                | {"is_native": true}                                |

  @id:connector.update.not-found.reads.bodiless @req:connector.update.not-found.reads
  Scenario Outline: <call> reports an id that no connector has, too
    Given an id that no connector has
    When I send PUT "/_connector/{connector}/<call>"
    Then the request is rejected with status 404 as "resource_not_found_exception" saying "connector [{connector}] not found"
    And the response header "X-elastic-product" is "Elasticsearch"
    And the connector is gone

    Examples:
      | call                 |
      | _filtering/_activate |

  @id:connector.update.not-found.blind @req:connector.update.not-found.blind @req:connector.update.headers
  Scenario Outline: <call> reports an id that no connector has
    Given an id that no connector has
    When I send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then the request is rejected with status 404 as "document_missing_exception" saying "[{connector}]: document missing"
    And the response header "X-elastic-product" is "Elasticsearch"
    And the connector is gone

    Examples:
      | call        | body                                                                                                              |
      | _name       | {"name": "renamed", "description": "described"}                                                                   |
      | _error      | {"error": "boom"}                                                                                                 |
      | _scheduling | {"scheduling": {"full": {"enabled": true, "interval": "0 0 1 * * ?"}}}                                            |
      | _pipeline   | {"pipeline": {"name": "p", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": true}} |
      | _features   | {"features": {"incremental_sync": {"enabled": true}}}                                                             |
      | _last_sync  | {"last_sync_error": "boom"}                                                                                       |
      | _api_key_id | {"api_key_id": "k", "api_key_secret_id": "s"}                                                                     |

  @id:connector.update.not-found.blind.bodiless @req:connector.update.not-found.blind
  Scenario Outline: <call> reports an id that no connector has, too
    Given an id that no connector has
    When I send PUT "/_connector/{connector}/<call>"
    Then the request is rejected with status 404 as "document_missing_exception" saying "[{connector}]: document missing"
    And the response header "X-elastic-product" is "Elasticsearch"
    And the connector is gone

    Examples:
      | call      |
      | _check_in |

  @id:connector.update.not-found.whole-filtering @req:connector.update.not-found.blind
  Scenario: A whole filtering is written blindly
    Given an id that no connector has
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"filtering": []}
      """
    Then the response status is 404
    And the response at "/error/type" equals "document_missing_exception"
    And the connector is gone

  @id:connector.update.not-found.body-first @req:connector.update.not-found.body-first
  Scenario Outline: <call> with a faulty body is rejected before anything is looked for
    Given an id that no connector has
    When I send PUT "/_connector/{connector}/<call>" with the body:
      """
      {"surprise": 1}
      """
    Then the request is rejected as "x_content_parse_exception" because "unknown field [surprise]"
    And the connector is gone

    Examples:
      | call                   |
      | _name                  |
      | _index_name            |
      | _service_type          |
      | _status                |
      | _error                 |
      | _configuration         |
      | _scheduling            |
      | _pipeline              |
      | _filtering             |
      | _filtering/_validation |
      | _features              |
      | _last_sync             |
      | _api_key_id            |
      | _native                |

  @id:connector.update.not-found.hard @req:connector.update.not-found.reads @since:9.0.0
  Scenario Outline: A connector that was removed for good is not found: <call>
    Given a connector
    And I send DELETE "/_connector/{connector}?hard=true"
    When I send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then the response status is 404
    And the connector is gone

    Examples:
      | call                   | body                                               |
      | _index_name            | {"index_name": "content-{connector}-2"}            |
      | _service_type          | {"service_type": "another"}                        |
      | _status                | {"status": "needs_configuration"}                  |
      | _configuration         | {"configuration": {"a": {"label": "A"}}}           |
      | _filtering             | {"advanced_snippet": {"value": {"a": 1}}}          |
      | _filtering/_validation | {"validation": {"errors": [], "state": "invalid"}} |
      | _native                | {"is_native": true}                                |

  @id:connector.update.deleted.reads @req:connector.update.deleted.reads @since:9.0.0
  Scenario Outline: <call> does not find a connector that is deleted
    Given a connector created with:
      """
      {"index_name": "content-{connector}", "service_type": "esconform", "name": "{connector}"}
      """
    And the connector is deleted
    When I send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then the request is rejected with status 404 as "resource_not_found_exception" saying "connector [{connector}] not found"
    And the connector as it is stored at "/deleted" equals true
    When I send GET "/.elastic-connectors/_doc/{connector}"
    Then the response at "/_version" equals 2

    Examples:
      | call                   | body                                               |
      | _index_name            | {"index_name": "content-{connector}-2"}            |
      | _service_type          | {"service_type": "another"}                        |
      | _status                | {"status": "needs_configuration"}                  |
      | _configuration         | {"configuration": {"a": {"label": "A"}}}           |
      | _filtering             | {"advanced_snippet": {"value": {"a": 1}}}          |
      | _filtering/_validation | {"validation": {"errors": [], "state": "invalid"}} |
      | _native                | {"is_native": true}                                |

  @id:connector.update.deleted.blind @req:connector.update.deleted.blind @since:9.0.0
  Scenario Outline: <call> changes a connector that is deleted, and does not bring it back
    Given a connector created with:
      """
      {"index_name": "content-{connector}", "service_type": "esconform", "name": "{connector}"}
      """
    And the connector is deleted
    When I send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then the update is accepted
    And the connector is gone
    And the connector as it is stored at "/deleted" equals true
    When I send GET "/_connector/{connector}?include_deleted=true"
    Then the response contains the JSON:
      """
      <shows>
      """

    Examples:
      | call        | body                                                                                                              | shows                                                                                                             |
      | _name       | {"name": "renamed", "description": "described"}                                                                   | {"name": "renamed", "description": "described"}                                                                   |
      | _error      | {"error": "boom"}                                                                                                 | {"error": "boom"}                                                                                                 |
      | _scheduling | {"scheduling": {"full": {"enabled": true, "interval": "0 0 1 * * ?"}}}                                            | {"scheduling": {"full": {"enabled": true, "interval": "0 0 1 * * ?"}}}                                            |
      | _pipeline   | {"pipeline": {"name": "p", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": true}} | {"pipeline": {"name": "p", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": true}} |
      | _features   | {"features": {"incremental_sync": {"enabled": true}}}                                                             | {"features": {"incremental_sync": {"enabled": true}}}                                                             |
      | _last_sync  | {"last_sync_error": "boom"}                                                                                       | {"last_sync_error": "boom"}                                                                                       |
      | _api_key_id | {"api_key_id": "k", "api_key_secret_id": "s"}                                                                     | {"api_key_id": "k", "api_key_secret_id": "s"}                                                                     |
