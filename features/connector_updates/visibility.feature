@contract @since:8.18.0
Feature: When an update shows

  Background:
    Given a connector created with:
      """
      {"index_name": "content-{connector}", "service_type": "esconform", "name": "{connector}"}
      """

  @id:connector.update.visible @req:connector.update.visible
  Scenario Outline: Before long the list shows what <call> has changed
    When I send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then the update is accepted
    When I send GET "/_connector/{connector}"
    And I save the response at "" as "shown"
    And I send GET "/_connector?index_name=content-{connector},content-{connector}-2"
    Then eventually, within 5 s, the response is the JSON:
      """
      {"count": 1, "results": [{shown}]}
      """

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

  @id:connector.update.visible.bodiless @req:connector.update.visible
  Scenario Outline: Before long the list shows what <call> has changed, too
    Given these requests have succeeded:
      | PUT /_connector/{connector}/_filtering             | {"advanced_snippet": {"value": {"a": 1}}}        |
      | PUT /_connector/{connector}/_filtering/_validation | {"validation": {"errors": [], "state": "valid"}} |
    When I send PUT "/_connector/{connector}/<call>"
    Then the update is accepted
    When I send GET "/_connector/{connector}"
    And I save the response at "" as "shown"
    And I send GET "/_connector?index_name=content-{connector}"
    Then eventually, within 5 s, the response is the JSON:
      """
      {"count": 1, "results": [{shown}]}
      """

    Examples:
      | call                 |
      | _check_in            |
      | _filtering/_activate |

  @id:connector.update.visible-at-once @req:connector.update.visible-at-once
  Scenario Outline: The list shows <call> at once
    When I send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then the update is accepted
    When I send GET "/_connector?index_name=content-{connector}"
    Then the response contains the JSON:
      """
      {"count": 1, "results": [<shows>]}
      """

    Examples:
      | call           | body                                     | shows                                                            |
      | _configuration | {"configuration": {"a": {"label": "A"}}} | {"status": "configured", "configuration": {"a": {"label": "A"}}} |
      | _native        | {"is_native": true}                      | {"is_native": true}                                              |

  @id:connector.update.read-at-once @req:connector.update.route @req:connector.update.read-at-once
  Scenario Outline: A read by id shows <call> at once
    When I send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then the update is accepted
    When I send GET "/_connector/{connector}"
    Then the response contains the JSON:
      """
      <shows>
      """

    Examples:
      | call           | body                                                                                                              | shows                                                                                                             |
      | _name          | {"name": "renamed", "description": "described"}                                                                   | {"name": "renamed", "description": "described"}                                                                   |
      | _index_name    | {"index_name": "content-{connector}-2"}                                                                           | {"index_name": "content-{connector}-2"}                                                                           |
      | _service_type  | {"service_type": "another"}                                                                                       | {"service_type": "another"}                                                                                       |
      | _status        | {"status": "needs_configuration"}                                                                                 | {"status": "needs_configuration"}                                                                                 |
      | _error         | {"error": "boom"}                                                                                                 | {"error": "boom"}                                                                                                 |
      | _configuration | {"configuration": {"a": {"label": "A"}}}                                                                          | {"configuration": {"a": {"label": "A"}}}                                                                          |
      | _scheduling    | {"scheduling": {"full": {"enabled": true, "interval": "0 0 1 * * ?"}}}                                            | {"scheduling": {"full": {"enabled": true, "interval": "0 0 1 * * ?"}}}                                            |
      | _pipeline      | {"pipeline": {"name": "p", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": true}} | {"pipeline": {"name": "p", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": true}} |
      | _features      | {"features": {"incremental_sync": {"enabled": true}}}                                                             | {"features": {"incremental_sync": {"enabled": true}}}                                                             |
      | _last_sync     | {"last_sync_error": "boom"}                                                                                       | {"last_sync_error": "boom"}                                                                                       |
      | _api_key_id    | {"api_key_id": "k", "api_key_secret_id": "s"}                                                                     | {"api_key_id": "k", "api_key_secret_id": "s"}                                                                     |
      | _native        | {"is_native": true}                                                                                               | {"is_native": true}                                                                                               |
