@contract @since:8.18.0
Feature: What an update leaves of a connector that has everything

  Background:
    Given a connector created with:
      """
      {"index_name": "content-{connector}", "service_type": "esconform", "name": "{connector}", "description": "d", "language": "fr"}
      """
    And these requests have succeeded:
      | PUT /_connector/{connector}/_configuration         | {"configuration": {"a": {"label": "A", "value": "v"}}}                                                                                 |
      | PUT /_connector/{connector}/_scheduling            | {"scheduling": {"full": {"enabled": true, "interval": "0 0 1 * * ?"}, "access_control": {"enabled": true, "interval": "0 0 3 * * ?"}}} |
      | PUT /_connector/{connector}/_pipeline              | {"pipeline": {"name": "p", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": true}}                      |
      | PUT /_connector/{connector}/_filtering             | {"rules": [{"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v"}]}                                |
      | PUT /_connector/{connector}/_filtering/_validation | {"validation": {"errors": [{"ids": ["r"], "messages": ["m"]}], "state": "valid"}}                                                      |
      | PUT /_connector/{connector}/_features              | {"features": {"document_level_security": {"enabled": true}, "sync_rules": {"basic": {"enabled": true}}}}                               |
      | PUT /_connector/{connector}/_last_sync             | {"last_sync_error": "e", "last_indexed_document_count": 7, "sync_cursor": {"a": 1}}                                                    |
      | PUT /_connector/{connector}/_api_key_id            | {"api_key_id": "k", "api_key_secret_id": "s"}                                                                                          |
      | PUT /_connector/{connector}/_check_in              |                                                                                                                                        |
      | PUT /_connector/{connector}/_error                 | {"error": "boom"}                                                                                                                      |

  @id:connector.update.full @req:connector.update.only-its-part
  Scenario Outline: <call> changes its part of a full connector and nothing else
    When I send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then the update is accepted
    And only these fields of the connector have changed:
      | <first>  |
      | <second> |

    Examples:
      | call                   | body                                                                                                              | first                               | second                        |
      | _name                  | {"name": "renamed"}                                                                                               | /name                               | /name                         |
      | _index_name            | {"index_name": "content-{connector}-2"}                                                                           | /index_name                         | /index_name                   |
      | _service_type          | {"service_type": "another"}                                                                                       | /service_type                       | /status                       |
      | _status                | {"status": "connected"}                                                                                           | /status                             | /status                       |
      | _error                 | {"error": "again"}                                                                                                | /error                              | /error                        |
      | _configuration         | {"configuration": {"b": {"label": "B"}}}                                                                          | /configuration                      | /status                       |
      | _scheduling            | {"scheduling": {"full": {"enabled": true, "interval": "0 0 2 * * ?"}}}                                            | /scheduling/full/interval           | /scheduling/full/interval     |
      | _pipeline              | {"pipeline": {"name": "q", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": true}} | /pipeline/name                      | /pipeline/name                |
      | _filtering             | {"advanced_snippet": {"value": {"a": 1}}}                                                                         | /filtering/0/draft/advanced_snippet | /filtering/0/draft/validation |
      | _filtering/_validation | {"validation": {"errors": [], "state": "invalid"}}                                                                | /filtering/0/draft/validation       | /filtering/0/draft/validation |
      | _features              | {"features": {"incremental_sync": {"enabled": true}}}                                                             | /features/incremental_sync          | /features/incremental_sync    |
      | _last_sync             | {"last_sync_error": "again"}                                                                                      | /last_sync_error                    | /last_sync_error              |
      | _api_key_id            | {"api_key_id": "again"}                                                                                           | /api_key_id                         | /api_key_id                   |
      | _native                | {"is_native": true}                                                                                               | /is_native                          | /is_native                    |

  @id:connector.update.full.bodiless @req:connector.update.only-its-part
  Scenario Outline: <call> changes its part of a full connector and nothing else
    When I send PUT "/_connector/{connector}/<call>"
    Then the update is accepted
    And only these fields of the connector have changed:
      | <part> |

    Examples:
      | call                 | part                |
      | _check_in            | /last_seen          |
      | _filtering/_activate | /filtering/0/active |

  @id:connector.update.full.stored @req:connector.update.only-its-part @direct-write
  Scenario Outline: <call> leaves what another program has stored
    Given a connector of its own
    And the service sends POST "/.elastic-connectors/_update/{connector}" with the body:
      """
      {"doc": {"sync_now": true, "custom_scheduling": {"x": {"configuration_overrides": {}, "enabled": true, "interval": "0 0 0 * * ?", "name": "x"}}}}
      """
    And the response status is 200
    When I send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then the update is accepted
    And only these fields of the connector have changed:
      | <field> |

    Examples:
      | call        | body                                                                   | field            |
      | _last_sync  | {"last_sync_error": "boom"}                                            | /last_sync_error |
      | _scheduling | {"scheduling": {"full": {"enabled": true, "interval": "0 0 1 * * ?"}}} | /scheduling/full |

  @id:connector.update.full.stored.check-in @req:connector.update.only-its-part @direct-write
  Scenario: _check_in leaves what another program has stored
    Given a connector of its own
    And the service sends POST "/.elastic-connectors/_update/{connector}" with the body:
      """
      {"doc": {"sync_now": true}}
      """
    And the response status is 200
    When I send PUT "/_connector/{connector}/_check_in"
    Then the update is accepted
    And only these fields of the connector have changed:
      | /last_seen |
