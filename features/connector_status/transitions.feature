@contract @since:8.18.0
Feature: Statuses that may follow one another
  Each call that moves the status, from each status.

  @id:connector.status.allowed @req:connector.status.allowed
  Scenario Outline: From <from> to <to>
    Given a connector in the state "<from>"
    And the connector at "/status" equals "<from>"
    When I send PUT "/_connector/{connector}/_status" with the body:
      """
      {"status": "<to>"}
      """
    Then the response status is 200
    And only these fields of the connector have changed:
      | /status |
    And the connector at "/status" equals "<to>"

    Examples:
      | from                | to                  |
      | created             | needs_configuration |
      | created             | error               |
      | needs_configuration | configured          |
      | needs_configuration | error               |
      | configured          | needs_configuration |
      | configured          | connected           |
      | configured          | error               |
      | connected           | configured          |
      | connected           | error               |
      | error               | configured          |
      | error               | connected           |

  @id:connector.status.same @req:connector.status.same
  Scenario Outline: From <from> to <to> is no change
    Given a connector in the state "<from>"
    And the connector at "/status" equals "<from>"
    When I send PUT "/_connector/{connector}/_status" with the body:
      """
      {"status": "<to>"}
      """
    Then the update is accepted as one that changes nothing
    And the connector is unchanged

    Examples:
      | from       | to         |
      | configured | configured |
      | connected  | connected  |
      | error      | error      |

  @id:connector.status.refused @req:connector.status.refused
  Scenario Outline: Not from <from> to <to>
    Given a connector in the state "<from>"
    And the connector at "/status" equals "<from>"
    When I send PUT "/_connector/{connector}/_status" with the body:
      """
      {"status": "<to>"}
      """
    Then the request is rejected as "status_exception" because "Invalid transition attempt from [<from>] to [<to>]. Such a status transition is not supported by the Connector Protocol."
    And the response at "/error/caused_by/type" equals "connector_invalid_status_transition_exception"
    And the response at "/error/caused_by/reason" contains "from [<from>] to [<to>]"
    And the connector is unchanged

    Examples:
      | from                | to                  |
      | created             | created             |
      | created             | configured          |
      | created             | connected           |
      | needs_configuration | created             |
      | needs_configuration | needs_configuration |
      | needs_configuration | connected           |
      | configured          | created             |
      | connected           | created             |
      | connected           | needs_configuration |
      | error               | created             |
      | error               | needs_configuration |

  @id:connector.error.set @req:connector.error.set
  Scenario Outline: An error while <from>
    Given a connector in the state "<from>"
    And the connector at "/status" equals "<from>"
    When I send PUT "/_connector/{connector}/_error" with the body:
      """
      {"error": "boom"}
      """
    Then the response status is 200
    And the connector at "/status" equals "error"
    And the connector at "/error" equals "boom"

    Examples:
      | from                |
      | created             |
      | needs_configuration |
      | configured          |
      | connected           |
      | error               |

  @id:connector.error.cleared @req:connector.error.cleared
  Scenario Outline: No error any more while <from>
    Given a connector in the state "<from>"
    And the connector at "/status" equals "<from>"
    When I send PUT "/_connector/{connector}/_error" with the body:
      """
      {"error": null}
      """
    Then the response status is 200
    And the connector at "/status" equals "connected"
    And the connector at "/error" equals null

    Examples:
      | from                |
      | created             |
      | needs_configuration |
      | configured          |
      | connected           |
      | error               |

  @id:connector.error.empty @req:connector.error.empty
  Scenario Outline: An empty error while <from>
    Given a connector in the state "<from>"
    And the connector at "/status" equals "<from>"
    When I send PUT "/_connector/{connector}/_error" with the body:
      """
      {"error": ""}
      """
    Then the response status is 200
    And the connector at "/status" equals "connected"

    Examples:
      | from                |
      | created             |
      | needs_configuration |
      | configured          |
      | connected           |
      | error               |

  @id:connector.error.empty-kept @req:connector.error.empty-kept
  Scenario: An empty error is none
    Given a connector in the state "error"
    When I send PUT "/_connector/{connector}/_error" with the body:
      """
      {"error": ""}
      """
    Then the response status is 200
    When I send GET "/_connector/{connector}"
    Then the response status is 200
    And the response at "/error" does not equal ""

  @id:connector.status.unknown-stored @req:connector.status.unknown-stored @direct-write
  Scenario Outline: A status that nobody knows does not keep <call> from being sent
    Given a connector of its own
    And the service sends POST "/.elastic-connectors/_update/{connector}" with the body:
      """
      {"doc": {"status": "bogus"}}
      """
    And the response status is 200
    When I send PUT "/_connector/{connector}/<call>" with the body:
      """
      <body>
      """
    Then the response status is 200

    Examples:
      | call          | body                      |
      | _status       | {"status": "error"}       |
      | _service_type | {"service_type": "other"} |
      | _native       | {"is_native": false}      |
