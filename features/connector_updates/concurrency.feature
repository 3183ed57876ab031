@resilience @since:8.18.0
Feature: Updates of one connector at once

  Background:
    Given a connector created with:
      """
      {"index_name": "content-{connector}", "service_type": "esconform", "name": "{connector}"}
      """

  @id:connector.update.concurrent.fields @req:connector.update.concurrent.fields
  Scenario: Of what writers set in different fields at once, nothing is lost
    When these requests are sent at once:
      | PUT | /_connector/{connector}/_name       | {"name": "at once", "description": "at once"}                                                                     |
      | PUT | /_connector/{connector}/_last_sync  | {"last_sync_error": "at once", "last_indexed_document_count": 7}                                                  |
      | PUT | /_connector/{connector}/_pipeline   | {"pipeline": {"name": "p", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": true}} |
      | PUT | /_connector/{connector}/_api_key_id | {"api_key_id": "at once"}                                                                                         |
      | PUT | /_connector/{connector}/_features   | {"features": {"incremental_sync": {"enabled": true}}}                                                             |
      | PUT | /_connector/{connector}/_index_name | {"index_name": "content-{connector}-2"}                                                                           |
      | PUT | /_connector/{connector}/_scheduling | {"scheduling": {"full": {"enabled": true, "interval": "0 0 1 * * ?"}}}                                            |
    Then every writer is answered with success or a version conflict
    And the connector holds what each successful writer sent

  @id:connector.update.concurrent.inside @req:connector.update.concurrent.fields
  Scenario Outline: Of what writers set inside <part> at once, nothing is lost
    When these requests are sent at once:
      | PUT | /_connector/{connector}/<call> | <one> |
      | PUT | /_connector/{connector}/<call> | <two> |
    Then every writer is answered with success or a version conflict
    And the connector holds what each successful writer sent

    Examples:
      | part                  | call        | one                                                                    | two                                                                           |
      | scheduling            | _scheduling | {"scheduling": {"full": {"enabled": true, "interval": "0 0 1 * * ?"}}} | {"scheduling": {"incremental": {"enabled": true, "interval": "0 0 2 * * ?"}}} |
      | features              | _features   | {"features": {"incremental_sync": {"enabled": true}}}                  | {"features": {"document_level_security": {"enabled": true}}}                  |
      | the rules of features | _features   | {"features": {"sync_rules": {"basic": {"enabled": true}}}}             | {"features": {"sync_rules": {"advanced": {"enabled": true}}}}                 |
      | the last sync         | _last_sync  | {"last_sync_error": "one"}                                             | {"last_synced": "2023-05-25T12:30:00.000Z"}                                   |
      | the cursor            | _last_sync  | {"sync_cursor": {"a": 1}}                                              | {"sync_cursor": {"b": 2}}                                                     |

  @id:connector.update.concurrent.same @req:connector.update.concurrent.same
  Scenario Outline: Of what writers set in the same fields at once, there is that of one
    When these requests are sent at once:
      | PUT | /_connector/{connector}/<call> | <one>   |
      | PUT | /_connector/{connector}/<call> | <two>   |
      | PUT | /_connector/{connector}/<call> | <three> |
    Then every writer is answered with success or a version conflict
    And the connector holds what one successful writer sent

    Examples:
      | call           | one                                                                                                                 | two                                                                                                                 | three                                                                                                                |
      | _name          | {"name": "one", "description": "one"}                                                                               | {"name": "two", "description": "two"}                                                                               | {"name": "three", "description": "three"}                                                                            |
      | _api_key_id    | {"api_key_id": "one", "api_key_secret_id": "one"}                                                                   | {"api_key_id": "two", "api_key_secret_id": "two"}                                                                   | {"api_key_id": "three", "api_key_secret_id": "three"}                                                                |
      | _pipeline      | {"pipeline": {"name": "one", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": true}} | {"pipeline": {"name": "two", "extract_binary_content": false, "reduce_whitespace": true, "run_ml_inference": true}} | {"pipeline": {"name": "three", "extract_binary_content": true, "reduce_whitespace": true, "run_ml_inference": true}} |
      | _last_sync     | {"last_sync_error": "one", "last_indexed_document_count": 1, "last_deleted_document_count": 1}                      | {"last_sync_error": "two", "last_indexed_document_count": 2, "last_deleted_document_count": 2}                      | {"last_sync_error": "three", "last_indexed_document_count": 3, "last_deleted_document_count": 3}                     |
      | _service_type  | {"service_type": "one"}                                                                                             | {"service_type": "two"}                                                                                             | {"service_type": "three"}                                                                                            |
      | _error         | {"error": "one"}                                                                                                    | {"error": "two"}                                                                                                    | {"error": "three"}                                                                                                   |
      | _configuration | {"configuration": {"a": {"label": "one", "value": 1}}}                                                              | {"configuration": {"a": {"label": "two", "value": 2}}}                                                              | {"configuration": {"a": {"label": "three", "value": 3}}}                                                             |

  @id:connector.update.concurrent.status @req:connector.update.concurrent.same
  Scenario: Of several statuses that may follow at once, one is there
    Given a connector in the state "error"
    When these requests are sent at once:
      | PUT | /_connector/{connector}/_status | {"status": "connected"}  |
      | PUT | /_connector/{connector}/_status | {"status": "configured"} |
    Then every writer is answered with success or a version conflict
    And the connector holds what one successful writer sent

  @id:connector.update.concurrent.check-in @req:connector.update.concurrent.fields
  Scenario: A check-in and the like take nothing from what is set at once
    When these requests are sent at once:
      | PUT | /_connector/{connector}/_check_in |                      |
      | PUT | /_connector/{connector}/_name     | {"name": "at once"}  |
      | PUT | /_connector/{connector}/_error    | {"error": "at once"} |
      | PUT | /_connector/{connector}/_native   | {"is_native": true}  |
    Then every writer is answered with success or a version conflict
    And the connector holds what each successful writer sent

  @id:connector.update.concurrent.filtering @req:connector.update.concurrent.fields
  Scenario: A draft, its validation and a name at once leave the active filtering as it is
    Given I send GET "/_connector/{connector}"
    And I save the response at "/filtering/0/active" as "active"
    When these requests are sent at once:
      | PUT | /_connector/{connector}/_filtering             | {"advanced_snippet": {"value": {"a": 1}}}          |
      | PUT | /_connector/{connector}/_filtering/_validation | {"validation": {"errors": [], "state": "invalid"}} |
      | PUT | /_connector/{connector}/_name                  | {"description": "at once"}                         |
    Then every writer is answered with success or a version conflict
    And the connector at "/filtering/0/active" equals {active}

  @id:connector.update.concurrent.activate @req:connector.update.concurrent.fields
  Scenario: An activation and a name at once leave the draft as it is
    Given these requests have succeeded:
      | PUT /_connector/{connector}/_filtering             | {"advanced_snippet": {"value": {"a": 1}}}        |
      | PUT /_connector/{connector}/_filtering/_validation | {"validation": {"errors": [], "state": "valid"}} |
    And I send GET "/_connector/{connector}"
    And I save the response at "/filtering/0/draft" as "draft"
    When these requests are sent at once:
      | PUT | /_connector/{connector}/_filtering/_activate |                            |
      | PUT | /_connector/{connector}/_name                | {"description": "at once"} |
    Then every writer is answered with success or a version conflict
    And the connector at "/filtering/0/draft" equals {draft}
