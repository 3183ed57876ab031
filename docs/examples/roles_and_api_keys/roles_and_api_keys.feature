@contract @accounts @needs:flavour:default
Feature: Roles and API keys

  @id:security-role.creates @req:security-role.put.route
  Scenario: A role is read back as it was created
    When the role is created with:
      """
      {"cluster": ["monitor"], "indices": [{"names": ["{role}-*"], "privileges": ["read"]}], "metadata": {"a": 1}}
      """
    Then the response status is 200
    And the response is the JSON:
      """
      {"role": {"created": true}}
      """
    And the role is the JSON:
      """
      {
        "cluster": ["monitor"],
        "indices": [{"names": ["{role}-*"], "privileges": ["read"], "allow_restricted_indices": false}],
        "applications": [], "run_as": [], "metadata": {"a": 1}, "transient_metadata": {"enabled": true}
      }
      """

  @id:security-role.replaces @req:security-role.put.route
  Scenario: A replaced role has what was sent and nothing of what it had
    Given a role created with:
      """
      {"cluster": ["monitor"], "run_as": ["nobody"], "metadata": {"a": 1}}
      """
    When the role is created with:
      """
      {"cluster": ["manage_ilm"], "metadata": {"a": 1}}
      """
    Then the response status is 200
    And the response at "/role/created" equals false
    And only these fields of the role have changed:
      | /cluster | ["manage_ilm"] |
      | /run_as  | []             |

  @id:security-role.rejects @req:security-role.put.rejects
  Scenario Outline: A role with <fault> is not created
    Given an id that no role has
    When the role is created with:
      """
      <body>
      """
    Then the response status is 400
    And the response at "/error/type" equals "<type>"
    And the response at "/error/reason" contains "<reason>"
    And the role is gone

    Examples:
      | case                      | fault                        | body                                                        | type                                | reason                                |
      | unknown-cluster-privilege | an unknown cluster privilege | {"cluster": ["nonsense"]}                                   | action_request_validation_exception | unknown cluster privilege [nonsense]  |
      | unknown-index-privilege   | an unknown index privilege   | {"indices": [{"names": ["a"], "privileges": ["nonsense"]}]} | action_request_validation_exception | unknown index privilege [nonsense]    |
      | unknown-field             | an unknown field             | {"clusters": ["monitor"]}                                   | parse_exception                     | unexpected field [clusters]           |
      | no-privileges             | indices without privileges   | {"indices": [{"names": ["a"]}]}                             | parse_exception                     | missing required [privileges] field   |

  @id:security-role.rejects-replacement @req:security-role.put.rejects
  Scenario: A faulty replacement changes nothing
    Given a role created with:
      """
      {"cluster": ["monitor"]}
      """
    When the role is created with:
      """
      {"cluster": ["nonsense"]}
      """
    Then the response status is 400
    And the role is unchanged

  @id:security-role.reserved @req:security-role.put.reserved
  Scenario: A reserved role is not replaced
    When I send PUT "/_security/role/viewer" with {"cluster": []}
    Then the response status is 400
    And the response at "/error/type" equals "action_request_validation_exception"
    And the response at "/error/reason" contains "Role [viewer] is reserved"

  @id:security-role.lists @req:security-role.get.route
  Scenario: A role is listed beside those that are always there
    Given a role created with:
      """
      {"cluster": ["monitor"]}
      """
    When the roles are listed
    Then the response status is 200
    And the response at "/{role}/cluster" equals ["monitor"]
    And the response at "/superuser/metadata/_reserved" equals true

  @id:security-role.absent @req:security-role.get.route
  Scenario: A role that is not there is not found
    Given an id that no role has
    When the role is read
    Then the response status is 404
    And the response is the JSON:
      """
      {}
      """

  @id:security-role.deletes @req:security-role.delete.route
  Scenario: A deleted role is gone, and cannot be deleted again
    Given a role
    When the role is deleted
    Then the response status is 200
    And the response at "/found" equals true
    And the role is gone
    When the role is deleted
    Then the response status is 404
    And the response at "/found" equals false

  @id:security-key.creates @req:security-key.create.route @req:security-key.get.route
  Scenario: An API key is read as it was created, without its secret
    Given a name saved as "key"
    When I send POST "/_security/api_key" with the body:
      """
      {"name": "{key}", "metadata": {"a": 1}, "role_descriptors": {"r": {"cluster": ["monitor"]}}}
      """
    Then the response status is 200
    And the response is the JSON:
      """
      {"id": "<string>", "name": "{key}", "api_key": "<string>", "encoded": "<string>"}
      """
    When I save the response at "/id" as "key_id"
    And I send GET "/_security/api_key?id={key_id}"
    Then the response at "/api_keys" has the length 1
    And the response at "/api_keys/0" is the JSON, ignoring "creation, username, realm, realm_type":
      """
      {
        "id": "{key_id}", "name": "{key}", "type": "rest", "invalidated": false, "metadata": {"a": 1},
        "role_descriptors": {"r": {
          "cluster": ["monitor"], "indices": [], "applications": [], "run_as": [], "metadata": {}, "transient_metadata": {"enabled": true}
        }}
      }
      """

  @id:security-key.expires @req:security-key.create.route
  Scenario: An API key shows the expiration that its creation announced
    When the API key is created with:
      """
      {"name": "{api_key}", "expiration": "2d"}
      """
    Then the response status is 200
    And the response at "/expiration" is the JSON:
      """
      "<number>"
      """
    When I save the response at "/expiration" as "expiration"
    Then the API key at "/expiration" equals {expiration}
    And the API key at "/creation" is before "{expiration}"

  @id:security-key.expired @req:security-key.create.route
  Scenario: An expired API key is not accepted
    Given an API key with the role "nobody" that has expired
    When they send GET "/_security/_authenticate"
    Then the response status is 401
    And they are told of their token that "api key is expired"

  @id:security-key.rejects @req:security-key.create.rejects
  Scenario Outline: An API key with <fault> is not created
    Given a name saved as "key"
    When I send POST "/_security/api_key" with <body>
    Then the response status is 400
    And the response at "/error/type" equals "<type>"
    And the response at "/error/reason" contains "<reason>"
    When I send GET "/_security/api_key?name={key}"
    Then the response at "/api_keys" has the length 0

    Examples:
      | case          | fault                            | body                                                                      | type                                | reason                                  |
      | no-name       | no name                          | {}                                                                        | illegal_argument_exception          | Required [name]                         |
      | empty-name    | an empty name                    | {"name": ""}                                                              | action_request_validation_exception | api key name is required                |
      | underscore    | a name that begins with _        | {"name": "_{key}"}                                                        | action_request_validation_exception | may not begin with an underscore        |
      | blank         | a name that begins with a blank  | {"name": " {key}"}                                                        | action_request_validation_exception | may not begin or end with whitespace    |
      | expiration    | an expiration that is no time    | {"name": "{key}", "expiration": "soon"}                                   | x_content_parse_exception           | Failed to build [api_key_request]       |
      | unknown-field | an unknown field                 | {"name": "{key}", "expiry": "1d"}                                         | x_content_parse_exception           | unknown field [expiry]                  |
      | privilege     | an unknown privilege             | {"name": "{key}", "role_descriptors": {"r": {"cluster": ["nonsense"]}}}   | action_request_validation_exception | unknown cluster privilege [nonsense]    |
      | metadata      | metadata that begins with _      | {"name": "{key}", "metadata": {"_a": 1}}                                  | action_request_validation_exception | API key metadata keys may not start with [_] |

  @id:security-key.names @req:security-key.get.route
  Scenario: Two API keys may have one name
    Given a name saved as "key"
    And these requests have succeeded:
      | POST /_security/api_key | {"name": "{key}"} |
      | POST /_security/api_key | {"name": "{key}"} |
    When I send GET "/_security/api_key?name={key}"
    Then the response at "/api_keys" has the length 2
    And the response at "/api_keys/0/name" equals "{key}"
    And the response at "/api_keys/1/name" equals "{key}"

  @id:security-key.absent @req:security-key.get.route
  Scenario: An id that no API key has finds nothing
    Given a name saved as "key"
    When I send GET "/_security/api_key?id={key}"
    Then the response status is 404
    And the response is the JSON:
      """
      {"api_keys": []}
      """

  @id:security-key.limited @req:security-key.create.limits
  Scenario: An API key may do what its one privilege grants, and nothing else
    Given an index template
    And an API key with these privileges:
      """
      {"cluster": ["monitor"]}
      """
    When they send GET "/_cluster/health"
    Then the response status is 200
    When they send DELETE "/_index_template/{index_template}"
    Then they are refused for lack of a privilege
    And nothing has changed

  @id:security-key.owner @req:security-key.get.owner
  Scenario: Users see their own API keys, and others only with a privilege
    Given an API key
    And a name saved as "own"
    And a user with these privileges:
      """
      {"cluster": ["manage_own_api_key"]}
      """
    When they send POST "/_security/api_key" with {"name": "{own}"}
    Then the response status is 200
    When they send GET "/_security/api_key?owner=true"
    Then the response status is 200
    And the response at "/api_keys" has the length 1
    And the response at "/api_keys/0/name" equals "{own}"
    When they send GET "/_security/api_key?name={api_key}"
    Then they are refused because "this action is granted by the cluster privileges [read_security"

  @id:security-key.itself @req:security-key.get.owner
  Scenario: An API key owns no API key, not even itself
    Given an API key with these privileges:
      """
      {"cluster": ["manage_own_api_key"]}
      """
    When they send GET "/_security/api_key?owner=true"
    Then they are refused because "this action is granted by the cluster privileges [read_security"

  @id:security-key.invalidates @req:security-key.invalidate.route
  Scenario: An invalidated API key is shown as such, and not accepted
    Given a name saved as "key"
    When I send POST "/_security/api_key" with {"name": "{key}"}
    And I save the response at "/id" as "key_id"
    And I save the response at "/encoded" as "encoded"
    And the next request has the header "Authorization" set to "ApiKey {encoded}"
    And I send GET "/_security/_authenticate"
    Then the response status is 200
    And the response at "/api_key/id" equals "{key_id}"
    When I send DELETE "/_security/api_key" with {"ids": ["{key_id}"]}
    Then the response is the JSON:
      """
      {"invalidated_api_keys": ["{key_id}"], "previously_invalidated_api_keys": [], "error_count": 0}
      """
    When I send GET "/_security/api_key?id={key_id}"
    Then the response at "/api_keys/0/invalidated" equals true
    When the next request has the header "Authorization" set to "ApiKey {encoded}"
    And I send GET "/_security/_authenticate"
    Then the response status is 401
    And the response body contains "api key [{key_id}] has been invalidated"

  @id:security-key.invalidates-what @req:security-key.invalidate.route
  Scenario: What to invalidate has to be said
    When I send DELETE "/_security/api_key" with {}
    Then the response status is 400
    And the response at "/error/type" equals "action_request_validation_exception"
    And the response at "/error/reason" contains "must be specified if [owner] flag is false"
