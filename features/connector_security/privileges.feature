@security @since:8.18.0
Feature: Who may update connectors

  Background:
    Given a connector of its own with a pending sync job

  @id:connector.security.writer @req:connector.security.writer
  Scenario Outline: Who manages connectors may call <call>
    Given a user with the role "writer"
    When they send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then the response status is 200
    And the response at "/result" equals "<result>"

    Examples:
      | call                   | body                                                                                                              | result  |
      | _name                  | {"name": "renamed", "description": "described"}                                                                   | updated |
      | _index_name            | {"index_name": "{connector}-2"}                                                                                   | updated |
      | _service_type          | {"service_type": "another"}                                                                                       | updated |
      | _status                | {"status": "needs_configuration"}                                                                                 | updated |
      | _error                 | {"error": "boom"}                                                                                                 | updated |
      | _configuration         | {"configuration": {"a": {"label": "A"}}}                                                                          | updated |
      | _scheduling            | {"scheduling": {"full": {"enabled": true, "interval": "0 0 1 * * ?"}}}                                            | updated |
      | _pipeline              | {"pipeline": {"name": "p", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": true}} | updated |
      | _filtering             | {"advanced_snippet": {"value": {"a": 1}}}                                                                         | updated |
      | _filtering/_validation | {"validation": {"errors": [], "state": "invalid"}}                                                                | updated |
      | _features              | {"features": {"incremental_sync": {"enabled": true}}}                                                             | updated |
      | _last_sync             | {"last_sync_error": "boom"}                                                                                       | updated |
      | _api_key_id            | {"api_key_id": "k", "api_key_secret_id": "s"}                                                                     | updated |
      | _native                | {"is_native": false}                                                                                              | noop    |

  @id:connector.security.writer.bodiless @req:connector.security.writer
  Scenario Outline: Who manages connectors may call <call>, too
    Given a user with the role "writer"
    When they send PUT "/_connector/{connector}/<call>"
    Then the response status is 200
    And the response at "/result" equals "<result>"

    Examples:
      | call                 | result  |
      | _check_in            | updated |
      | _filtering/_activate | noop    |

  @id:connector.security.reader @req:connector.security.reader
  Scenario Outline: Who only monitors connectors may not call <call>
    Given a user with the role "reader"
    When they send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then they are refused because "is unauthorized for user [{user}]"
    And the answer repeats no credential
    And nothing has changed

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

  @id:connector.security.reader.bodiless @req:connector.security.reader
  Scenario Outline: Who only monitors connectors may not call <call>, either
    Given a user with the role "reader"
    When they send PUT "/_connector/{connector}/<call>"
    Then they are refused because "is unauthorized for user [{user}]"
    And the answer repeats no credential
    And nothing has changed

    Examples:
      | call                 |
      | _check_in            |
      | _filtering/_activate |

  @id:connector.security.nobody @req:connector.security.nobody
  Scenario Outline: Who has no privilege may not call <call>
    Given a user with the role "nobody"
    When they send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then they are refused because "is unauthorized for user [{user}]"
    And the answer repeats no credential
    And nothing has changed

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

  @id:connector.security.nobody.bodiless @req:connector.security.nobody
  Scenario Outline: Who has no privilege may not call <call>, either
    Given a user with the role "nobody"
    When they send PUT "/_connector/{connector}/<call>"
    Then they are refused because "is unauthorized for user [{user}]"
    And the answer repeats no credential
    And nothing has changed

    Examples:
      | call                 |
      | _check_in            |
      | _filtering/_activate |

  @id:connector.security.anonymous @req:connector.security.anonymous
  Scenario Outline: Without credentials nobody may call <call>
    Given somebody with "no credentials"
    When they send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then they are asked to authenticate because "missing authentication credentials for REST request [{path}]"
    And nothing has changed

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

  @id:connector.security.anonymous.bodiless @req:connector.security.anonymous
  Scenario Outline: Without credentials nobody may call <call>, either
    Given somebody with "no credentials"
    When they send PUT "/_connector/{connector}/<call>"
    Then they are asked to authenticate because "missing authentication credentials for REST request [{path}]"
    And nothing has changed

    Examples:
      | call                 |
      | _check_in            |
      | _filtering/_activate |

  @id:connector.security.keys @req:connector.security.keys
  Scenario Outline: An API key with the role <role> is answered with <status> by <call>
    Given an API key with the role "<role>"
    When they send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then the response status is <status>

    Examples:
      | role   | call           | body                                            | status |
      | writer | _name          | {"name": "renamed", "description": "described"} | 200    |
      | reader | _name          | {"name": "renamed", "description": "described"} | 403    |
      | writer | _status        | {"status": "needs_configuration"}               | 200    |
      | reader | _status        | {"status": "needs_configuration"}               | 403    |
      | writer | _error         | {"error": "boom"}                               | 200    |
      | reader | _error         | {"error": "boom"}                               | 403    |
      | writer | _configuration | {"configuration": {"a": {"label": "A"}}}        | 200    |
      | reader | _configuration | {"configuration": {"a": {"label": "A"}}}        | 403    |
      | writer | _filtering     | {"advanced_snippet": {"value": {"a": 1}}}       | 200    |
      | reader | _filtering     | {"advanced_snippet": {"value": {"a": 1}}}       | 403    |
      | writer | _last_sync     | {"last_sync_error": "boom"}                     | 200    |
      | reader | _last_sync     | {"last_sync_error": "boom"}                     | 403    |

  @id:connector.security.tells-nothing @req:connector.security.tells-nothing
  Scenario Outline: Who may not call <call> does not learn whether the connector exists
    Given a user with the role "reader"
    When they send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then the response status is 403
    When they send PUT "/_connector/{connector}-2/<call>" with the body:
      """
      <body>
      """
    Then the response status is 403
    And they are refused because "is unauthorized for user [{user}]"

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

  @id:connector.security.tells-nothing.bodiless @req:connector.security.tells-nothing
  Scenario Outline: Who may not call <call> does not learn whether the connector exists, either
    Given a user with the role "reader"
    When they send PUT "/_connector/{connector}/<call>"
    Then the response status is 403
    When they send PUT "/_connector/{connector}-2/<call>"
    Then the response status is 403
    And they are refused because "is unauthorized for user [{user}]"

    Examples:
      | call                 |
      | _check_in            |
      | _filtering/_activate |

  @id:connector.security.request-first @req:connector.security.request-first
  Scenario Outline: A faulty <call> is rejected before privileges are looked at
    Given a user with the role "nobody"
    When they send PUT "/_connector/{connector}/<call>" with the body:
      """
      {"surprise": 1}
      """
    Then the request is rejected as "x_content_parse_exception" because "unknown field [surprise]"
    And nothing has changed

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

  @id:connector.security.request-first.required @req:connector.security.request-first
  Scenario Outline: <call> without what it needs is rejected before privileges are looked at
    Given a user with the role "reader"
    When they send PUT "/_connector/{connector}/<call>" with the body:
      """
      {}
      """
    Then the response status is 400
    And nothing has changed

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
      | _api_key_id            |
      | _native                |
