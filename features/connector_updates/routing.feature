@contract @since:8.18.0
Feature: The routes of updates of a connector
  One path and one method each, and the query parameters that every API takes.

  Background:
    Given a connector created with:
      """
      {"index_name": "content-{connector}", "service_type": "esconform", "name": "{connector}"}
      """

  @id:connector.update.routing.methods @req:connector.update.routing.methods @req:connector.update.headers
  Scenario Outline: <method> is refused for <call> and changes nothing
    When I send <method> "/_connector/{connector}/<call>"
    Then the request is refused with status 405 because "Incorrect HTTP method for uri [/_connector/{connector}/<call>] and method [<method>], allowed: [PUT]"
    And the response header "Allow" is "PUT"
    And the connector is unchanged

    Examples:
      | method | call                   |
      | POST   | _check_in              |
      | GET    | _check_in              |
      | DELETE | _check_in              |
      | POST   | _name                  |
      | GET    | _name                  |
      | DELETE | _name                  |
      | POST   | _index_name            |
      | GET    | _index_name            |
      | DELETE | _index_name            |
      | POST   | _service_type          |
      | GET    | _service_type          |
      | DELETE | _service_type          |
      | POST   | _status                |
      | GET    | _status                |
      | DELETE | _status                |
      | POST   | _error                 |
      | GET    | _error                 |
      | DELETE | _error                 |
      | POST   | _configuration         |
      | GET    | _configuration         |
      | DELETE | _configuration         |
      | POST   | _scheduling            |
      | GET    | _scheduling            |
      | DELETE | _scheduling            |
      | POST   | _pipeline              |
      | GET    | _pipeline              |
      | DELETE | _pipeline              |
      | POST   | _filtering             |
      | GET    | _filtering             |
      | DELETE | _filtering             |
      | POST   | _filtering/_validation |
      | GET    | _filtering/_validation |
      | DELETE | _filtering/_validation |
      | POST   | _features              |
      | GET    | _features              |
      | DELETE | _features              |
      | POST   | _last_sync             |
      | GET    | _last_sync             |
      | DELETE | _last_sync             |
      | POST   | _api_key_id            |
      | GET    | _api_key_id            |
      | DELETE | _api_key_id            |
      | POST   | _native                |
      | GET    | _native                |
      | DELETE | _native                |
      | POST   | _filtering/_activate   |
      | GET    | _filtering/_activate   |
      | DELETE | _filtering/_activate   |

  @id:connector.update.routing.head @req:connector.update.routing.head
  Scenario Outline: HEAD is refused for <call>
    When I send HEAD "/_connector/{connector}/<call>"
    Then the response status is 405
    And the response has no body
    And the connector is unchanged

    Examples:
      | call                   |
      | _check_in              |
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
      | _filtering/_activate   |

  @id:connector.update.routing.head.allow @req:connector.update.routing.methods
  Scenario Outline: The refusal of HEAD for <call> says what is allowed
    When I send HEAD "/_connector/{connector}/<call>"
    Then the response header "Allow" is "PUT"

    Examples:
      | call                   |
      | _check_in              |
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
      | _filtering/_activate   |

  @id:connector.update.routing.options @req:connector.update.routing.options
  Scenario Outline: OPTIONS names the method of <call>
    When I send OPTIONS "/_connector/{connector}/<call>"
    Then the response status is 200
    And the response header "Allow" is "PUT"
    And the connector is unchanged

    Examples:
      | call                   |
      | _check_in              |
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
      | _filtering/_activate   |

  @id:connector.update.routing.unknown-parameter @req:connector.update.routing.unknown-parameter
  Scenario Outline: <call> does not know the query parameter <parameter>
    When I send PUT "/_connector/{connector}/<call>?<parameter>=1" with the body:
      """
      <body>
      """
    Then the request is rejected as "illegal_argument_exception" because "request [/_connector/{connector}/<call>] contains unrecognized parameter: [<parameter>]"
    And the connector is unchanged

    Examples:
      | call                   | parameter | body                                                                                                              |
      | _name                  | bogus     | {"name": "renamed", "description": "described"}                                                                   |
      | _index_name            | refresh   | {"index_name": "content-{connector}-2"}                                                                           |
      | _service_type          | hard      | {"service_type": "another"}                                                                                       |
      | _status                | bogus     | {"status": "needs_configuration"}                                                                                 |
      | _error                 | refresh   | {"error": "boom"}                                                                                                 |
      | _configuration         | hard      | {"configuration": {"a": {"label": "A"}}}                                                                          |
      | _scheduling            | bogus     | {"scheduling": {"full": {"enabled": true, "interval": "0 0 1 * * ?"}}}                                            |
      | _pipeline              | refresh   | {"pipeline": {"name": "p", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": true}} |
      | _filtering             | hard      | {"advanced_snippet": {"value": {"a": 1}}}                                                                         |
      | _filtering/_validation | bogus     | {"validation": {"errors": [], "state": "invalid"}}                                                                |
      | _features              | refresh   | {"features": {"incremental_sync": {"enabled": true}}}                                                             |
      | _last_sync             | hard      | {"last_sync_error": "boom"}                                                                                       |
      | _api_key_id            | bogus     | {"api_key_id": "k", "api_key_secret_id": "s"}                                                                     |
      | _native                | refresh   | {"is_native": true}                                                                                               |

  @id:connector.update.routing.unknown-parameter.bodiless @req:connector.update.routing.unknown-parameter
  Scenario Outline: <call> does not know the query parameter bogus
    When I send PUT "/_connector/{connector}/<call>?bogus=1"
    Then the request is rejected as "illegal_argument_exception" because "contains unrecognized parameter: [bogus]"
    And the connector is unchanged

    Examples:
      | call                 |
      | _check_in            |
      | _filtering/_activate |

  @id:connector.update.routing.trailing-slash @req:connector.update.routing.trailing-slash
  Scenario Outline: <call> may end in a slash
    When I send PUT "/_connector/{connector}/<call>/" with the body:
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

  @id:connector.update.routing.pretty @req:connector.update.routing.common-parameters @req:connector.update.answer
  Scenario Outline: pretty lays the answer to <call> out in lines
    When I send PUT "/_connector/{connector}/<call>?pretty" with the body:
      """
      <body>
      """
    Then the update is accepted
    And the response body contains " : "

    Examples:
      | call   | body             |
      | _name  | {"name": "n"}    |
      | _error | {"error": "one"} |

  @id:connector.update.routing.filter-path @req:connector.update.routing.common-parameters
  Scenario Outline: filter_path may leave nothing of the answer to <call>
    When I send PUT "/_connector/{connector}/<call>?filter_path=nothing" with the body:
      """
      <body>
      """
    Then the response status is 200
    And the response is the JSON:
      """
      {}
      """

    Examples:
      | call   | body             |
      | _name  | {"name": "n"}    |
      | _error | {"error": "one"} |

  @id:connector.update.routing.common @req:connector.update.routing.common-parameters
  Scenario Outline: <call> takes <query>
    When I send PUT "/_connector/{connector}/<call>?<query>" with the body:
      """
      <body>
      """
    Then the update is accepted
    And only these fields of the connector have changed:
      | <first>  |
      | <second> |

    Examples:
      | call                   | query              | body                                                                                                              | first                               | second                              |
      | _name                  | pretty             | {"name": "renamed", "description": "described"}                                                                   | /name                               | /description                        |
      | _index_name            | human              | {"index_name": "content-{connector}-2"}                                                                           | /index_name                         | /index_name                         |
      | _service_type          | error_trace=true   | {"service_type": "another"}                                                                                       | /service_type                       | /service_type                       |
      | _status                | filter_path=result | {"status": "needs_configuration"}                                                                                 | /status                             | /status                             |
      | _error                 | pretty             | {"error": "boom"}                                                                                                 | /error                              | /status                             |
      | _configuration         | human              | {"configuration": {"a": {"label": "A"}}}                                                                          | /configuration                      | /status                             |
      | _scheduling            | error_trace=true   | {"scheduling": {"full": {"enabled": true, "interval": "0 0 1 * * ?"}}}                                            | /scheduling/full/enabled            | /scheduling/full/interval           |
      | _pipeline              | filter_path=result | {"pipeline": {"name": "p", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": true}} | /pipeline                           | /pipeline                           |
      | _filtering             | pretty             | {"advanced_snippet": {"value": {"a": 1}}}                                                                         | /filtering/0/draft/advanced_snippet | /filtering/0/draft/validation/state |
      | _filtering/_validation | human              | {"validation": {"errors": [], "state": "invalid"}}                                                                | /filtering/0/draft/validation/state | /filtering/0/draft/validation/state |
      | _features              | error_trace=true   | {"features": {"incremental_sync": {"enabled": true}}}                                                             | /features                           | /features                           |
      | _last_sync             | filter_path=result | {"last_sync_error": "boom"}                                                                                       | /last_sync_error                    | /last_sync_error                    |
      | _api_key_id            | pretty             | {"api_key_id": "k", "api_key_secret_id": "s"}                                                                     | /api_key_id                         | /api_key_secret_id                  |
      | _native                | human              | {"is_native": true}                                                                                               | /is_native                          | /is_native                          |

  @id:connector.update.routing.no-such-path @req:connector.update.routing.no-such-path
  Scenario Outline: Nothing handles <path>
    When I send PUT "/_connector/<path>"
    Then the response status is 400
    And the response at "/error" equals "no handler found for uri [/_connector/<path>] and method [PUT]"
    And the connector is unchanged

    Examples:
      | path                               |
      | {connector}/_Name                  |
      | {connector}/_STATUS                |
      | {connector}/_name/x                |
      | {connector}/_status/x              |
      | {connector}/_filtering/_active     |
      | {connector}/_filtering/_activate/x |
      | {connector}/_description           |
      | {connector}/_language              |
      | {connector}/_sync_now              |
      | {connector}/_custom_scheduling     |
      | {connector}/_deleted               |
      | {connector}/status                 |

  @id:connector.update.id.empty @req:connector.update.id.empty
  Scenario Outline: <call> with an empty id is rejected
    When I send PUT "/_connector//<call>" with the body:
      """
      <body>
      """
    Then the request is rejected as "action_request_validation_exception" because "[connector_id] cannot be [null] or ["

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

  @id:connector.update.id.empty.bodiless @req:connector.update.id.empty
  Scenario Outline: <call> with an empty id is rejected, too
    When I send PUT "/_connector//<call>"
    Then the request is rejected as "action_request_validation_exception" because "[connector_id] cannot be [null] or ["

    Examples:
      | call                 |
      | _check_in            |
      | _filtering/_activate |

  @id:connector.update.id.blank @req:connector.update.id.decoded
  Scenario Outline: The id of <call> may be a blank
    When I send PUT "/_connector/%20/<call>" with the body:
      """
      <body>
      """
    Then the response status is 404
    And the response at "/error/reason" contains "[ ]"

    Examples:
      | call    | body                 |
      | _name   | {"name": "n"}        |
      | _native | {"is_native": false} |

  @id:connector.update.id.decoded @req:connector.update.id.decoded
  Scenario Outline: <call> decodes the id <path>
    When I send PUT "/_connector/<path>/<call>" with the body:
      """
      <body>
      """
    Then the response status is 404
    And the response at "/error/reason" contains "[<id>]"
    And the connector is unchanged

    Examples:
      | call    | path                 | id              | body                 |
      | _name   | {connector}%2Fb%20c  | {connector}/b c | {"name": "n"}        |
      | _status | {connector}%E2%9C%93 | {connector}✓    | {"status": "error"}  |
      | _error  | {connector}%2B       | {connector}+    | {"error": "e"}       |
      | _native | {connector}%2A       | {connector}*    | {"is_native": false} |
