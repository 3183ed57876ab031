@contract @since:8.18.0
Feature: What a connector can do

  Background:
    Given a connector

  @id:connector.features.stored @req:connector.features.stored
  Scenario Outline: <feature> is <enabled>
    When I send PUT "/_connector/{connector}/_features" with the body:
      """
      {"features": <value>}
      """
    Then the response status is 200
    And the connector at "/features" is the JSON:
      """
      <value>
      """
    And only these fields of the connector have changed:
      | /features |

    Examples:
      | feature                   | enabled | value                                             |
      | document_level_security   | true    | {"document_level_security": {"enabled": true}}    |
      | document_level_security   | false   | {"document_level_security": {"enabled": false}}   |
      | incremental_sync          | true    | {"incremental_sync": {"enabled": true}}           |
      | incremental_sync          | false   | {"incremental_sync": {"enabled": false}}          |
      | native_connector_api_keys | true    | {"native_connector_api_keys": {"enabled": true}}  |
      | native_connector_api_keys | false   | {"native_connector_api_keys": {"enabled": false}} |
      | sync_rules/basic          | true    | {"sync_rules": {"basic": {"enabled": true}}}      |
      | sync_rules/basic          | false   | {"sync_rules": {"basic": {"enabled": false}}}     |
      | sync_rules/advanced       | true    | {"sync_rules": {"advanced": {"enabled": true}}}   |
      | sync_rules/advanced       | false   | {"sync_rules": {"advanced": {"enabled": false}}}  |

  @id:connector.features.merged @req:connector.features.merged
  Scenario Outline: <feature> leaves the others as they are
    Given I send PUT "/_connector/{connector}/_features" with the body:
      """
      {"features": {"document_level_security": {"enabled": true}, "incremental_sync": {"enabled": true}, "native_connector_api_keys": {"enabled": true}, "sync_rules": {"basic": {"enabled": true}, "advanced": {"enabled": true}}}}
      """
    When I send PUT "/_connector/{connector}/_features" with the body:
      """
      {"features": <value>}
      """
    Then the response status is 200
    And only these fields of the connector have changed:
      | /features/<feature>/enabled |

    Examples:
      | feature                   | value                                             |
      | document_level_security   | {"document_level_security": {"enabled": false}}   |
      | incremental_sync          | {"incremental_sync": {"enabled": false}}          |
      | native_connector_api_keys | {"native_connector_api_keys": {"enabled": false}} |
      | sync_rules/basic          | {"sync_rules": {"basic": {"enabled": false}}}     |
      | sync_rules/advanced       | {"sync_rules": {"advanced": {"enabled": false}}}  |

  @id:connector.features.empty @req:connector.features.empty
  Scenario Outline: Features may be empty: <value>
    When I send PUT "/_connector/{connector}/_features" with the body:
      """
      {"features": <value>}
      """
    Then the response status is 200
    And the connector at "/features" is the JSON:
      """
      <value>
      """

    Examples:
      | value              |
      | {}                 |
      | {"sync_rules": {}} |

  @id:connector.features.empty.later @req:connector.features.empty
  Scenario Outline: Empty features take nothing away: <value>
    Given I send PUT "/_connector/{connector}/_features" with the body:
      """
      {"features": {"sync_rules": {"basic": {"enabled": true}}}}
      """
    When I send PUT "/_connector/{connector}/_features" with the body:
      """
      {"features": <value>}
      """
    Then the update is accepted as one that changes nothing
    And the connector is unchanged

    Examples:
      | value              |
      | {}                 |
      | {"sync_rules": {}} |

  @id:connector.features.boolean @req:connector.features.boolean
  Scenario Outline: enabled of <feature> may be <value>
    Given I send PUT "/_connector/{connector}/_features" with the body:
      """
      {"features": <from>}
      """
    When I send PUT "/_connector/{connector}/_features" with the body:
      """
      {"features": <to>}
      """
    Then the response status is 200
    And the connector at "/features/<feature>/enabled" equals <stored>

    Examples:
      | feature                   | value   | stored | from                                             | to                                                 |
      | document_level_security   | "true"  | true   | {"document_level_security": {"enabled": false}}  | {"document_level_security": {"enabled": "true"}}   |
      | incremental_sync          | "false" | false  | {"incremental_sync": {"enabled": true}}          | {"incremental_sync": {"enabled": "false"}}         |
      | native_connector_api_keys | ""      | false  | {"native_connector_api_keys": {"enabled": true}} | {"native_connector_api_keys": {"enabled": ""}}     |
      | sync_rules/basic          | "true"  | true   | {"sync_rules": {"basic": {"enabled": false}}}    | {"sync_rules": {"basic": {"enabled": "true"}}}     |
      | sync_rules/advanced       | "false" | false  | {"sync_rules": {"advanced": {"enabled": true}}}  | {"sync_rules": {"advanced": {"enabled": "false"}}} |

  @id:connector.features.boolean.rejected @req:connector.features.boolean
  Scenario Outline: enabled of <feature> may not be "<value>"
    When I send PUT "/_connector/{connector}/_features" with the body:
      """
      {"features": <to>}
      """
    Then the request is rejected as "x_content_parse_exception" because "failed to parse field [features]"
    And the response body contains "Failed to parse value [<value>] as only [true] or [false] are allowed."
    And the connector is unchanged

    Examples:
      | feature                   | value | to                                              |
      | document_level_security   | yes   | {"document_level_security": {"enabled": "yes"}} |
      | incremental_sync          | TRUE  | {"incremental_sync": {"enabled": "TRUE"}}       |
      | native_connector_api_keys | 1     | {"native_connector_api_keys": {"enabled": "1"}} |
      | sync_rules/basic          | no    | {"sync_rules": {"basic": {"enabled": "no"}}}    |
      | sync_rules/advanced       | on    | {"sync_rules": {"advanced": {"enabled": "on"}}} |

  @id:connector.features.type @req:connector.features.type
  Scenario Outline: <field> may not be <value>
    When I send PUT "/_connector/{connector}/_features" with the body:
      """
      {"features": <to>}
      """
    Then the request is rejected as "x_content_parse_exception" because "[connector_update_features_request] failed to parse field [features]"
    And the response body contains "<field> doesn't support values of type: <type>"
    And the connector is unchanged

    Examples:
      | field                     | value | type          | to                                             |
      | enabled                   | 7     | VALUE_NUMBER  | {"document_level_security": {"enabled": 7}}    |
      | enabled                   | null  | VALUE_NULL    | {"incremental_sync": {"enabled": null}}        |
      | enabled                   | []    | START_ARRAY   | {"native_connector_api_keys": {"enabled": []}} |
      | enabled                   | {}    | START_OBJECT  | {"sync_rules": {"basic": {"enabled": {}}}}     |
      | enabled                   | 7     | VALUE_NUMBER  | {"sync_rules": {"advanced": {"enabled": 7}}}   |
      | document_level_security   | true  | VALUE_BOOLEAN | {"document_level_security": true}              |
      | document_level_security   | null  | VALUE_NULL    | {"document_level_security": null}              |
      | document_level_security   | []    | START_ARRAY   | {"document_level_security": []}                |
      | document_level_security   | "x"   | VALUE_STRING  | {"document_level_security": "x"}               |
      | incremental_sync          | true  | VALUE_BOOLEAN | {"incremental_sync": true}                     |
      | incremental_sync          | null  | VALUE_NULL    | {"incremental_sync": null}                     |
      | incremental_sync          | []    | START_ARRAY   | {"incremental_sync": []}                       |
      | incremental_sync          | "x"   | VALUE_STRING  | {"incremental_sync": "x"}                      |
      | native_connector_api_keys | true  | VALUE_BOOLEAN | {"native_connector_api_keys": true}            |
      | native_connector_api_keys | null  | VALUE_NULL    | {"native_connector_api_keys": null}            |
      | native_connector_api_keys | []    | START_ARRAY   | {"native_connector_api_keys": []}              |
      | native_connector_api_keys | "x"   | VALUE_STRING  | {"native_connector_api_keys": "x"}             |
      | sync_rules                | true  | VALUE_BOOLEAN | {"sync_rules": true}                           |
      | sync_rules                | null  | VALUE_NULL    | {"sync_rules": null}                           |
      | sync_rules                | []    | START_ARRAY   | {"sync_rules": []}                             |
      | sync_rules                | "x"   | VALUE_STRING  | {"sync_rules": "x"}                            |
      | basic                     | true  | VALUE_BOOLEAN | {"sync_rules": {"basic": true}}                |
      | basic                     | null  | VALUE_NULL    | {"sync_rules": {"basic": null}}                |
      | advanced                  | true  | VALUE_BOOLEAN | {"sync_rules": {"advanced": true}}             |
      | advanced                  | null  | VALUE_NULL    | {"sync_rules": {"advanced": null}}             |

  @id:connector.features.type.outer @req:connector.features.type
  Scenario Outline: features may not be <value>
    When I send PUT "/_connector/{connector}/_features" with the body:
      """
      {"features": <value>}
      """
    Then the request is rejected as "x_content_parse_exception" because "[connector_update_features_request] features doesn't support values of type: <type>"
    And the connector is unchanged

    Examples:
      | value | type          |
      | 7     | VALUE_NUMBER  |
      | true  | VALUE_BOOLEAN |
      | "x"   | VALUE_STRING  |
      | []    | START_ARRAY   |
      | null  | VALUE_NULL    |

  @id:connector.features.enabled @req:connector.features.enabled
  Scenario Outline: <feature> may not be without enabled
    When I send PUT "/_connector/{connector}/_features" with the body:
      """
      {"features": <value>}
      """
    Then the request is rejected as "x_content_parse_exception" because "[connector_update_features_request] failed to parse field [features]"
    And the connector is unchanged

    Examples:
      | feature                   | value                             |
      | document_level_security   | {"document_level_security": {}}   |
      | incremental_sync          | {"incremental_sync": {}}          |
      | native_connector_api_keys | {"native_connector_api_keys": {}} |
      | sync_rules/basic          | {"sync_rules": {"basic": {}}}     |
      | sync_rules/advanced       | {"sync_rules": {"advanced": {}}}  |

  @id:connector.features.enabled-in-words @req:connector.features.enabled-in-words
  Scenario Outline: Nothing of the inside of the server is told where enabled of <feature> is missing
    When I send PUT "/_connector/{connector}/_features" with the body:
      """
      {"features": <value>}
      """
    Then the response status is 400
    And the response at "/error/caused_by/caused_by/caused_by/type" does not equal "null_pointer_exception"

    Examples:
      | feature                   | value                             |
      | document_level_security   | {"document_level_security": {}}   |
      | incremental_sync          | {"incremental_sync": {}}          |
      | native_connector_api_keys | {"native_connector_api_keys": {}} |

  @id:connector.features.unknown-field @req:connector.features.unknown-field
  Scenario Outline: What nobody knows is dropped: <value>
    Given I send PUT "/_connector/{connector}/_features" with the body:
      """
      {"features": {"sync_rules": {"basic": {"enabled": true}}}}
      """
    When I send PUT "/_connector/{connector}/_features" with the body:
      """
      {"features": <value>}
      """
    Then the update is accepted as one that changes nothing
    And the connector is unchanged

    Examples:
      | value                                                       |
      | {"surprise": {"enabled": true}}                             |
      | {"sync_rules": {"surprise": {"enabled": true}}}             |
      | {"sync_rules": {"basic": {"enabled": true, "surprise": 1}}} |

  @id:connector.features.none @req:connector.features.none
  Scenario Outline: An empty object is no error of the server: <case>
    Given <given>
    When I send PUT "/_connector/{connector}/_features" with the body:
      """
      {}
      """
    Then the response at "/status" does not equal 500

    Examples:
      | case                            | given                       |
      | for a connector                 | a connector                 |
      | for an id that no connector has | an id that no connector has |
