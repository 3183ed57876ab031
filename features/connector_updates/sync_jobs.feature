@contract @since:8.18.0
Feature: Updates of a connector that already has sync jobs

  Background:
    Given a connector created with:
      """
      {"index_name": "content-{connector}", "service_type": "esconform", "name": "{connector}"}
      """
    And I send POST "/_connector/_sync_job" with the body:
      """
      {"id": "{connector}"}
      """
    And I save the response at "/id" as "made"
    And I send GET "/_connector/_sync_job/{made}"
    And I save the response at "" as "before"

  @id:connector.update.sync-jobs @req:connector.update.sync-jobs
  Scenario Outline: <call> does not reach a sync job that was created before
    When I send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then the update is accepted
    When I send GET "/_connector/_sync_job/{made}"
    Then the response is the JSON:
      """
      {before}
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

  @id:connector.update.sync-jobs.bodiless @req:connector.update.sync-jobs
  Scenario Outline: <call> does not reach a sync job that was created before, either
    When I send PUT "/_connector/{connector}/<call>"
    Then the response status is 200
    When I send GET "/_connector/_sync_job/{made}"
    Then the response is the JSON:
      """
      {before}
      """

    Examples:
      | call                 |
      | _check_in            |
      | _filtering/_activate |
