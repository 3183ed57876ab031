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

  @id:connector.clients.media-type-8.rejected @req:connector.clients.media-type-8
  Scenario Outline: <call> is rejected in the media type of version 8
    Given a client that "speaks the media type of version 8"
    When they send PUT "/_connector/{connector}/<call>" with the body:
      """
      {"surprise": 1}
      """
    Then the response status is 400
    And they are answered in kind

    Examples:
      | call   |
      | _name  |
      | _error |

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

  @id:connector.clients.media-type-9 @req:connector.clients.media-type-9
  Scenario Outline: The media type of version 9 is understood and answered in kind: <operation>
    Given a name saved as "new"
    And a client that "speaks the media type of version 9"
    When they send <request>
    Then the response status is <status>
    And they are answered in kind

    Examples:
      | operation                        | request                                                                                                                                                | status |
      | create a connector               | PUT "/_connector/{new}" with {"name":"{new}"}                                                                                                          | 201    |
      | create a connector without an id | POST "/_connector" with {"name":"{new}"}                                                                                                               | 201    |
      | the same with PUT                | PUT "/_connector" with {"name":"{new}"}                                                                                                                | 201    |
      | read it                          | GET "/_connector/{connector}"                                                                                                                          | 200    |
      | list it                          | GET "/_connector?connector_name={connector}"                                                                                                           | 200    |
      | delete it                        | DELETE "/_connector/{connector}"                                                                                                                       | 200    |
      | check it in                      | PUT "/_connector/{connector}/_check_in"                                                                                                                | 200    |
      | name it                          | PUT "/_connector/{connector}/_name" with {"name":"renamed"}                                                                                            | 200    |
      | give it an index                 | PUT "/_connector/{connector}/_index_name" with {"index_name":"{connector}-2"}                                                                          | 200    |
      | give it a service type           | PUT "/_connector/{connector}/_service_type" with {"service_type":"another"}                                                                            | 200    |
      | set its status                   | PUT "/_connector/{connector}/_status" with {"status":"error"}                                                                                          | 200    |
      | report an error                  | PUT "/_connector/{connector}/_error" with {"error":"boom"}                                                                                             | 200    |
      | configure it                     | PUT "/_connector/{connector}/_configuration" with {"configuration":{"a":{"label":"A"}}}                                                                | 200    |
      | schedule it                      | PUT "/_connector/{connector}/_scheduling" with {"scheduling":{"full":{"enabled":true,"interval":"0 0 1 * * ?"}}}                                       | 200    |
      | give it a pipeline               | PUT "/_connector/{connector}/_pipeline" with {"pipeline":{"name":"p","extract_binary_content":true,"reduce_whitespace":false,"run_ml_inference":true}} | 200    |
      | draft a filtering                | PUT "/_connector/{connector}/_filtering" with {"advanced_snippet":{"value":{"a":1}}}                                                                   | 200    |
      | validate it                      | PUT "/_connector/{connector}/_filtering/_validation" with {"validation":{"errors":[],"state":"valid"}}                                                 | 200    |
      | activate it                      | PUT "/_connector/{connector}/_filtering/_activate"                                                                                                     | 200    |
      | set its features                 | PUT "/_connector/{connector}/_features" with {"features":{"incremental_sync":{"enabled":true}}}                                                        | 200    |
      | report a sync                    | PUT "/_connector/{connector}/_last_sync" with {"last_sync_error":"boom"}                                                                               | 200    |
      | give it an API key               | PUT "/_connector/{connector}/_api_key_id" with {"api_key_id":"k"}                                                                                      | 200    |
      | make it native                   | PUT "/_connector/{connector}/_native" with {"is_native":false}                                                                                         | 200    |

  @id:connector.clients.rejects-media-type-9 @req:connector.clients.rejects-media-type-9
  Scenario Outline: The media type of version 9 is rejected before: <operation>
    Given a name saved as "new"
    And the next request has the header "Content-Type" set to "application/vnd.elasticsearch+json; compatible-with=9"
    And the next request has the header "Accept" set to "application/vnd.elasticsearch+json; compatible-with=9"
    When I send <request>
    Then the request is rejected as "media_type_header_exception" because "Invalid media-type value on headers [Content-Type, Accept]"
    And the connector is unchanged

    Examples:
      | operation                        | request                                                                                                                                                |
      | create a connector               | PUT "/_connector/{new}" with {"name":"{new}"}                                                                                                          |
      | create a connector without an id | POST "/_connector" with {"name":"{new}"}                                                                                                               |
      | the same with PUT                | PUT "/_connector" with {"name":"{new}"}                                                                                                                |
      | read it                          | GET "/_connector/{connector}"                                                                                                                          |
      | list it                          | GET "/_connector?connector_name={connector}"                                                                                                           |
      | delete it                        | DELETE "/_connector/{connector}"                                                                                                                       |
      | check it in                      | PUT "/_connector/{connector}/_check_in"                                                                                                                |
      | name it                          | PUT "/_connector/{connector}/_name" with {"name":"renamed"}                                                                                            |
      | give it an index                 | PUT "/_connector/{connector}/_index_name" with {"index_name":"{connector}-2"}                                                                          |
      | give it a service type           | PUT "/_connector/{connector}/_service_type" with {"service_type":"another"}                                                                            |
      | set its status                   | PUT "/_connector/{connector}/_status" with {"status":"error"}                                                                                          |
      | report an error                  | PUT "/_connector/{connector}/_error" with {"error":"boom"}                                                                                             |
      | configure it                     | PUT "/_connector/{connector}/_configuration" with {"configuration":{"a":{"label":"A"}}}                                                                |
      | schedule it                      | PUT "/_connector/{connector}/_scheduling" with {"scheduling":{"full":{"enabled":true,"interval":"0 0 1 * * ?"}}}                                       |
      | give it a pipeline               | PUT "/_connector/{connector}/_pipeline" with {"pipeline":{"name":"p","extract_binary_content":true,"reduce_whitespace":false,"run_ml_inference":true}} |
      | draft a filtering                | PUT "/_connector/{connector}/_filtering" with {"advanced_snippet":{"value":{"a":1}}}                                                                   |
      | validate it                      | PUT "/_connector/{connector}/_filtering/_validation" with {"validation":{"errors":[],"state":"valid"}}                                                 |
      | activate it                      | PUT "/_connector/{connector}/_filtering/_activate"                                                                                                     |
      | set its features                 | PUT "/_connector/{connector}/_features" with {"features":{"incremental_sync":{"enabled":true}}}                                                        |
      | report a sync                    | PUT "/_connector/{connector}/_last_sync" with {"last_sync_error":"boom"}                                                                               |
      | give it an API key               | PUT "/_connector/{connector}/_api_key_id" with {"api_key_id":"k"}                                                                                      |
      | make it native                   | PUT "/_connector/{connector}/_native" with {"is_native":false}                                                                                         |
