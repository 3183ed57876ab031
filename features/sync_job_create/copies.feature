@contract @since:8.12.0
Feature: What a sync job copies of its connector
  A sync job keeps what its connector was when it was created.

  @id:sync-job.create.copies.described @req:sync-job.create.copies
  Scenario: A connector with every field is copied
    Given a connector of the fixture "described.json" with a pending sync job
    When a sync job is requested with the body {"id":"{connector}"}
    Then a new sync job is created
    And the copy of the connector holds at "/id" the value "{connector}"
    And the copy of the connector holds at "/language" the value "en"
    And the copy of the connector holds at "/service_type" the value "sharepoint_online"
    And the copy of the connector holds at "/index_name" the value "{index}"
    And the copy of the connector holds nothing at "/name"
    And the copy of the connector holds nothing at "/description"

  @id:sync-job.create.copies.none @req:sync-job.create.copies
  Scenario Outline: What a connector does not have is left out: <field>
    Given a connector of its own with a pending sync job
    When a sync job is requested with the body {"id":"{connector}"}
    Then a new sync job is created
    And the copy of the connector holds nothing at "/<field>"

    Examples:
      | field       |
      | language    |
      | pipeline    |
      | sync_cursor |

  @id:sync-job.create.copies.pipeline @req:sync-job.create.copies
  Scenario: The pipeline is copied
    Given a connector of its own with a pending sync job
    And I send PUT "/_connector/{connector}/_pipeline" with the body:
      """
      {"pipeline": {"name": "my-pipeline", "extract_binary_content": true, "reduce_whitespace": false, "run_ml_inference": true}}
      """
    And the response status is 200
    When a sync job is requested with the body {"id":"{connector}"}
    Then a new sync job is created
    And the copy of the connector holds at "/pipeline" the value {"name":"my-pipeline","extract_binary_content":true,"reduce_whitespace":false,"run_ml_inference":true}

  @id:sync-job.create.copies.configuration @req:sync-job.create.copies
  Scenario: The configuration is copied
    Given a connector of its own with a pending sync job
    And I send PUT "/_connector/{connector}/_configuration" with the body:
      """
      {"configuration": {"url": {"label": "Address", "type": "str", "value": "https://example.org", "order": 1, "required": true, "sensitive": false, "default_value": null, "depends_on": [], "display": "textbox", "options": [], "tooltip": "", "ui_restrictions": [], "validations": []}}}
      """
    And the response status is 200
    When a sync job is requested with the body {"id":"{connector}"}
    Then a new sync job is created
    And the copy of the connector holds at "/configuration/url/label" the value "Address"
    And the copy of the connector holds at "/configuration/url/value" the value "https://example.org"

  @id:sync-job.create.copies-filtering @req:sync-job.create.copies-filtering @since:8.12.1
  Scenario: The active filtering is copied, and not the draft
    Given a connector of its own with a pending sync job
    And I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"rules": [
        {"id": "R1", "field": "f", "order": 0, "policy": "include", "rule": "equals", "value": "v", "created_at": "2023-06-30T12:30:00Z", "updated_at": "2023-06-30T12:30:00Z"},
        {"id": "DEFAULT", "field": "_", "order": 1, "policy": "include", "rule": "regex", "value": ".*", "created_at": "2023-06-30T12:30:00Z", "updated_at": "2023-06-30T12:30:00Z"}
      ]}
      """
    And the response status is 200
    When a sync job is requested with the body {"id":"{connector}"}
    Then a new sync job is created
    And the copy of the connector holds at "/filtering/rules/0/id" the value "DEFAULT"
    And the copy of the connector holds nothing at "/filtering/rules/1"
    And the copy of the connector holds nothing at "/filtering/draft"

  @id:sync-job.create.copies-filtering.activated @req:sync-job.create.copies-filtering @since:8.12.1
  Scenario: A draft that was activated is copied
    Given a connector of its own with a pending sync job
    And I send PUT "/_connector/{connector}/_filtering" with the body:
      """
      {"rules": [
        {"id": "R1", "field": "f", "order": 0, "policy": "exclude", "rule": "equals", "value": "v", "created_at": "2023-06-30T12:30:00Z", "updated_at": "2023-06-30T12:30:00Z"},
        {"id": "DEFAULT", "field": "_", "order": 1, "policy": "include", "rule": "regex", "value": ".*", "created_at": "2023-06-30T12:30:00Z", "updated_at": "2023-06-30T12:30:00Z"}
      ]}
      """
    And the response status is 200
    And I send PUT "/_connector/{connector}/_filtering/_validation" with the body:
      """
      {"validation": {"errors": [], "state": "valid"}}
      """
    And the response status is 200
    And I send PUT "/_connector/{connector}/_filtering/_activate"
    And the response status is 200
    When a sync job is requested with the body {"id":"{connector}"}
    Then a new sync job is created
    And the copy of the connector holds at "/filtering/rules/0/id" the value "R1"
    And the copy of the connector holds at "/filtering/rules/0/policy" the value "exclude"
    And the copy of the connector holds at "/filtering/rules/1/id" the value "DEFAULT"

  @id:sync-job.create.access-control-index @req:sync-job.create.access-control-index @since:8.15.0
  Scenario Outline: The index name of a sync job of the type <job_type> is <prefix> and that of the connector
    Given a connector of the fixture "described.json" with a pending sync job
    When a sync job is requested with the body {"id":"{connector}","job_type":"<job_type>"}
    Then a new sync job is created
    And the copy of the connector holds at "/index_name" the value "<prefix>{index}"

    Examples:
      | job_type       | prefix              |
      | full           |                     |
      | incremental    |                     |
      | access_control | .search-acl-filter- |

  @id:sync-job.create.copy-stays @req:sync-job.create.copy-stays
  Scenario Outline: The sync job keeps its copy where the <what> of the connector is changed
    Given a connector of the fixture "described.json" with a pending sync job
    When I send PUT "/_connector/{connector}/<call>" with <body>
    Then the response status is 200
    And the sync job is unchanged
    When a sync job is requested with the body {"id":"{connector}"}
    Then a new sync job is created
    And the copy of the connector holds at "/<field>" the value <value>

    Examples:
      | what         | call          | body                                                                                                     | field         | value               |
      | service type | _service_type | {"service_type":"google_drive"}                                                                          | service_type  | "google_drive"      |
      | name         | _name         | {"name":"new"}                                                                                           | service_type  | "sharepoint_online" |
      | index name   | _index_name   | {"index_name":"{index}-2"}                                                                               | index_name    | "{index}-2"         |
      | pipeline     | _pipeline     | {"pipeline":{"name":"p","extract_binary_content":true,"reduce_whitespace":true,"run_ml_inference":true}} | pipeline/name | "p"                 |

  @id:sync-job.create.copy-stays.deleted @req:sync-job.create.copy-stays
  Scenario: The sync job keeps its copy where the connector is deleted
    Given a connector of its own with a pending sync job
    When I send DELETE "/_connector/{connector}"
    Then the response status is 200
    And the sync job is unchanged
