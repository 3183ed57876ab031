@contract @since:8.18.0
Feature: The bodies of updates of a connector

  Background:
    Given a connector created with:
      """
      {"index_name": "content-{connector}", "service_type": "esconform", "name": "{connector}"}
      """

  @id:connector.update.body.required @req:connector.update.body.required @req:connector.update.headers
  Scenario Outline: <call> without a body is rejected
    When I send PUT "/_connector/{connector}/<call>"
    Then the request is rejected as "parse_exception" because "request body is required"
    And the response header "X-elastic-product" is "Elasticsearch"
    And the answer is of the type "application/json"
    And the connector is unchanged

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

  @id:connector.update.body.refused @req:connector.update.body.refused
  Scenario Outline: <call> with the body <body> is rejected
    When I send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then the request is rejected as "illegal_argument_exception" because "request [PUT /_connector/{connector}/<call>] does not support having a body"
    And the connector is unchanged

    Examples:
      | call                 | body     |
      | _check_in            | {}       |
      | _check_in            | {"a": 1} |
      | _check_in            | []       |
      | _check_in            | null     |
      | _filtering/_activate | {}       |
      | _filtering/_activate | {"a": 1} |
      | _filtering/_activate | []       |
      | _filtering/_activate | null     |

  @id:connector.update.body.object @req:connector.update.body.object
  Scenario Outline: <call> with <body> for a body is rejected
    When I send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then the request is rejected as "x_content_parse_exception" because "[<parser>] Expected START_OBJECT but was: <token>"
    And the connector is unchanged

    Examples:
      | call                   | parser                                   | body | token         |
      | _name                  | connector_update_name_request            | []   | START_ARRAY   |
      | _index_name            | connector_update_index_name_request      | "x"  | VALUE_STRING  |
      | _service_type          | connector_update_service_type_request    | null | VALUE_NULL    |
      | _status                | connector_update_status_request          | 7    | VALUE_NUMBER  |
      | _error                 | connector_update_error_request           | true | VALUE_BOOLEAN |
      | _configuration         | connector_update_configuration_request   | []   | START_ARRAY   |
      | _scheduling            | connector_update_scheduling_request      | "x"  | VALUE_STRING  |
      | _pipeline              | connector_update_pipeline_request        | null | VALUE_NULL    |
      | _filtering             | connector_update_filtering_request       | 7    | VALUE_NUMBER  |
      | _filtering/_validation | connector_update_filtering_validation    | true | VALUE_BOOLEAN |
      | _features              | connector_update_features_request        | []   | START_ARRAY   |
      | _last_sync             | connector_update_last_sync_stats_request | "x"  | VALUE_STRING  |
      | _api_key_id            | connector_update_api_key_id_request      | null | VALUE_NULL    |
      | _native                | connector_update_native_request          | 7    | VALUE_NUMBER  |

  @id:connector.update.body.well-formed @req:connector.update.body.well-formed
  Scenario Outline: <call> with <body> for a body is rejected
    When I send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then the request is rejected as "x_content_parse_exception, x_content_e_o_f_exception, parsing_exception, json_parse_exception"
    And the connector is unchanged

    Examples:
      | call                   | body    |
      | _name                  | {       |
      | _index_name            | {"a     |
      | _service_type          | {"a": } |
      | _status                | {a: 1}  |
      | _error                 | x       |
      | _configuration         | {       |
      | _scheduling            | {"a     |
      | _pipeline              | {"a": } |
      | _filtering             | {a: 1}  |
      | _filtering/_validation | x       |
      | _features              | {       |
      | _last_sync             | {"a     |
      | _api_key_id            | {"a": } |
      | _native                | {a: 1}  |
      | _name                  | {"name": "a", "name": "b"} |

  @id:connector.update.body.unknown-field @req:connector.update.body.unknown-field
  Scenario Outline: <call> does not know the field <field>
    When I send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then the request is rejected as "x_content_parse_exception" because "[<parser>] unknown field [<field>]"
    And the connector is unchanged

    Examples:
      | call                   | parser                                   | field    | body                                                                                                                     |
      | _name                  | connector_update_name_request            | surprise | {"name": "renamed", "description": "described", "surprise": 1}                                                           |
      | _index_name            | connector_update_index_name_request      | status2  | {"index_name": "content-{connector}-2", "status2": 1}                                                                    |
      | _service_type          | connector_update_service_type_request    | id       | {"service_type": "another", "id": 1}                                                                                     |
      | _status                | connector_update_status_request          | deleted  | {"status": "needs_configuration", "deleted": 1}                                                                          |
      | _error                 | connector_update_error_request           | sync_now | {"error": "boom", "sync_now": 1}                                                                                         |
      | _configuration         | connector_update_configuration_request   | surprise | {"configuration": {"a": {"label": "A"}}, "surprise": 1}                                                                  |
      | _scheduling            | connector_update_scheduling_request      | status2  | {"scheduling": {"full": {"enabled": true, "interval": "0 0 1 * * ?"}}, "status2": 1}                                     |
      | _pipeline              | connector_update_pipeline_request        | id       | {"pipeline": {"name": "p", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": true}, "id": 1} |
      | _filtering             | connector_update_filtering_request       | deleted  | {"advanced_snippet": {"value": {"a": 1}}, "deleted": 1}                                                                  |
      | _filtering/_validation | connector_update_filtering_validation    | sync_now | {"validation": {"errors": [], "state": "invalid"}, "sync_now": 1}                                                        |
      | _features              | connector_update_features_request        | surprise | {"features": {"incremental_sync": {"enabled": true}}, "surprise": 1}                                                     |
      | _last_sync             | connector_update_last_sync_stats_request | status2  | {"last_sync_error": "boom", "status2": 1}                                                                                |
      | _api_key_id            | connector_update_api_key_id_request      | id       | {"api_key_id": "k", "api_key_secret_id": "s", "id": 1}                                                                   |
      | _native                | connector_update_native_request          | deleted  | {"is_native": true, "deleted": 1}                                                                                        |

  @id:connector.update.body.unknown-field.place @req:connector.update.body.unknown-field
  Scenario: The rejection of a field says in which line and column it is
    When I send PUT "/_connector/{connector}/_name" with the body:
      """
      {"name": "renamed",
       "surprise": 1}
      """
    Then the request is rejected as "x_content_parse_exception" because "[2:2] [connector_update_name_request] unknown field [surprise]"

  @id:connector.update.body.required-field @req:connector.update.body.required-field
  Scenario Outline: <call> with an empty object is rejected
    When I send PUT "/_connector/{connector}/<call>" with the body:
      """
      {}
      """
    Then the request is rejected as "<type>" because "<reason>"
    And the connector is unchanged

    Examples:
      | call                   | type                                | reason                                                                                                       |
      | _name                  | action_request_validation_exception | [name] and [description] cannot both be [null]. Please provide a value for at least one of them.             |
      | _index_name            | illegal_argument_exception          | Required [index_name]                                                                                        |
      | _service_type          | illegal_argument_exception          | Required [service_type]                                                                                      |
      | _status                | action_request_validation_exception | [status] cannot be [null].                                                                                   |
      | _error                 | illegal_argument_exception          | Required [error]                                                                                             |
      | _configuration         | action_request_validation_exception | [configuration] and [values] cannot both be null.                                                            |
      | _scheduling            | illegal_argument_exception          | Required [scheduling]                                                                                        |
      | _pipeline              | illegal_argument_exception          | Required [pipeline]                                                                                          |
      | _filtering             | action_request_validation_exception | [advanced_snippet] and [rules] cannot be both [null].                                                        |
      | _filtering/_validation | illegal_argument_exception          | Required [validation]                                                                                        |
      | _api_key_id            | action_request_validation_exception | [api_key_id] and [api_key_secret_id] cannot both be [null]. Please provide a value for at least one of them. |
      | _native                | illegal_argument_exception          | Required [is_native]                                                                                         |

  @id:connector.update.media-type @req:connector.update.media-type
  Scenario Outline: <call> in the media type <media> is refused
    Given the next request has the header "Content-Type" set to "<media>"
    When I send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then the request is refused with status 406 because "Content-Type header [<media>] is not supported"
    And the connector is unchanged

    Examples:
      | call                   | media                             | body                                                                                                              |
      | _name                  | text/plain                        | {"name": "renamed", "description": "described"}                                                                   |
      | _index_name            | application/xml                   | {"index_name": "content-{connector}-2"}                                                                           |
      | _service_type          | application/x-www-form-urlencoded | {"service_type": "another"}                                                                                       |
      | _status                | text/plain                        | {"status": "needs_configuration"}                                                                                 |
      | _error                 | application/xml                   | {"error": "boom"}                                                                                                 |
      | _configuration         | application/x-www-form-urlencoded | {"configuration": {"a": {"label": "A"}}}                                                                          |
      | _scheduling            | text/plain                        | {"scheduling": {"full": {"enabled": true, "interval": "0 0 1 * * ?"}}}                                            |
      | _pipeline              | application/xml                   | {"pipeline": {"name": "p", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": true}} |
      | _filtering             | application/x-www-form-urlencoded | {"advanced_snippet": {"value": {"a": 1}}}                                                                         |
      | _filtering/_validation | text/plain                        | {"validation": {"errors": [], "state": "invalid"}}                                                                |
      | _features              | application/xml                   | {"features": {"incremental_sync": {"enabled": true}}}                                                             |
      | _last_sync             | application/x-www-form-urlencoded | {"last_sync_error": "boom"}                                                                                       |
      | _api_key_id            | text/plain                        | {"api_key_id": "k", "api_key_secret_id": "s"}                                                                     |
      | _native                | application/xml                   | {"is_native": true}                                                                                               |

  @id:connector.update.answer.headers @req:connector.update.headers
  Scenario Outline: The answer to <call> names the product and its type
    When I send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then the update is accepted
    And the response header "X-elastic-product" is "Elasticsearch"
    And the answer is of the type "application/json"

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

  @id:connector.update.answer.headers.bodiless @req:connector.update.headers
  Scenario Outline: The answer to <call> names the product and its type, too
    When I send PUT "/_connector/{connector}/<call>"
    Then the response status is 200
    And the response header "X-elastic-product" is "Elasticsearch"
    And the answer is of the type "application/json"

    Examples:
      | call                 |
      | _check_in            |
      | _filtering/_activate |
