@contract @since:8.18.0
Feature: What a new connector is

  @id:connector.create.defaults.none @req:connector.create.defaults @req:connector.create.answer
  Scenario: Without a body a connector has the defaults
    Given an id that no connector has
    When I send PUT "/_connector/{connector}"
    Then the response status is 201
    And the response is the JSON:
      """
      {"id": "{connector}", "result": "created"}
      """
    And the connector is the JSON, ignoring "/deleted":
      """
      {"id": "{connector}", "configuration": {}, "custom_scheduling": {},
       "filtering": [{"domain": "DEFAULT",
        "active": {"advanced_snippet": {"created_at": "<time>", "updated_at": "<time>", "value": {}}, "rules": [{"created_at": "<time>", "field": "_", "id": "DEFAULT", "order": 0, "policy": "include", "rule": "regex", "updated_at": "<time>", "value": ".*"}], "validation": {"errors": [], "state": "valid"}},
        "draft": {"advanced_snippet": {"created_at": "<time>", "updated_at": "<time>", "value": {}}, "rules": [{"created_at": "<time>", "field": "_", "id": "DEFAULT", "order": 0, "policy": "include", "rule": "regex", "updated_at": "<time>", "value": ".*"}], "validation": {"errors": [], "state": "valid"}}}],
       "is_native": false, "name": "", "scheduling": {"access_control": {"enabled": false, "interval": "0 0 0 * * ?"}, "full": {"enabled": false, "interval": "0 0 0 * * ?"}, "incremental": {"enabled": false, "interval": "0 0 0 * * ?"}},
       "status": "created", "sync_now": false}
      """

  @id:connector.create.route @req:connector.create.route
  Scenario: A connector is there once it is created
    Given an id that no connector has
    When the connector is created with:
      """
      {"name": "n", "index_name": "{connector}"}
      """
    Then the response status is 201
    And the connector at "/id" equals "{connector}"
    And the connector at "/name" equals "n"

  @id:connector.create.optional.none @req:connector.create.optional
  Scenario: A connector may be created without a body
    Given an id that no connector has
    When I send PUT "/_connector/{connector}"
    Then the response status is 201
    And the connector is there

  @id:connector.create.defaults.empty @req:connector.create.defaults
  Scenario: With an empty body a connector has the defaults, too
    Given an id that no connector has
    When the connector is created with:
      """
      {}
      """
    Then the response status is 201
    And the connector is the JSON, ignoring "/deleted":
      """
      {"id": "{connector}", "configuration": {}, "custom_scheduling": {},
       "filtering": [{"domain": "DEFAULT",
        "active": {"advanced_snippet": {"created_at": "<time>", "updated_at": "<time>", "value": {}}, "rules": [{"created_at": "<time>", "field": "_", "id": "DEFAULT", "order": 0, "policy": "include", "rule": "regex", "updated_at": "<time>", "value": ".*"}], "validation": {"errors": [], "state": "valid"}},
        "draft": {"advanced_snippet": {"created_at": "<time>", "updated_at": "<time>", "value": {}}, "rules": [{"created_at": "<time>", "field": "_", "id": "DEFAULT", "order": 0, "policy": "include", "rule": "regex", "updated_at": "<time>", "value": ".*"}], "validation": {"errors": [], "state": "valid"}}}],
       "is_native": false, "name": "", "scheduling": {"access_control": {"enabled": false, "interval": "0 0 0 * * ?"}, "full": {"enabled": false, "interval": "0 0 0 * * ?"}, "incremental": {"enabled": false, "interval": "0 0 0 * * ?"}},
       "status": "created", "sync_now": false}
      """

  @id:connector.create.defaults.all @req:connector.create.defaults @req:connector.create.answer
  Scenario: With every field a connector has these and the other defaults
    Given an id that no connector has
    When the connector is created with:
      """
      {"index_name": "content-{connector}", "name": "a name", "description": "a description", "language": "fr", "service_type": "esconform", "is_native": false}
      """
    Then the response status is 201
    And the response is the JSON:
      """
      {"id": "{connector}", "result": "created"}
      """
    And the connector is the JSON, ignoring "/deleted":
      """
      {"id": "{connector}", "index_name": "content-{connector}", "description": "a description", "language": "fr", "service_type": "esconform", "configuration": {}, "custom_scheduling": {},
       "filtering": [{"domain": "DEFAULT",
        "active": {"advanced_snippet": {"created_at": "<time>", "updated_at": "<time>", "value": {}}, "rules": [{"created_at": "<time>", "field": "_", "id": "DEFAULT", "order": 0, "policy": "include", "rule": "regex", "updated_at": "<time>", "value": ".*"}], "validation": {"errors": [], "state": "valid"}},
        "draft": {"advanced_snippet": {"created_at": "<time>", "updated_at": "<time>", "value": {}}, "rules": [{"created_at": "<time>", "field": "_", "id": "DEFAULT", "order": 0, "policy": "include", "rule": "regex", "updated_at": "<time>", "value": ".*"}], "validation": {"errors": [], "state": "valid"}}}],
       "is_native": false, "name": "a name", "scheduling": {"access_control": {"enabled": false, "interval": "0 0 0 * * ?"}, "full": {"enabled": false, "interval": "0 0 0 * * ?"}, "incremental": {"enabled": false, "interval": "0 0 0 * * ?"}},
       "status": "created", "sync_now": false}
      """

  @id:connector.create.defaults.native @req:connector.create.native
  Scenario: A native connector has the defaults and another status
    Given an id that no connector has
    When the connector is created with:
      """
      {"index_name": "content-{connector}", "name": "a name", "description": "a description", "language": "fr", "service_type": "esconform", "is_native": true}
      """
    Then the response status is 201
    And the connector is the JSON, ignoring "/deleted":
      """
      {"id": "{connector}", "index_name": "content-{connector}", "description": "a description", "language": "fr", "service_type": "esconform", "configuration": {}, "custom_scheduling": {},
       "filtering": [{"domain": "DEFAULT",
        "active": {"advanced_snippet": {"created_at": "<time>", "updated_at": "<time>", "value": {}}, "rules": [{"created_at": "<time>", "field": "_", "id": "DEFAULT", "order": 0, "policy": "include", "rule": "regex", "updated_at": "<time>", "value": ".*"}], "validation": {"errors": [], "state": "valid"}},
        "draft": {"advanced_snippet": {"created_at": "<time>", "updated_at": "<time>", "value": {}}, "rules": [{"created_at": "<time>", "field": "_", "id": "DEFAULT", "order": 0, "policy": "include", "rule": "regex", "updated_at": "<time>", "value": ".*"}], "validation": {"errors": [], "state": "valid"}}}],
       "is_native": true, "name": "a name", "scheduling": {"access_control": {"enabled": false, "interval": "0 0 0 * * ?"}, "full": {"enabled": false, "interval": "0 0 0 * * ?"}, "incremental": {"enabled": false, "interval": "0 0 0 * * ?"}},
       "status": "needs_configuration", "sync_now": false}
      """

  @id:connector.create.defaults.deleted @req:connector.create.defaults @since:9.0.0
  Scenario: A new connector is not deleted
    Given a connector
    Then the connector at "/deleted" equals false

  @id:connector.create.stored @req:connector.create.defaults
  Scenario: A new connector is read as it is stored
    Given an id that no connector has
    When the connector is created with:
      """
      {"index_name": "content-{connector}", "name": "a name", "description": "a description", "language": "fr", "service_type": "esconform", "is_native": false}
      """
    Then the response status is 201
    When I send GET "/.elastic-connectors/_doc/{connector}"
    Then the response at "/_version" equals 1
    When I save the response at "/_source" as "stored"
    Then the connector is the JSON, ignoring "/id":
      """
      {stored}
      """

  @id:connector.create.one-time @req:connector.create.one-time
  Scenario: All times of a new connector are one
    Given a connector
    When I send GET "/_connector/{connector}"
    And I save the response at "/filtering/0/active/advanced_snippet/created_at" as "now"
    Then the response at "/filtering/0/active/advanced_snippet/updated_at" equals "{now}"
    And the response at "/filtering/0/active/rules/0/created_at" equals "{now}"
    And the response at "/filtering/0/active/rules/0/updated_at" equals "{now}"
    And the response at "/filtering/0/draft/advanced_snippet/created_at" equals "{now}"
    And the response at "/filtering/0/draft/advanced_snippet/updated_at" equals "{now}"
    And the response at "/filtering/0/draft/rules/0/created_at" equals "{now}"
    And the response at "/filtering/0/draft/rules/0/updated_at" equals "{now}"

  @id:connector.create.only @req:connector.create.fields
  Scenario Outline: <field> alone is enough
    Given an id that no connector has
    When the connector is created with:
      """
      {"<field>": <value>}
      """
    Then the response status is 201
    And the connector at "/<field>" equals <value>

    Examples:
      | field        | value           |
      | description  | "a description" |
      | index_name   | "{connector}-i" |
      | is_native    | true            |
      | language     | "fr"            |
      | name         | "a name"        |
      | service_type | "esconform"     |

  @id:connector.create.omitted @req:connector.create.optional
  Scenario Outline: <field> may be left out
    Given an id that no connector has
    When the connector is created with:
      """
      <body>
      """
    Then the response status is 201
    And the connector at "/<field>" <default>

    Examples:
      | field        | default      | body                                                                                                                     |
      | description  | is absent    | {"index_name": "content-{connector}", "is_native": true, "language": "fr", "name": "a name", "service_type": "esconform"} |
      | index_name   | is absent    | {"description": "a description", "is_native": true, "language": "fr", "name": "a name", "service_type": "esconform"}     |
      | is_native    | equals false | {"description": "a description", "index_name": "content-{connector}", "language": "fr", "name": "a name", "service_type": "esconform"} |
      | language     | is absent    | {"description": "a description", "index_name": "content-{connector}", "is_native": true, "name": "a name", "service_type": "esconform"} |
      | name         | equals ""    | {"description": "a description", "index_name": "content-{connector}", "is_native": true, "language": "fr", "service_type": "esconform"} |
      | service_type | is absent    | {"description": "a description", "index_name": "content-{connector}", "is_native": true, "language": "fr", "name": "a name"} |

  @id:connector.create.kept @req:connector.create.fields
  Scenario Outline: <field> is kept as <value>
    Given an id that no connector has
    When the connector is created with:
      """
      {"<field>": <value>}
      """
    Then the response status is 201
    And the connector at "/<field>" equals <value>

    Examples:
      | field        | value                |
      | description  | ""                   |
      | description  | " "                  |
      | description  | "ünï ✓"              |
      | language     | ""                   |
      | language     | " "                  |
      | language     | "ünï ✓"              |
      | name         | ""                   |
      | name         | " "                  |
      | name         | "ünï ✓"              |
      | service_type | ""                   |
      | service_type | " "                  |
      | service_type | "ünï ✓"              |
      | description  | "line\\\\nline"      |
      | language     | "no language at all" |
      | service_type | "Some Service/2"     |
      | name         | "<b>&amp;</b>"       |

  @id:connector.create.null @req:connector.create.null
  Scenario Outline: <field> may not be null
    Given an id that no connector has
    When the connector is created with:
      """
      {"<field>": null}
      """
    Then the request is rejected as "x_content_parse_exception" because "[connector_put_request] <field> doesn't support values of type: VALUE_NULL"
    And the connector is gone

    Examples:
      | field        |
      | description  |
      | is_native    |
      | language     |
      | name         |
      | service_type |

  @id:connector.create.null.index @req:connector.create.null
  Scenario: index_name may be null
    Given an id that no connector has
    When the connector is created with:
      """
      {"index_name": null}
      """
    Then the response status is 201
    And the connector at "/index_name" is absent
