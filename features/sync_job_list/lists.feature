@since:8.12.0
Feature: Lists of sync jobs

  @documented @serial @id:sync-job.list.example @req:sync-job.list.example @req:sync-job.list.route
  Scenario Outline: The documented example <path> is answered with a list
    What others have stored may be of any size, so of the answer only ids are asked for.

    Given a sync job
    And the next request has the query "filter_path=count,results.id,results.connector.id"
    When I send GET "<path>"
    Then the response status is 200
    And the response at "/count" matches "^[1-9][0-9]*$"
    And the response at "/results/0/id" matches "."
    And the response at "/results/0/connector/id" matches "."

    Examples:
      | path                                           |
      | /_connector/_sync_job                          |
      | /_connector/_sync_job?from=0&size=2            |
      | /_connector/_sync_job?status=pending           |
      | /_connector/_sync_job?connector_id={connector} |

  @documented @connector @id:sync-job.list.empty.code @req:sync-job.list.code.200
  Scenario: A connector without sync jobs has a list with nothing in it
    When I send GET "/_connector/_sync_job?connector_id=esconform-no-such-connector"
    Then the response status is 200

  @contract @id:sync-job.list.empty @req:sync-job.list.empty @req:sync-job.list.headers
  Scenario: A list of nothing counts 0
    When I send GET "/_connector/_sync_job?connector_id=esconform-no-such-connector"
    Then the response status is 200
    And the response is the JSON:
      """
      {"count": 0, "results": []}
      """
    And the response header "X-elastic-product" is "Elasticsearch"
    And the answer is of the type "application/json"

  @documented @id:sync-job.list.defaults @req:sync-job.list.defaults
  Scenario: A list shows the first hundred
    Given a connector of its own with a pending sync job
    And 101 sync jobs of the connector are created at once
    When the sync jobs of the connector are listed with "filter_path=count,results.status"
    Then the list counts 102 sync jobs and shows 100
    When the sync jobs of the connector are listed with "from=100&filter_path=count,results.status"
    Then the list counts 102 sync jobs and shows 2

  @contract @id:sync-job.list.burst @req:sync-job.list.burst @since:8.13.0
  Scenario: Sync jobs that are created at once are listed with the newest first
    Given a connector of its own with a pending sync job
    And 24 sync jobs of the connector are created at once
    When the sync jobs of the connector are listed with "filter_path=count,results.created_at"
    Then the list counts 25 sync jobs and shows 25
    And the list is in the order of creation, newest first

  @contract @id:sync-job.list.burst.earlier @req:sync-job.list.burst @until:8.13.0
  Scenario: Sync jobs that are created at once are listed with the oldest first in earlier versions
    Given a connector of its own with a pending sync job
    And 24 sync jobs of the connector are created at once
    When the sync jobs of the connector are listed with "filter_path=count,results.created_at"
    Then the list counts 25 sync jobs and shows 25
    And the list is in the order of creation, oldest first

  @contract @id:sync-job.list.whole @req:sync-job.list.whole @req:sync-job.list.shape
  Scenario: Each sync job is shown as it is stored
    Given a connector of its own with these sync jobs, created one after the other:
      | a | full           | in_progress |
      | b | access_control | canceled    |
      | c | incremental    | pending     |
    When the sync jobs of the connector are listed
    Then the list holds exactly "a, b, c"
    And each listed sync job is shown as it is stored

  @contract @id:sync-job.list.whole.states @req:sync-job.list.whole @req:sync-job.list.shape
  Scenario Outline: A sync job that is <status> is shown as it is stored
    Given a connector of its own with these sync jobs, created one after the other:
      | a | full | <status> |
    When the sync jobs of the connector are listed
    Then the list holds exactly "a"
    And each listed sync job is shown as it is stored

    Examples:
      | status      |
      | in_progress |
      | canceling   |
      | canceled    |
      | error       |

  @contract @id:sync-job.list.whole.unknown-fields @req:sync-job.list.whole @direct-write
  Scenario: A stored field that the API does not know is shown
    Given a connector of its own with a pending sync job
    And the stored sync job carries the field "x_unknown" as {"a":[1,2]}
    When the sync jobs of the connector are listed
    Then each listed sync job is shown as it is stored
    And the response at "/results/0/x_unknown" equals {"a":[1,2]}

  @contract @id:sync-job.list.rejects-status @req:sync-job.list.rejects-status
  Scenario Outline: The unknown status <status> is rejected
    Given a connector of its own with a pending sync job
    When the sync jobs of the connector are listed with "status=<status>"
    Then the request is rejected as "illegal_argument_exception" because "Unknown ConnectorSyncStatus [<status>]."
    When the sync jobs of the connector are listed with "status=pending"
    Then the response status is 200

    Examples:
      | status        |
      | bogus         |
      | cancelled     |
      | pending,error |

  @contract @id:sync-job.list.rejects-job-type @req:sync-job.list.rejects-job-type @since:8.13.0
  Scenario Outline: The unknown job type in <types> is rejected
    Given a connector of its own with a pending sync job
    When the sync jobs of the connector are listed with "job_type=<types>"
    Then the request is rejected as "illegal_argument_exception" because "Unknown ConnectorSyncJobType [<unknown>]."
    When the sync jobs of the connector are listed with "job_type=full"
    Then the response status is 200

    Examples:
      | types      | unknown   |
      | bogus      | bogus     |
      | full,bogus | bogus     |
      | on_demand  | on_demand |

  @contract @id:sync-job.list.routing.unknown-parameter @req:sync-job.list.routing.unknown-parameter
  Scenario Outline: The unknown query parameter <parameter> is rejected
    Given a connector of its own with a pending sync job
    When the sync jobs of the connector are listed with "<parameter>=x"
    Then the request is rejected as "illegal_argument_exception" because "unrecognized parameter: [<parameter>]"
    When the sync jobs of the connector are listed
    Then the response status is 200

    Examples:
      | parameter      |
      | bogus          |
      | trigger_method |
      | sort           |
      | Status         |

  @contract @id:sync-job.list.routing.common-parameters @req:sync-job.list.routing.common-parameters
  Scenario Outline: The common query parameter <case> is accepted
    Given a connector of its own with a pending sync job
    When the sync jobs of the connector are listed with "<case>"
    Then the list counts 1 sync jobs and shows 1

    Examples:
      | case        |
      | pretty      |
      | human       |
      | error_trace |

  @contract @id:sync-job.list.routing.filter-path @req:sync-job.list.routing.common-parameters
  Scenario: filter_path leaves exactly what it asks for
    Given a connector of its own with a pending sync job
    When the sync jobs of the connector are listed with "filter_path=count,results.status"
    Then the response is the JSON:
      """
      {"count": 1, "results": [{"status": "pending"}]}
      """

  @contract @id:sync-job.list.body @req:sync-job.list.body
  Scenario: A list with a body is rejected
    Given a connector of its own with a pending sync job
    When I send GET "/_connector/_sync_job" with the body:
      """
      {"query": {"match_all": {}}}
      """
    Then the request is rejected as "illegal_argument_exception" because "request [GET /_connector/_sync_job] does not support having a body"
    When the sync jobs of the connector are listed
    Then the response status is 200

  @contract @id:sync-job.list.headers @req:sync-job.list.headers
  Scenario Outline: The answer to <query> is what clients expect
    Given a connector of its own with a pending sync job
    When the sync jobs of the connector are listed with "<query>"
    Then the response status is <status>
    And the response header "X-elastic-product" is "Elasticsearch"
    And the answer is of the type "application/json"

    Examples:
      | query   | status |
      | size=1  | 200    |
      | size=-1 | 400    |

  @contract @id:connector.delete.soft @req:connector.delete.soft @since:9.0.0
  Scenario: A deleted connector leaves a marked document
    Given a connector of its own with a pending sync job
    When I send DELETE "/_connector/{connector}"
    Then the response status is 200
    And the response matches the schema "acknowledged"
    When I send GET "/_connector/{connector}"
    Then the response status is 404
    And the stored connector is marked as deleted

  @contract @id:sync-job.list.deleted-connector @req:sync-job.list.whole
  Scenario: The sync jobs of a deleted connector are still listed
    Given a connector of its own with these sync jobs, created one after the other:
      | a | full | pending |
    And I send DELETE "/_connector/{connector}"
    And the response status is 200
    When the sync jobs of the connector are listed
    Then the list holds exactly "a"
    And each listed sync job is shown as it is stored
