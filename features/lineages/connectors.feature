@contract @direct-write @since:8.15.0
Feature: Connectors that older versions have left

  @id:lineages.connector.read @req:lineages.connector.read
  Scenario Outline: A connector of an older version is read and listed as it is stored: <document>
    Given a connector that another program has stored as the fixture "<document>"
    When I send GET "/_connector/{connector}"
    Then the response status is 200
    And the connector is read and listed as it is stored

    Examples:
      | document       |
      | 8.8/connector  |
      | 8.10/connector |
      | 8.12/connector |
      | 8.15/connector |

  @since:8.18.0 @id:lineages.connector.check-in @req:lineages.connector.check-in
  Scenario Outline: A connector of an older version is checked in: <document>
    Given a connector that another program has stored as the fixture "<document>"
    When I send PUT "/_connector/{connector}/_check_in"
    Then the response status is 200
    And the connector at "/last_seen" equals "<time>"
    And only these fields of the connector have changed:
      | last_seen |

    Examples:
      | document       |
      | 8.8/connector  |
      | 8.10/connector |
      | 8.12/connector |
      | 8.15/connector |

  @since:8.18.0 @id:lineages.connector.last-sync @req:lineages.connector.last-sync
  Scenario Outline: The last sync of a connector of an older version is set: <document>
    Given a connector that another program has stored as the fixture "<document>"
    When I send PUT "/_connector/{connector}/_last_sync" with {"last_sync_status":"completed","last_indexed_document_count":7}
    Then the response status is 200
    And only these fields of the connector have changed:
      | last_sync_status            | "completed" |
      | last_indexed_document_count | 7           |

    Examples:
      | document       |
      | 8.10/connector |
      | 8.12/connector |
      | 8.15/connector |
