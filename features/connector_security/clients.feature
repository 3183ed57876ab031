@contract @since:8.18.0
Feature: How clients send updates of connectors

  Background:
    Given a connector of its own with a pending sync job

  @id:connector.clients.media-type-8 @req:connector.clients.media-type-8
  Scenario Outline: <call> understands the media type of version 8
    Given a client that "speaks the media type of version 8"
    When they send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then the response status is 200
    And they are answered in kind

    Examples:
      | call                   | body                                                                                                              |
      | _name                  | {"name": "renamed", "description": "described"}                                                                   |
      | _index_name            | {"index_name": "{connector}-2"}                                                                                   |
      | _service_type          | {"service_type": "another"}                                                                                       |
      | _status                | {"status": "needs_configuration"}                                                                                 |
      | _error                 | {"error": "boom"}                                                                                                 |
      | _configuration         | {"configuration": {"a": {"label": "A"}}}                                                                          |
      | _scheduling            | {"scheduling": {"full": {"enabled": true, "interval": "0 0 1 * * ?"}}}                                            |
      | _pipeline              | {"pipeline": {"name": "p", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": true}} |
      | _filtering             | {"advanced_snippet": {"value": {"a": 1}}}                                                                         |
      | _filtering/_validation | {"validation": {"errors": [], "state": "invalid"}}                                                                |
      | _features              | {"features": {"incremental_sync": {"enabled": true}}}                                                             |
      | _last_sync             | {"last_sync_error": "boom"}                                                                                       |
      | _api_key_id            | {"api_key_id": "k", "api_key_secret_id": "s"}                                                                     |
      | _native                | {"is_native": false}                                                                                              |

  @id:connector.clients.gzip @req:connector.clients.gzip
  Scenario Outline: <call> understands a compressed body
    Given a client that "sends its bodies in gzip"
    When they send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then the response status is 200
    When I send GET "/_connector/{connector}"
    Then the response contains the JSON:
      """
      <shows>
      """

    Examples:
      | call                   | body                                                                                                              | shows                                                                                                             |
      | _name                  | {"name": "renamed", "description": "described"}                                                                   | {"name": "renamed", "description": "described"}                                                                   |
      | _index_name            | {"index_name": "{connector}-2"}                                                                                   | {"index_name": "{connector}-2"}                                                                                   |
      | _service_type          | {"service_type": "another"}                                                                                       | {"service_type": "another"}                                                                                       |
      | _status                | {"status": "needs_configuration"}                                                                                 | {"status": "needs_configuration"}                                                                                 |
      | _error                 | {"error": "boom"}                                                                                                 | {"error": "boom"}                                                                                                 |
      | _configuration         | {"configuration": {"a": {"label": "A"}}}                                                                          | {"configuration": {"a": {"label": "A"}}}                                                                          |
      | _scheduling            | {"scheduling": {"full": {"enabled": true, "interval": "0 0 1 * * ?"}}}                                            | {"scheduling": {"full": {"enabled": true, "interval": "0 0 1 * * ?"}}}                                            |
      | _pipeline              | {"pipeline": {"name": "p", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": true}} | {"pipeline": {"name": "p", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": true}} |
      | _filtering             | {"advanced_snippet": {"value": {"a": 1}}}                                                                         | {}                                                                                                                |
      | _filtering/_validation | {"validation": {"errors": [], "state": "invalid"}}                                                                | {}                                                                                                                |
      | _features              | {"features": {"incremental_sync": {"enabled": true}}}                                                             | {"features": {"incremental_sync": {"enabled": true}}}                                                             |
      | _last_sync             | {"last_sync_error": "boom"}                                                                                       | {"last_sync_error": "boom"}                                                                                       |
      | _api_key_id            | {"api_key_id": "k", "api_key_secret_id": "s"}                                                                     | {"api_key_id": "k", "api_key_secret_id": "s"}                                                                     |
      | _native                | {"is_native": false}                                                                                              | {"is_native": false}                                                                                              |

  @id:connector.clients.octet-stream @req:connector.clients.octet-stream
  Scenario Outline: <call> may call its missing body octet-stream
    Given a client that "calls the lack of a body octet-stream"
    When they send PUT "/_connector/{connector}/<call>"
    Then the response status is 200

    Examples:
      | call                 |
      | _check_in            |
      | _filtering/_activate |

  @id:connector.clients.product-origin @req:connector.clients.product-origin
  Scenario Outline: <call> may come from the connector service
    Given a client that "says that it is the connector service"
    When they send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then the response status is 200
    And they are answered in kind

    Examples:
      | call                   | body                                                                                                              |
      | _name                  | {"name": "renamed", "description": "described"}                                                                   |
      | _index_name            | {"index_name": "{connector}-2"}                                                                                   |
      | _service_type          | {"service_type": "another"}                                                                                       |
      | _status                | {"status": "needs_configuration"}                                                                                 |
      | _error                 | {"error": "boom"}                                                                                                 |
      | _configuration         | {"configuration": {"a": {"label": "A"}}}                                                                          |
      | _scheduling            | {"scheduling": {"full": {"enabled": true, "interval": "0 0 1 * * ?"}}}                                            |
      | _pipeline              | {"pipeline": {"name": "p", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": true}} |
      | _filtering             | {"advanced_snippet": {"value": {"a": 1}}}                                                                         |
      | _filtering/_validation | {"validation": {"errors": [], "state": "invalid"}}                                                                |
      | _features              | {"features": {"incremental_sync": {"enabled": true}}}                                                             |
      | _last_sync             | {"last_sync_error": "boom"}                                                                                       |
      | _api_key_id            | {"api_key_id": "k", "api_key_secret_id": "s"}                                                                     |
      | _native                | {"is_native": false}                                                                                              |
