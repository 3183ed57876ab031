@contract @direct-write @since:8.15.0
Feature: Connectors that other programs have stored

  @id:other-writers.connector.read @req:other-writers.connector.read
  Scenario Outline: A connector is read and listed as it is stored: <case>
    Given a connector that another program has stored as the fixture "<file>"
    When I send GET "/_connector/{connector}"
    Then the response status is 200
    And the connector is read and listed as it is stored

    Examples:
      | case                                  | file                        |
      | explicit nulls, as Kibana writes them | connector-kibana.json       |
      | an advanced snippet that is a list    | connector-snippet-list.json |

  @id:other-writers.connector.sync-job @req:other-writers.connector.sync-job
  Scenario Outline: A sync job of a connector can be created: <case>, <job_type>
    Given a connector that another program has stored as the fixture "<file>"
    When a sync job is requested with the body {"id":"{connector}","job_type":"<job_type>"}
    Then a new sync job is created
    And the new sync job is stored with a copy of its connector and exactly:
      | status                  | "pending"                |
      | job_type                | "<job_type>"             |
      | trigger_method          | "on_demand"              |
      | created_at              | the time of the creation |
      | last_seen               | the time of the creation |
      | deleted_document_count  | 0                        |
      | indexed_document_count  | 0                        |
      | indexed_document_volume | 0                        |
      | total_document_count    | 0                        |
      | metadata                | {}                       |

    Examples:
      | case                                  | file                        | job_type       |
      | explicit nulls, as Kibana writes them | connector-kibana.json       | full           |
      | explicit nulls, as Kibana writes them | connector-kibana.json       | incremental    |
      | explicit nulls, as Kibana writes them | connector-kibana.json       | access_control |
      | an advanced snippet that is a list    | connector-snippet-list.json | full           |
      | an advanced snippet that is a list    | connector-snippet-list.json | incremental    |
      | an advanced snippet that is a list    | connector-snippet-list.json | access_control |
