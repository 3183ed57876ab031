@contract @since:8.18.0
Feature: The ingest pipeline of a connector

  Background:
    Given a connector

  @id:connector.pipeline.stored @req:connector.pipeline.stored
  Scenario Outline: The pipeline <value>
    When I send PUT "/_connector/{connector}/_pipeline" with the body:
      """
      {"pipeline": <value>}
      """
    Then the response status is 200
    And the connector at "/pipeline" is the JSON:
      """
      <value>
      """
    And only these fields of the connector have changed:
      | /pipeline |

    Examples:
      | value                                                                                                    |
      | {"name": "p", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": true}      |
      | {"name": " P ", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": true}    |
      | {"name": "", "extract_binary_content": false, "reduce_whitespace": false, "run_ml_inference": true}      |
      | {"name": "ünï ✓", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": false} |
      | {"name": "p", "extract_binary_content": true, "reduce_whitespace": true, "run_ml_inference": true}       |

  @id:connector.pipeline.replaced @req:connector.pipeline.stored
  Scenario Outline: A second pipeline changes <field> alone
    Given I send PUT "/_connector/{connector}/_pipeline" with the body:
      """
      {"pipeline": {"name": "p", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": true}}
      """
    When I send PUT "/_connector/{connector}/_pipeline" with the body:
      """
      {"pipeline": <value>}
      """
    Then the response status is 200
    And only these fields of the connector have changed:
      | /pipeline/<field> |

    Examples:
      | field                  | value                                                                                                |
      | name                   | {"name": "q", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": true}  |
      | extract_binary_content | {"name": "p", "extract_binary_content": false, "reduce_whitespace": false, "run_ml_inference": true} |
      | reduce_whitespace      | {"name": "p", "extract_binary_content": true, "reduce_whitespace": true, "run_ml_inference": true}   |
      | run_ml_inference       | {"name": "p", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": false} |

  @id:connector.pipeline.required @req:connector.pipeline.required
  Scenario Outline: A pipeline without <fields> is rejected
    When I send PUT "/_connector/{connector}/_pipeline" with the body:
      """
      {"pipeline": <value>}
      """
    Then the request is rejected as "x_content_parse_exception" because "[connector_update_pipeline_request] failed to parse field [pipeline]"
    And the response at "/error/caused_by/reason" equals "Required [<fields>]"
    And the connector is unchanged

    Examples:
      | fields                                                            | value                                                                                  |
      | name                                                              | {"extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": true} |
      | extract_binary_content                                            | {"name": "p", "reduce_whitespace": false, "run_ml_inference": true}                    |
      | reduce_whitespace                                                 | {"name": "p", "extract_binary_content": true, "run_ml_inference": true}                |
      | run_ml_inference                                                  | {"name": "p", "extract_binary_content": true, "reduce_whitespace": false}              |
      | extract_binary_content, name, reduce_whitespace, run_ml_inference | {}                                                                                     |
      | reduce_whitespace, run_ml_inference                               | {"name": "p", "extract_binary_content": true}                                          |

  @id:connector.pipeline.type @req:connector.pipeline.type
  Scenario Outline: <field> may not be <value>
    When I send PUT "/_connector/{connector}/_pipeline" with the body:
      """
      {"pipeline": <pipeline>}
      """
    Then the request is rejected as "x_content_parse_exception" because "[connector_update_pipeline_request] failed to parse field [pipeline]"
    And the response at "/error/caused_by/reason" contains "[connector_ingest_pipeline] <field> doesn't support values of type: <type>"
    And the connector is unchanged

    Examples:
      | field                  | value | type         | pipeline                                                                                             |
      | name                   | 7     | VALUE_NUMBER | {"name": 7, "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": true}    |
      | name                   | null  | VALUE_NULL   | {"name": null, "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": true} |
      | name                   | []    | START_ARRAY  | {"name": [], "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": true}   |
      | name                   | {}    | START_OBJECT | {"name": {}, "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": true}   |
      | extract_binary_content | 7     | VALUE_NUMBER | {"name": "p", "extract_binary_content": 7, "reduce_whitespace": false, "run_ml_inference": true}     |
      | extract_binary_content | null  | VALUE_NULL   | {"name": "p", "extract_binary_content": null, "reduce_whitespace": false, "run_ml_inference": true}  |
      | extract_binary_content | []    | START_ARRAY  | {"name": "p", "extract_binary_content": [], "reduce_whitespace": false, "run_ml_inference": true}    |
      | extract_binary_content | {}    | START_OBJECT | {"name": "p", "extract_binary_content": {}, "reduce_whitespace": false, "run_ml_inference": true}    |
      | reduce_whitespace      | 7     | VALUE_NUMBER | {"name": "p", "extract_binary_content": true, "reduce_whitespace": 7, "run_ml_inference": true}      |
      | reduce_whitespace      | null  | VALUE_NULL   | {"name": "p", "extract_binary_content": true, "reduce_whitespace": null, "run_ml_inference": true}   |
      | reduce_whitespace      | []    | START_ARRAY  | {"name": "p", "extract_binary_content": true, "reduce_whitespace": [], "run_ml_inference": true}     |
      | reduce_whitespace      | {}    | START_OBJECT | {"name": "p", "extract_binary_content": true, "reduce_whitespace": {}, "run_ml_inference": true}     |
      | run_ml_inference       | 7     | VALUE_NUMBER | {"name": "p", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": 7}     |
      | run_ml_inference       | null  | VALUE_NULL   | {"name": "p", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": null}  |
      | run_ml_inference       | []    | START_ARRAY  | {"name": "p", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": []}    |
      | run_ml_inference       | {}    | START_OBJECT | {"name": "p", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": {}}    |

  @id:connector.pipeline.boolean @req:connector.pipeline.boolean
  Scenario Outline: <field> may be <value>
    When I send PUT "/_connector/{connector}/_pipeline" with the body:
      """
      {"pipeline": <pipeline>}
      """
    Then the response status is 200
    And the connector at "/pipeline/<field>" equals <stored>

    Examples:
      | field                  | value   | stored | pipeline                                                                                              |
      | extract_binary_content | "true"  | true   | {"name": "p", "extract_binary_content": "true", "reduce_whitespace": false, "run_ml_inference": true} |
      | reduce_whitespace      | "false" | false  | {"name": "p", "extract_binary_content": true, "reduce_whitespace": "false", "run_ml_inference": true} |
      | run_ml_inference       | ""      | false  | {"name": "p", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": ""}     |

  @id:connector.pipeline.boolean.rejected @req:connector.pipeline.boolean
  Scenario Outline: <field> may not be "<value>"
    When I send PUT "/_connector/{connector}/_pipeline" with the body:
      """
      {"pipeline": <pipeline>}
      """
    Then the request is rejected as "x_content_parse_exception" because "failed to parse field [pipeline]"
    And the response body contains "Failed to parse value [<value>] as only [true] or [false] are allowed."
    And the connector is unchanged

    Examples:
      | field                  | value | pipeline                                                                                             |
      | extract_binary_content | yes   | {"name": "p", "extract_binary_content": "yes", "reduce_whitespace": false, "run_ml_inference": true} |
      | reduce_whitespace      | TRUE  | {"name": "p", "extract_binary_content": true, "reduce_whitespace": "TRUE", "run_ml_inference": true} |
      | run_ml_inference       | 1     | {"name": "p", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": "1"}   |

  @id:connector.pipeline.unknown-field @req:connector.pipeline.unknown-field
  Scenario: A part that nobody knows is dropped
    When I send PUT "/_connector/{connector}/_pipeline" with the body:
      """
      {"pipeline": {"name": "p", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": true, "surprise": 1}}
      """
    Then the response status is 200
    And the connector at "/pipeline" is the JSON:
      """
      {"name": "p", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": true}
      """

  @id:connector.pipeline.object @req:connector.pipeline.object
  Scenario Outline: The pipeline may not be <value>
    When I send PUT "/_connector/{connector}/_pipeline" with the body:
      """
      {"pipeline": <value>}
      """
    Then the request is rejected as "x_content_parse_exception" because "[connector_update_pipeline_request] pipeline doesn't support values of type: <type>"
    And the connector is unchanged

    Examples:
      | value | type          |
      | null  | VALUE_NULL    |
      | "p"   | VALUE_STRING  |
      | 7     | VALUE_NUMBER  |
      | true  | VALUE_BOOLEAN |
      | []    | START_ARRAY   |
