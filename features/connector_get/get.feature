@contract @since:8.18.0
Feature: Reading a connector

  @id:connector.get.route @req:connector.get.route
  Scenario: A connector is read by its id
    Given a connector
    And a connector "other"
    When I send GET "/_connector/{connector}"
    Then the response status is 200
    And the response at "/id" equals "{connector}"
    And the response at "/name" equals "{connector}"

  @id:connector.get.route.slash @req:connector.get.route
  Scenario: A slash may end the path of a read
    Given a connector
    When I send GET "/_connector/{connector}/"
    Then the response status is 200
    And the response at "/id" equals "{connector}"

  @id:connector.get.whole @req:connector.get.whole @req:connector.get.headers
  Scenario Outline: A connector <case> is read as it is stored
    Given a connector
    And I send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    And I send GET "/.elastic-connectors/_doc/{connector}"
    And I save the response at "/_source" as "stored"
    When I send GET "/_connector/{connector}"
    Then the response status is 200
    And the response header "X-elastic-product" is "Elasticsearch"
    And the answer is of the type "application/json"
    And the response is the JSON, ignoring "/id":
      """
      {stored}
      """
    And the response at "/id" equals "{connector}"

    Examples:
      | case                 | call           | body                                                                                                    |
      | with a configuration | _configuration | {"configuration": {"a": {"label": "A", "value": {"deep": [1, 2.5, null]}}}}                             |
      | with a cursor        | _last_sync     | {"sync_cursor": {"a": [1, {"b": null}], "big": 9007199254740993}}                                       |
      | with rules           | _filtering     | {"rules": [{"id": "r", "field": "f", "order": 1, "policy": "include", "rule": "equals", "value": "v"}]} |
      | with an error        | _error         | {"error": "ünï ✓"}                                                                                      |

  @id:connector.get.whole.stored @req:connector.get.whole @direct-write
  Scenario: A connector is read with what another program has stored in it
    Given a connector of its own
    And the service sends POST "/.elastic-connectors/_update/{connector}" with the body:
      """
      {"doc": {"custom_scheduling": {"x": {"configuration_overrides": {"a": 1}, "enabled": true, "interval": "0 0 0 * * ?", "last_synced": null, "name": "x"}}, "sync_now": true}}
      """
    And the response status is 200
    When I send GET "/_connector/{connector}"
    Then the response contains the JSON:
      """
      {"custom_scheduling": {"x": {"configuration_overrides": {"a": 1}, "enabled": true, "interval": "0 0 0 * * ?", "last_synced": null, "name": "x"}}, "sync_now": true}
      """

  @id:connector.get.shape @req:connector.get.shape @req:connector.list.route
  Scenario: A connector with everything has the published shape, alone and in a list
    Given a connector
    And I send PUT "/_connector/{connector}/_scheduling" with the body:
      """
      {"scheduling": {"full": {"enabled": "true", "interval": "0 0 1 * * ?"}}}
      """
    And I send PUT "/_connector/{connector}/_pipeline" with the body:
      """
      {"pipeline": {"name": "p", "extract_binary_content": "true", "reduce_whitespace": false, "run_ml_inference": true}}
      """
    And I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"rules": [{"id": "r", "field": "f", "order": "1", "policy": "EXCLUDE", "rule": ">", "value": "v"}], "advanced_snippet": {"value": [{"a": 1}]}}
      """
    And I send PUT "/_connector/{connector}/_filtering/_validation" with the body:
      """
      {"validation": {"errors": [{"ids": "r", "messages": ["m"]}], "state": "VALID"}}
      """
    And I send PUT "/_connector/{connector}/_features" with the body:
      """
      {"features": {"incremental_sync": {"enabled": "true"}, "sync_rules": {"basic": {"enabled": false}}}}
      """
    And I send PUT "/_connector/{connector}/_last_sync" with the body:
      """
      {"last_sync_status": "COMPLETED", "last_synced": "2023-05-25T14:30:00+02:00", "last_indexed_document_count": "7", "sync_cursor": {"a": 1}}
      """
    And I send PUT "/_connector/{connector}/_api_key_id" with the body:
      """
      {"api_key_id": "k", "api_key_secret_id": "s"}
      """
    And I send PUT "/_connector/{connector}/_error" with the body:
      """
      {"error": null}
      """
    And I send PUT "/_connector/{connector}/_filtering/_activate"
    And I send PUT "/_connector/{connector}/_check_in"
    And I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": "A", "category": "c", "default_value": 1, "depends_on": {"field": "b", "value": null}, "display": "textbox", "options": {"label": "B", "value": 1}, "order": 1, "placeholder": "p", "required": true, "sensitive": true, "tooltip": "t", "type": "str", "ui_restrictions": ["x"], "validations": {"type": "included_in", "constraint": ["a"]}, "value": {"deep": 1}}}}
      """
    When I send GET "/_connector/{connector}"
    Then the response status is 200
    And the response matches the schema "connector"
    When I save the response at "" as "one"
    And I send GET "/_connector?connector_name={connector}"
    Then the response is the JSON:
      """
      {"count": 1, "results": [{one}]}
      """

  @id:connector.get.shape.new @req:connector.get.shape
  Scenario Outline: A new connector has the published shape: <body>
    Given a connector created with:
      """
      <body>
      """
    When I send GET "/_connector/{connector}"
    Then the response status is 200
    And the response matches the schema "connector"

    Examples:
      | body                                                                |
      | {}                                                                  |
      | {"index_name": null, "is_native": "true"}                           |
      | {"name": "", "description": "", "language": "", "service_type": ""} |

  @id:connector.get.shape.stored @req:connector.get.shape
  Scenario: A connector with everything is stored in the published shape
    Given a connector
    And I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"a": {"label": "A", "category": "c", "default_value": 1, "depends_on": {"field": "b", "value": null}, "display": "textbox", "options": {"label": "B", "value": 1}, "order": 1, "placeholder": "p", "required": true, "sensitive": true, "tooltip": "t", "type": "str", "ui_restrictions": ["x"], "validations": {"type": "included_in", "constraint": ["a"]}, "value": {"deep": 1}}}}
      """
    And I send PUT "/_connector/{connector}/_scheduling" with the body:
      """
      {"scheduling": {"full": {"enabled": "true", "interval": "0 0 1 * * ?"}}}
      """
    And I send PUT "/_connector/{connector}/_pipeline" with the body:
      """
      {"pipeline": {"name": "p", "extract_binary_content": "true", "reduce_whitespace": false, "run_ml_inference": true}}
      """
    And I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"rules": [{"id": "r", "field": "f", "order": "1", "policy": "EXCLUDE", "rule": ">", "value": "v"}], "advanced_snippet": {"value": [{"a": 1}]}}
      """
    And I send PUT "/_connector/{connector}/_filtering/_validation" with the body:
      """
      {"validation": {"errors": [{"ids": "r", "messages": ["m"]}], "state": "VALID"}}
      """
    And I send PUT "/_connector/{connector}/_features" with the body:
      """
      {"features": {"incremental_sync": {"enabled": "true"}, "sync_rules": {"basic": {"enabled": false}}}}
      """
    And I send PUT "/_connector/{connector}/_last_sync" with the body:
      """
      {"last_sync_status": "COMPLETED", "last_synced": "2023-05-25T14:30:00+02:00", "last_indexed_document_count": "7", "sync_cursor": {"a": 1}}
      """
    And I send PUT "/_connector/{connector}/_api_key_id" with the body:
      """
      {"api_key_id": "k", "api_key_secret_id": "s"}
      """
    And I send PUT "/_connector/{connector}/_error" with the body:
      """
      {"error": null}
      """
    And I send PUT "/_connector/{connector}/_filtering/_activate"
    And I send PUT "/_connector/{connector}/_check_in"
    When I send GET "/.elastic-connectors/_source/{connector}"
    Then the response status is 200
    And the response matches the schema "stored-connector"

  @id:connector.get.shape.status @req:connector.get.shape
  Scenario Outline: A connector that is <status> has the published shape
    Given a connector in the state "<status>"
    When I send GET "/_connector/{connector}"
    Then the response matches the schema "connector"

    Examples:
      | status              |
      | needs_configuration |
      | configured          |
      | connected           |
      | error               |

  @id:connector.get.sensitive @req:connector.get.sensitive
  Scenario: A sensitive value is read in clear, alone and in a list
    Given a connector
    When I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"password": {"label": "Password", "sensitive": true, "value": "esconform-in-clear"}}}
      """
    Then the update is accepted
    And the connector at "/configuration/password/value" equals "esconform-in-clear"
    When I send GET "/_connector/{connector}"
    And I save the response at "" as "one"
    And I send GET "/_connector?connector_name={connector}"
    Then the response is the JSON:
      """
      {"count": 1, "results": [{one}]}
      """

  @id:connector.get.not-found @req:connector.get.not-found @req:connector.get.headers
  Scenario: An id that no connector has is not found
    Given an id that no connector has
    When I send GET "/_connector/{connector}"
    Then the request is rejected with status 404 as "resource_not_found_exception" saying "connector [{connector}] not found"
    And the response header "X-elastic-product" is "Elasticsearch"
    And the answer is of the type "application/json"

  @id:connector.get.not-found.similar @req:connector.get.not-found
  Scenario Outline: An id that is <case> is not found
    Given a connector
    When I send GET "/_connector/<path>"
    Then the request is rejected with status 404 as "resource_not_found_exception" saying "connector [<id>] not found"

    Examples:
      | case                  | path                    | id                      |
      | a letter longer       | {connector}x            | {connector}x            |
      | a letter longer ahead | x{connector}            | x{connector}            |
      | followed by a star    | {connector}*            | {connector}*            |
      | two ids               | {connector},{connector} | {connector},{connector} |
      | its index             | content-{connector}     | content-{connector}     |

  @id:connector.get.deleted @req:connector.get.deleted @since:9.0.0
  Scenario Outline: A deleted connector is answered with <status> with the query "<query>"
    Given a connector
    And the connector is deleted
    When I send GET "/_connector/{connector}<query>"
    Then the response status is <status>

    Examples:
      | query                  | status |
      |                        | 404    |
      | ?include_deleted=false | 404    |
      | ?include_deleted=true  | 200    |

  @id:connector.get.include-deleted.bare @req:connector.get.include-deleted @since:9.0.0
  Scenario Outline: <query> shows a deleted connector
    Given a connector
    And the connector is deleted
    When I send GET "/_connector/{connector}?<query>"
    Then the response status is 200
    And the response at "/deleted" equals true

    Examples:
      | query            |
      | include_deleted  |
      | include_deleted= |

  @id:connector.get.deleted.whole @req:connector.get.deleted @since:9.0.0
  Scenario: include_deleted shows the whole of a deleted connector
    Given a connector
    And the connector is deleted
    And I send GET "/.elastic-connectors/_doc/{connector}"
    And I save the response at "/_source" as "stored"
    When I send GET "/_connector/{connector}?include_deleted=true"
    Then the response is the JSON, ignoring "/id":
      """
      {stored}
      """
    And the response at "/deleted" equals true

  @id:connector.get.include-deleted.living @req:connector.get.include-deleted @since:9.0.0
  Scenario Outline: include_deleted=<value> shows a connector that is not deleted, too
    Given a connector
    When I send GET "/_connector/{connector}?include_deleted=<value>"
    Then the response status is 200
    And the response at "/deleted" equals false

    Examples:
      | value |
      | true  |
      | false |

  @id:connector.get.include-deleted.rejected @req:connector.get.include-deleted @since:9.0.0
  Scenario Outline: include_deleted=<value> is rejected
    Given a connector
    When I send GET "/_connector/{connector}?include_deleted=<value>"
    Then the request is rejected as "illegal_argument_exception" because "Failed to parse value [<value>] as only [true] or [false] are allowed."

    Examples:
      | value |
      | x     |
      | TRUE  |
      | 1     |
      | yes   |

  @id:connector.get.routing.unknown-parameter @req:connector.get.routing.unknown-parameter
  Scenario Outline: A read does not know the query parameter <parameter>
    Given a connector
    When I send GET "/_connector/{connector}?<parameter>=true"
    Then the request is rejected as "illegal_argument_exception" because "contains unrecognized parameter: [<parameter>]"

    Examples:
      | parameter        |
      | bogus            |
      | hard             |
      | realtime         |
      | delete_sync_jobs |

  @id:connector.get.routing.body @req:connector.get.routing.body
  Scenario Outline: A read with the body <body> is rejected
    Given a connector
    When I send GET "/_connector/{connector}" with the body:
      """
      <body>
      """
    Then the request is rejected as "illegal_argument_exception" because "request [GET /_connector/{connector}] does not support having a body"

    Examples:
      | body |
      | {}   |
      | []   |
      | null |

  @id:connector.get.routing.taken @req:connector.get.routing.common-parameters
  Scenario Outline: A read takes <query>
    Given a connector
    When I send GET "/_connector/{connector}?<query>"
    Then the response status is 200
    And the response at "/id" equals "{connector}"

    Examples:
      | query            |
      | human            |
      | error_trace=true |

  @id:connector.get.routing.pretty @req:connector.get.routing.common-parameters
  Scenario: pretty lays a read out in lines
    Given a connector
    When I send GET "/_connector/{connector}?pretty&filter_path=id"
    Then the response is the JSON:
      """
      {"id": "{connector}"}
      """
    And the response body contains " : "

  @id:connector.get.routing.common @req:connector.get.routing.common-parameters
  Scenario Outline: filter_path picks <path>
    Given a connector
    When I send GET "/_connector/{connector}?filter_path=<path>"
    Then the response is the JSON:
      """
      <shows>
      """

    Examples:
      | path                             | shows                                                                   |
      | name                             | {"name": "{connector}"}                                                 |
      | -filtering,status                | {"status": "created"}                                                   |
      | scheduling.full                  | {"scheduling": {"full": {"enabled": false, "interval": "0 0 0 * * ?"}}} |
      | filtering.draft.validation.state | {"filtering": [{"draft": {"validation": {"state": "valid"}}}]}          |
