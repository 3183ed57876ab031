@contract @since:8.18.0
Feature: When a connector syncs

  Background:
    Given a connector

  @id:connector.scheduling.stored @req:connector.scheduling.stored
  Scenario Outline: The schedule <kind> is stored, and the others stay
    When I send PUT "/_connector/{connector}/_scheduling" with the body:
      """
      {"scheduling": {"<kind>": {"enabled": true, "interval": "0 0 1 * * ?"}}}
      """
    Then the response status is 200
    And the connector at "/scheduling/<kind>" is the JSON:
      """
      {"enabled": true, "interval": "0 0 1 * * ?"}
      """
    And only these fields of the connector have changed:
      | /scheduling/<kind>/enabled  |
      | /scheduling/<kind>/interval |

    Examples:
      | kind        |
      | full        |
      | incremental |

  @id:connector.scheduling.all @req:connector.scheduling.stored
  Scenario: All three schedules are stored
    When I send PUT "/_connector/{connector}/_scheduling" with the body:
      """
      {"scheduling": {"full": {"enabled": true, "interval": "0 0 1 * * ?"}, "incremental": {"enabled": true, "interval": "0 0 2 * * ?"}, "access_control": {"enabled": true, "interval": "0 0 3 * * ?"}}}
      """
    Then the response status is 200
    And the connector at "/scheduling" is the JSON:
      """
      {"full": {"enabled": true, "interval": "0 0 1 * * ?"}, "incremental": {"enabled": true, "interval": "0 0 2 * * ?"}, "access_control": {"enabled": true, "interval": "0 0 3 * * ?"}}
      """

  @id:connector.scheduling.given @req:connector.scheduling.given
  Scenario Outline: <kinds> leave the third as it is
    Given I send PUT "/_connector/{connector}/_scheduling" with the body:
      """
      {"scheduling": {"full": {"enabled": true, "interval": "0 0 1 * * ?"}, "incremental": {"enabled": true, "interval": "0 0 2 * * ?"}, "access_control": {"enabled": true, "interval": "0 0 3 * * ?"}}}
      """
    When I send PUT "/_connector/{connector}/_scheduling" with the body:
      """
      {"scheduling": <value>}
      """
    Then the response status is 200
    And the connector at "/scheduling/<third>/enabled" equals true

    Examples:
      | kinds                          | third          | value                                                                                                                    |
      | full and incremental           | access_control | {"full": {"enabled": false, "interval": "0 0 4 * * ?"}, "incremental": {"enabled": false, "interval": "0 0 4 * * ?"}}    |
      | full and access_control        | incremental    | {"full": {"enabled": false, "interval": "0 0 4 * * ?"}, "access_control": {"enabled": false, "interval": "0 0 4 * * ?"}} |
      | incremental and access_control | full           | {"incremental": {"enabled": false, "interval": "0 0 4 * * ?"}, "access_control": {"enabled": false, "interval": "0 0 4 * * ?"}} |

  @id:connector.scheduling.none @req:connector.scheduling.none
  Scenario Outline: The scheduling <value> has no schedule
    When I send PUT "/_connector/{connector}/_scheduling" with the body:
      """
      {"scheduling": <value>}
      """
    Then the request is rejected as "action_request_validation_exception" because "[scheduling] object needs to define at least one schedule type: [full | incremental | access_control]"
    And the connector is unchanged

    Examples:
      | value                                                      |
      | {}                                                         |
      | {"surprise": {"enabled": true, "interval": "0 0 0 * * ?"}} |
      | {"surprise": 1}                                            |

  @id:connector.scheduling.access-control-alone @req:connector.scheduling.access-control-alone
  Scenario: A schedule for access control is enough
    When I send PUT "/_connector/{connector}/_scheduling" with the body:
      """
      {"scheduling": {"access_control": {"enabled": true, "interval": "0 0 1 * * ?"}}}
      """
    Then the response status is 200
    And only these fields of the connector have changed:
      | /scheduling/access_control/enabled  |
      | /scheduling/access_control/interval |

  @id:connector.scheduling.required @req:connector.scheduling.required
  Scenario Outline: The schedule <kind> may not be without <fields>
    When I send PUT "/_connector/{connector}/_scheduling" with the body:
      """
      {"scheduling": {"<kind>": <value>}}
      """
    Then the request is rejected as "x_content_parse_exception" because "[connector_update_scheduling_request] failed to parse field [scheduling]"
    And the response body contains "Required [<fields>]"
    And the connector is unchanged

    Examples:
      | kind           | fields            | value                       |
      | full           | interval          | {"enabled": true}           |
      | full           | enabled           | {"interval": "0 0 0 * * ?"} |
      | full           | enabled, interval | {}                          |
      | incremental    | interval          | {"enabled": true}           |
      | incremental    | enabled           | {"interval": "0 0 0 * * ?"} |
      | incremental    | enabled, interval | {}                          |
      | access_control | interval          | {"enabled": true}           |
      | access_control | enabled           | {"interval": "0 0 0 * * ?"} |
      | access_control | enabled, interval | {}                          |

  @id:connector.scheduling.type @req:connector.scheduling.type
  Scenario Outline: <field> may not be <value>
    When I send PUT "/_connector/{connector}/_scheduling" with the body:
      """
      <body>
      """
    Then the request is rejected as "x_content_parse_exception" because "failed to parse field [scheduling]"
    And the response body contains "<field> doesn't support values of type: <type>"
    And the connector is unchanged

    Examples:
      | field    | value | type          | body                                                                   |
      | interval | 7     | VALUE_NUMBER  | {"scheduling": {"full": {"enabled": true, "interval": 7}}}             |
      | interval | null  | VALUE_NULL    | {"scheduling": {"full": {"enabled": true, "interval": null}}}          |
      | interval | true  | VALUE_BOOLEAN | {"scheduling": {"full": {"enabled": true, "interval": true}}}          |
      | interval | []    | START_ARRAY   | {"scheduling": {"full": {"enabled": true, "interval": []}}}            |
      | enabled  | 7     | VALUE_NUMBER  | {"scheduling": {"full": {"enabled": 7, "interval": "0 0 1 * * ?"}}}    |
      | enabled  | null  | VALUE_NULL    | {"scheduling": {"full": {"enabled": null, "interval": "0 0 1 * * ?"}}} |
      | enabled  | []    | START_ARRAY   | {"scheduling": {"full": {"enabled": [], "interval": "0 0 1 * * ?"}}}   |
      | enabled  | {}    | START_OBJECT  | {"scheduling": {"full": {"enabled": {}, "interval": "0 0 1 * * ?"}}}   |
      | full     | 7     | VALUE_NUMBER  | {"scheduling": {"full": 7}}                                            |
      | full     | null  | VALUE_NULL    | {"scheduling": {"full": null}}                                         |
      | full     | "x"   | VALUE_STRING  | {"scheduling": {"full": "x"}}                                          |
      | full     | []    | START_ARRAY   | {"scheduling": {"full": []}}                                           |

  @id:connector.scheduling.type.outer @req:connector.scheduling.type
  Scenario Outline: scheduling may not be <value>
    When I send PUT "/_connector/{connector}/_scheduling" with the body:
      """
      {"scheduling": <value>}
      """
    Then the request is rejected as "x_content_parse_exception" because "[connector_update_scheduling_request] scheduling doesn't support values of type: <type>"
    And the connector is unchanged

    Examples:
      | value | type         |
      | null  | VALUE_NULL   |
      | 7     | VALUE_NUMBER |
      | "x"   | VALUE_STRING |
      | []    | START_ARRAY  |

  @id:connector.scheduling.boolean @req:connector.scheduling.boolean
  Scenario Outline: enabled may be <value>
    Given I send PUT "/_connector/{connector}/_scheduling" with the body:
      """
      {"scheduling": {"full": {"enabled": <from>, "interval": "0 0 1 * * ?"}}}
      """
    When I send PUT "/_connector/{connector}/_scheduling" with the body:
      """
      {"scheduling": {"full": {"enabled": <value>, "interval": "0 0 1 * * ?"}}}
      """
    Then the response status is 200
    And the connector at "/scheduling/full/enabled" equals <stored>

    Examples:
      | from  | value   | stored |
      | false | "true"  | true   |
      | true  | "false" | false  |
      | true  | ""      | false  |

  @id:connector.scheduling.boolean.rejected @req:connector.scheduling.boolean
  Scenario Outline: enabled may not be "<value>"
    When I send PUT "/_connector/{connector}/_scheduling" with the body:
      """
      {"scheduling": {"full": {"enabled": "<value>", "interval": "0 0 1 * * ?"}}}
      """
    Then the request is rejected as "x_content_parse_exception" because "failed to parse field [scheduling]"
    And the response body contains "Failed to parse value [<value>] as only [true] or [false] are allowed."
    And the connector is unchanged

    Examples:
      | value |
      | yes   |
      | TRUE  |
      | 1     |

  @id:connector.scheduling.unknown-field @req:connector.scheduling.unknown-field
  Scenario Outline: What nobody knows is dropped: <value>
    When I send PUT "/_connector/{connector}/_scheduling" with the body:
      """
      {"scheduling": <value>}
      """
    Then the response status is 200
    And the connector at "/scheduling" is the JSON:
      """
      {"full": {"enabled": true, "interval": "0 0 1 * * ?"}, "incremental": {"enabled": false, "interval": "0 0 0 * * ?"}, "access_control": {"enabled": false, "interval": "0 0 0 * * ?"}}
      """

    Examples:
      | value                                                                                                            |
      | {"full": {"enabled": true, "interval": "0 0 1 * * ?", "surprise": 1}}                                            |
      | {"full": {"enabled": true, "interval": "0 0 1 * * ?"}, "surprise": {"enabled": true, "interval": "0 0 0 * * ?"}} |

  @id:connector.scheduling.cron.valid @req:connector.scheduling.cron.valid
  Scenario Outline: The interval <cron>
    When I send PUT "/_connector/{connector}/_scheduling" with the body:
      """
      {"scheduling": {"full": {"enabled": true, "interval": "<cron>"}}}
      """
    Then the response status is 200
    And the connector at "/scheduling/full/interval" equals "<cron>"

    Examples:
      | cron                |
      | 0 0 0 * * ?         |
      | 0  0  0  *  *  ?    |
      | 0 30 12 ? * MON-FRI |
      | 0 0/5 14,18 * * ?   |
      | 0 0 0 1 1 ? 2099    |
      | 0 0 0 L * ?         |
      | 0 0 0 ? * 6L        |
      | 0 0 0 ? * 6#3       |
      | 0 0 0 15W * ?       |
      | * * * * * ?         |
      | 0 0 0 ? JAN-MAR SUN |

  @id:connector.scheduling.cron.invalid @req:connector.scheduling.cron.invalid
  Scenario Outline: Not the interval <cron>
    When I send PUT "/_connector/{connector}/_scheduling" with the body:
      """
      {"scheduling": {"full": {"enabled": true, "interval": "<cron>"}}}
      """
    Then the request is rejected as "x_content_parse_exception" because "[connector_update_scheduling_request] failed to parse field [scheduling]"
    And the response body contains "invalid cron expression [<cron>]"
    And the connector is unchanged

    Examples:
      | cron           |
      |                |
      | every day      |
      | 0 0 0 * *      |
      | 0 0 0 * * *    |
      | 60 0 0 * * ?   |
      | 0 60 0 * * ?   |
      | 0 0 24 * * ?   |
      | 0 0 0 32 * ?   |
      | 0 0 0 * 13 ?   |
      | 0 0 0 ? * 8    |
      | 0 0 0 ? * ?    |
      | 0 0 0 * * MON? |

  @id:connector.scheduling.whole @req:connector.scheduling.whole
  Scenario Outline: A bad schedule <kind> keeps the others from being stored
    When I send PUT "/_connector/{connector}/_scheduling" with the body:
      """
      {"scheduling": <value>}
      """
    Then the request is rejected as "x_content_parse_exception" because "failed to parse field [scheduling]"
    And the connector is unchanged

    Examples:
      | kind           | value                                                                                                                    |
      | full           | {"full": {"enabled": true, "interval": "bad"}, "incremental": {"enabled": true, "interval": "0 0 1 * * ?"}, "access_control": {"enabled": true, "interval": "0 0 1 * * ?"}} |
      | incremental    | {"full": {"enabled": true, "interval": "0 0 1 * * ?"}, "incremental": {"enabled": true, "interval": "bad"}, "access_control": {"enabled": true, "interval": "0 0 1 * * ?"}} |
      | access_control | {"full": {"enabled": true, "interval": "0 0 1 * * ?"}, "incremental": {"enabled": true, "interval": "0 0 1 * * ?"}, "access_control": {"enabled": true, "interval": "bad"}} |
