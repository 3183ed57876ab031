@contract @since:8.18.0
Feature: What an update of a connector changes

  Background:
    Given a connector created with:
      """
      {"index_name": "content-{connector}", "service_type": "esconform", "name": "{connector}"}
      """

  @id:connector.update.effect @req:connector.update.only-its-part @req:connector.update.answer
  Scenario Outline: <call> changes its part of the connector and nothing else
    When I send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then the update is accepted
    And only these fields of the connector have changed:
      | <first>  |
      | <second> |

    Examples:
      | call                   | body                                                                                                              | first                               | second                              |
      | _name                  | {"name": "renamed", "description": "described"}                                                                   | /name                               | /description                        |
      | _index_name            | {"index_name": "content-{connector}-2"}                                                                           | /index_name                         | /index_name                         |
      | _service_type          | {"service_type": "another"}                                                                                       | /service_type                       | /service_type                       |
      | _status                | {"status": "needs_configuration"}                                                                                 | /status                             | /status                             |
      | _error                 | {"error": "boom"}                                                                                                 | /error                              | /status                             |
      | _configuration         | {"configuration": {"a": {"label": "A"}}}                                                                          | /configuration                      | /status                             |
      | _scheduling            | {"scheduling": {"full": {"enabled": true, "interval": "0 0 1 * * ?"}}}                                            | /scheduling/full/enabled            | /scheduling/full/interval           |
      | _pipeline              | {"pipeline": {"name": "p", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": true}} | /pipeline                           | /pipeline                           |
      | _filtering             | {"advanced_snippet": {"value": {"a": 1}}}                                                                         | /filtering/0/draft/advanced_snippet | /filtering/0/draft/validation/state |
      | _filtering/_validation | {"validation": {"errors": [], "state": "invalid"}}                                                                | /filtering/0/draft/validation/state | /filtering/0/draft/validation/state |
      | _features              | {"features": {"incremental_sync": {"enabled": true}}}                                                             | /features                           | /features                           |
      | _last_sync             | {"last_sync_error": "boom"}                                                                                       | /last_sync_error                    | /last_sync_error                    |
      | _api_key_id            | {"api_key_id": "k", "api_key_secret_id": "s"}                                                                     | /api_key_id                         | /api_key_secret_id                  |
      | _native                | {"is_native": true}                                                                                               | /is_native                          | /is_native                          |

  @id:connector.update.effect.check-in @req:connector.update.only-its-part @req:connector.update.answer
  Scenario: _check_in changes last_seen and nothing else
    When I send PUT "/_connector/{connector}/_check_in"
    Then the update is accepted
    And only these fields of the connector have changed:
      | /last_seen |

  @id:connector.update.effect.activate @req:connector.update.only-its-part @req:connector.update.answer
  Scenario: _filtering/_activate changes the active filtering and nothing else
    Given I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"advanced_snippet": {"value": {"a": 1}}}
      """
    And I send PUT "/_connector/{connector}/_filtering/_validation" with the body:
      """
      {"validation": {"errors": [], "state": "valid"}}
      """
    When I send PUT "/_connector/{connector}/_filtering/_activate"
    Then the update is accepted
    And only these fields of the connector have changed:
      | /filtering/0/active/advanced_snippet |

  @id:connector.update.both-ways @req:connector.update.both-ways
  Scenario Outline: After <call> the API shows what is stored
    When I send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then the update is accepted
    When I send GET "/.elastic-connectors/_doc/{connector}"
    Then the response status is 200
    When I save the response at "/_source" as "stored"
    Then the connector is the JSON, ignoring "/id":
      """
      {stored}
      """
    And the connector at "/id" equals "{connector}"

    Examples:
      | call                   | body                                                                                                              |
      | _name                  | {"name": "renamed", "description": "described"}                                                                   |
      | _index_name            | {"index_name": "content-{connector}-2"}                                                                           |
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
      | _native                | {"is_native": true}                                                                                               |

  @id:connector.update.one-write @req:connector.update.one-write
  Scenario Outline: <call> is one write, and no other where nothing changes
    Given I send GET "/.elastic-connectors/_doc/{connector}"
    And the response at "/_version" equals 1
    When I send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then the update is accepted
    When I send GET "/.elastic-connectors/_doc/{connector}"
    Then the response at "/_version" equals 2

    Examples:
      | call                   | body                                                                                                              |
      | _name                  | {"name": "renamed", "description": "described"}                                                                   |
      | _index_name            | {"index_name": "content-{connector}-2"}                                                                           |
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
      | _native                | {"is_native": true}                                                                                               |

  @id:connector.update.one-write.check-in @req:connector.update.one-write
  Scenario: _check_in is one write
    When I send PUT "/_connector/{connector}/_check_in"
    Then the update is accepted
    When I send GET "/.elastic-connectors/_doc/{connector}"
    Then the response at "/_version" equals 2

  @id:connector.update.one-write.activate @req:connector.update.one-write
  Scenario: _filtering/_activate is one write
    Given I send PUT "/_connector/{connector}/_filtering/_validation" with the body:
      """
      {"validation": {"errors": [{"ids": ["r"], "messages": ["m"]}], "state": "valid"}}
      """
    When I send PUT "/_connector/{connector}/_filtering/_activate"
    Then the update is accepted
    When I send GET "/.elastic-connectors/_doc/{connector}"
    Then the response at "/_version" equals 3

  @id:connector.update.noop @req:connector.update.noop
  Scenario Outline: <call> with what is already there changes nothing
    Given I send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    And the response at "/result" equals "updated"
    And 5 milliseconds pass
    When I send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then the update is accepted as one that changes nothing
    And the connector is unchanged
    When I send GET "/.elastic-connectors/_doc/{connector}"
    Then the response at "/_version" equals 2

    Examples:
      | call                   | body                                                                                                                     |
      | _name                  | {"name": "renamed", "description": "described"}                                                                          |
      | _index_name            | {"index_name": "content-{connector}-2"}                                                                                  |
      | _service_type          | {"service_type": "another"}                                                                                              |
      | _status                | {"status": "error"}                                                                                                      |
      | _error                 | {"error": "boom"}                                                                                                        |
      | _scheduling            | {"scheduling": {"full": {"enabled": true, "interval": "0 0 1 * * ?"}}}                                                   |
      | _pipeline              | {"pipeline": {"name": "p", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": true}}        |
      | _filtering/_validation | {"validation": {"errors": [], "state": "invalid"}}                                                                       |
      | _features              | {"features": {"incremental_sync": {"enabled": true}}}                                                                    |
      | _last_sync             | {"last_sync_error": "boom"}                                                                                              |
      | _api_key_id            | {"api_key_id": "k", "api_key_secret_id": "s"}                                                                            |
      | _native                | {"is_native": true}                                                                                                      |
      | _filtering             | {"filtering": {"active": {"advanced_snippet": {"created_at": "2023-05-25T12:30:00.000Z", "updated_at": "2023-05-25T12:30:00.000Z", "value": {}}, "rules": [], "validation": {"errors": [], "state": "valid"}}, "draft": {"advanced_snippet": {"created_at": "2023-05-25T12:30:00.000Z", "updated_at": "2023-05-25T12:30:00.000Z", "value": {}}, "rules": [], "validation": {"errors": [], "state": "valid"}}}} |

  @id:connector.update.noop.activate @req:connector.update.noop
  Scenario: _filtering/_activate without a new draft changes nothing
    When I send PUT "/_connector/{connector}/_filtering/_activate"
    Then the update is accepted as one that changes nothing
    And the connector is unchanged

  @id:connector.update.noop.draft @req:connector.update.noop
  Scenario Outline: A draft of <part> with every time changes nothing the second time
    Given I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      <body>
      """
    And the response at "/result" equals "updated"
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      <body>
      """
    Then the update is accepted as one that changes nothing
    And the connector is unchanged

    Examples:
      | part        | body                                                                                                                                                                                                                                                                                                                                                                                       |
      | the snippet | {"advanced_snippet": {"created_at": "2023-05-25T12:30:00.000Z", "updated_at": "2023-05-25T12:30:00.000Z", "value": {"a": 1}}}                                                                                                                                                                                                                                                              |
      | the rules   | {"rules": [{"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v", "created_at": "2023-05-25T12:30:00.000Z", "updated_at": "2023-05-25T12:30:00.000Z"}, {"id": "DEFAULT", "field": "_", "order": 1, "policy": "include", "rule": "regex", "value": ".*", "created_at": "2023-05-25T12:30:00.000Z", "updated_at": "2023-05-25T12:30:00.000Z"}]} |

  @id:connector.update.always.draft @req:connector.update.always
  Scenario Outline: A draft of <part> without times is always written again
    Given I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      <body>
      """
    And 5 milliseconds pass
    When I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      <body>
      """
    Then the update is accepted

    Examples:
      | part        | body                                                                                                                |
      | the snippet | {"advanced_snippet": {"value": {"a": 1}}}                                                                           |
      | the rules   | {"rules": [{"id": "r", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v"}]} |

  @id:connector.update.always.check-in @req:connector.update.always
  Scenario: A check-in is always one more
    Given I send PUT "/_connector/{connector}/_check_in"
    And 5 milliseconds pass
    When I send PUT "/_connector/{connector}/_check_in"
    Then the update is accepted
    And only these fields of the connector have changed:
      | /last_seen |

  @id:connector.update.always.configuration @req:connector.update.always
  Scenario: A whole configuration is always written again
    Given I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": "A"}}}
      """
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": "A"}}}
      """
    Then the update is accepted
    And only these fields of the connector have changed:
      | is_native | false |
    And the version of the connector has risen by 1
    When I send GET "/.elastic-connectors/_doc/{connector}"
    Then the response at "/_version" equals 3

  @id:connector.update.siblings @req:connector.update.siblings
  Scenario Outline: <call> leaves another connector alone
    Given a connector "other" created with:
      """
      {"index_name": "content-{other}", "service_type": "esconform", "name": "{other}"}
      """
    When I send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then the update is accepted
    And the connector "other" is unchanged

    Examples:
      | call                   | body                                                                                                              |
      | _name                  | {"name": "renamed", "description": "described"}                                                                   |
      | _index_name            | {"index_name": "content-{connector}-2"}                                                                           |
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
      | _native                | {"is_native": true}                                                                                               |

  @id:connector.update.siblings.bodiless @req:connector.update.siblings
  Scenario Outline: <call> leaves another connector alone, too
    Given a connector "other"
    When I send PUT "/_connector/{connector}/<call>"
    Then the response status is 200
    And the connector "other" is unchanged

    Examples:
      | call                 |
      | _check_in            |
      | _filtering/_activate |
