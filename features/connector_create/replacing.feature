@contract @since:8.18.0
Feature: A connector in the place of another

  Background:
    Given a connector created with:
      """
      {"index_name": "content-{connector}", "name": "first", "description": "first", "language": "fr", "service_type": "esconform", "is_native": true}
      """

  @id:connector.create.replaces @req:connector.create.replaces @req:connector.create.headers
  Scenario: A second creation replaces the whole connector
    When the connector is created with:
      """
      {"name": "second"}
      """
    Then the response status is 200
    And the response header "X-elastic-product" is "Elasticsearch"
    And the answer is of the type "application/json"
    And the response is the JSON:
      """
      {"id": "{connector}", "result": "updated"}
      """
    And the connector is the JSON, ignoring "/deleted":
      """
      {"id": "{connector}", "configuration": {}, "custom_scheduling": {},
       "filtering": [{"domain": "DEFAULT",
        "active": {"advanced_snippet": {"created_at": "<time>", "updated_at": "<time>", "value": {}}, "rules": [{"created_at": "<time>", "field": "_", "id": "DEFAULT", "order": 0, "policy": "include", "rule": "regex", "updated_at": "<time>", "value": ".*"}], "validation": {"errors": [], "state": "valid"}},
        "draft": {"advanced_snippet": {"created_at": "<time>", "updated_at": "<time>", "value": {}}, "rules": [{"created_at": "<time>", "field": "_", "id": "DEFAULT", "order": 0, "policy": "include", "rule": "regex", "updated_at": "<time>", "value": ".*"}], "validation": {"errors": [], "state": "valid"}}}],
       "is_native": false, "name": "second", "scheduling": {"access_control": {"enabled": false, "interval": "0 0 0 * * ?"}, "full": {"enabled": false, "interval": "0 0 0 * * ?"}, "incremental": {"enabled": false, "interval": "0 0 0 * * ?"}},
       "status": "created", "sync_now": false}
      """

  @id:connector.create.replaces.same @req:connector.create.replaces
  Scenario: The same creation again is one more write
    When the connector is created with:
      """
      {"name": "second"}
      """
    And the connector is created with:
      """
      {"name": "second"}
      """
    Then the response is the JSON:
      """
      {"id": "{connector}", "result": "updated"}
      """
    When I send GET "/.elastic-connectors/_doc/{connector}"
    Then the response at "/_version" equals 3

  @id:connector.create.replaces.bodiless @req:connector.create.replaces
  Scenario: A creation without a body replaces everything, too
    When I send PUT "/_connector/{connector}"
    Then the response status is 200
    And the connector is the JSON, ignoring "/deleted":
      """
      {"id": "{connector}", "configuration": {}, "custom_scheduling": {},
       "filtering": [{"domain": "DEFAULT",
        "active": {"advanced_snippet": {"created_at": "<time>", "updated_at": "<time>", "value": {}}, "rules": [{"created_at": "<time>", "field": "_", "id": "DEFAULT", "order": 0, "policy": "include", "rule": "regex", "updated_at": "<time>", "value": ".*"}], "validation": {"errors": [], "state": "valid"}},
        "draft": {"advanced_snippet": {"created_at": "<time>", "updated_at": "<time>", "value": {}}, "rules": [{"created_at": "<time>", "field": "_", "id": "DEFAULT", "order": 0, "policy": "include", "rule": "regex", "updated_at": "<time>", "value": ".*"}], "validation": {"errors": [], "state": "valid"}}}],
       "is_native": false, "name": "", "scheduling": {"access_control": {"enabled": false, "interval": "0 0 0 * * ?"}, "full": {"enabled": false, "interval": "0 0 0 * * ?"}, "incremental": {"enabled": false, "interval": "0 0 0 * * ?"}},
       "status": "created", "sync_now": false}
      """

  @id:connector.create.replaces.updates @req:connector.create.replaces
  Scenario Outline: Nothing of <call> is left of a replaced connector
    Given I send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    And the response at "/result" equals "updated"
    When the connector is created with:
      """
      {}
      """
    Then the response status is 200
    And the connector is the JSON, ignoring "/deleted":
      """
      {"id": "{connector}", "configuration": {}, "custom_scheduling": {},
       "filtering": [{"domain": "DEFAULT",
        "active": {"advanced_snippet": {"created_at": "<time>", "updated_at": "<time>", "value": {}}, "rules": [{"created_at": "<time>", "field": "_", "id": "DEFAULT", "order": 0, "policy": "include", "rule": "regex", "updated_at": "<time>", "value": ".*"}], "validation": {"errors": [], "state": "valid"}},
        "draft": {"advanced_snippet": {"created_at": "<time>", "updated_at": "<time>", "value": {}}, "rules": [{"created_at": "<time>", "field": "_", "id": "DEFAULT", "order": 0, "policy": "include", "rule": "regex", "updated_at": "<time>", "value": ".*"}], "validation": {"errors": [], "state": "valid"}}}],
       "is_native": false, "name": "", "scheduling": {"access_control": {"enabled": false, "interval": "0 0 0 * * ?"}, "full": {"enabled": false, "interval": "0 0 0 * * ?"}, "incremental": {"enabled": false, "interval": "0 0 0 * * ?"}},
       "status": "created", "sync_now": false}
      """

    Examples:
      | call           | body                                                                                                              |
      | _name          | {"name": "n", "description": "d"}                                                                                 |
      | _status        | {"status": "configured"}                                                                                          |
      | _error         | {"error": "boom"}                                                                                                 |
      | _configuration | {"configuration": {"a": {"label": "A"}}}                                                                          |
      | _scheduling    | {"scheduling": {"full": {"enabled": true, "interval": "0 0 1 * * ?"}}}                                            |
      | _pipeline      | {"pipeline": {"name": "p", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": true}} |
      | _filtering     | {"advanced_snippet": {"value": {"a": 1}}}                                                                         |
      | _features      | {"features": {"incremental_sync": {"enabled": true}}}                                                             |
      | _last_sync     | {"sync_cursor": {"a": 1}}                                                                                         |
      | _api_key_id    | {"api_key_id": "k"}                                                                                               |

  @id:connector.create.replaces.check-in @req:connector.create.replaces
  Scenario: A replaced connector has not checked in
    Given I send PUT "/_connector/{connector}/_check_in"
    When the connector is created with:
      """
      {}
      """
    Then the response status is 200
    And the connector at "/last_seen" is absent

  @id:connector.create.replaces.stored @req:connector.create.replaces @direct-write
  Scenario: Nothing of what another program has stored is left of a replaced connector
    Given a connector of its own
    And the service sends POST "/.elastic-connectors/_update/{connector}" with the body:
      """
      {"doc": {"custom_scheduling": {"x": {"configuration_overrides": {}, "enabled": true, "interval": "0 0 0 * * ?", "name": "x"}}, "sync_now": true}}
      """
    And the response status is 200
    When the connector is created with:
      """
      {}
      """
    Then the response status is 200
    And the connector is the JSON, ignoring "/deleted":
      """
      {"id": "{connector}", "configuration": {}, "custom_scheduling": {},
       "filtering": [{"domain": "DEFAULT",
        "active": {"advanced_snippet": {"created_at": "<time>", "updated_at": "<time>", "value": {}}, "rules": [{"created_at": "<time>", "field": "_", "id": "DEFAULT", "order": 0, "policy": "include", "rule": "regex", "updated_at": "<time>", "value": ".*"}], "validation": {"errors": [], "state": "valid"}},
        "draft": {"advanced_snippet": {"created_at": "<time>", "updated_at": "<time>", "value": {}}, "rules": [{"created_at": "<time>", "field": "_", "id": "DEFAULT", "order": 0, "policy": "include", "rule": "regex", "updated_at": "<time>", "value": ".*"}], "validation": {"errors": [], "state": "valid"}}}],
       "is_native": false, "name": "", "scheduling": {"access_control": {"enabled": false, "interval": "0 0 0 * * ?"}, "full": {"enabled": false, "interval": "0 0 0 * * ?"}, "incremental": {"enabled": false, "interval": "0 0 0 * * ?"}},
       "status": "created", "sync_now": false}
      """

  @id:connector.create.replaces.faulty @req:connector.create.unknown-field
  Scenario: A faulty replacement leaves the connector as it is
    When the connector is created with:
      """
      {"name": "second", "surprise": 1}
      """
    Then the request is rejected as "x_content_parse_exception" because "unknown field [surprise]"
    And the connector is unchanged

  @id:connector.create.replaces.sync-jobs @req:connector.create.sync-jobs
  Scenario: A replaced connector keeps its sync jobs
    Given I send POST "/_connector/_sync_job" with the body:
      """
      {"id": "{connector}"}
      """
    And I save the response at "/id" as "made"
    And I send GET "/_connector/_sync_job/{made}"
    And I save the response at "" as "before"
    When the connector is created with:
      """
      {"name": "second"}
      """
    Then the response status is 200
    When I send GET "/_connector/_sync_job/{made}"
    Then the response is the JSON:
      """
      {before}
      """

  @id:connector.create.others @req:connector.create.others
  Scenario: Another connector stays as it is
    Given a connector "other"
    When the connector is created with:
      """
      {"name": "second"}
      """
    Then the response status is 200
    And the connector "other" is unchanged

  @id:connector.create.revives @req:connector.create.revives @since:9.0.0
  Scenario: A deleted connector comes back as a new one
    Given the connector is deleted
    When the connector is created with:
      """
      {"name": "second"}
      """
    Then the response status is 200
    And the response is the JSON:
      """
      {"id": "{connector}", "result": "updated"}
      """
    And the connector is the JSON:
      """
      {"id": "{connector}", "deleted": false, "configuration": {}, "custom_scheduling": {},
       "filtering": [{"domain": "DEFAULT",
        "active": {"advanced_snippet": {"created_at": "<time>", "updated_at": "<time>", "value": {}}, "rules": [{"created_at": "<time>", "field": "_", "id": "DEFAULT", "order": 0, "policy": "include", "rule": "regex", "updated_at": "<time>", "value": ".*"}], "validation": {"errors": [], "state": "valid"}},
        "draft": {"advanced_snippet": {"created_at": "<time>", "updated_at": "<time>", "value": {}}, "rules": [{"created_at": "<time>", "field": "_", "id": "DEFAULT", "order": 0, "policy": "include", "rule": "regex", "updated_at": "<time>", "value": ".*"}], "validation": {"errors": [], "state": "valid"}}}],
       "is_native": false, "name": "second", "scheduling": {"access_control": {"enabled": false, "interval": "0 0 0 * * ?"}, "full": {"enabled": false, "interval": "0 0 0 * * ?"}, "incremental": {"enabled": false, "interval": "0 0 0 * * ?"}},
       "status": "created", "sync_now": false}
      """

  @id:connector.create.revives.hard @req:connector.create.revives @since:9.0.0
  Scenario: A connector that was removed for good is created anew
    Given I send DELETE "/_connector/{connector}?hard=true"
    When the connector is created with:
      """
      {"name": "second"}
      """
    Then the response status is 201
    And the response is the JSON:
      """
      {"id": "{connector}", "result": "created"}
      """
