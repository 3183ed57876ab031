@contract @serial
Feature: Settings

  @id:others.settings.cluster
  Scenario: A setting of the cluster
    When I send PUT "/_cluster/settings" with the body:
      """
      {"persistent": {"cluster.max_shards_per_node": 999, "cluster": {"routing": {"allocation": {"node_concurrent_recoveries": 3}}}}}
      """
    Then the response status is 200
    And the response at "/persistent/cluster/max_shards_per_node" equals "999"

  @id:others.settings.index
  Scenario: A setting of an index
    Given an index
    When I send PUT "/{index}/_settings" with the body:
      """
      {"index": {"refresh_interval": "17s"}}
      """
    Then the response status is 200
    And only these fields of the index have changed:
      | /settings/index/refresh_interval |

  @id:others.settings.closed
  Scenario: A closed index
    Given an index in the state "closed"
    When I send GET "/{index}/_search"
    Then the response status is 400
    And the response at "/error/type" equals "index_closed_exception"

  @id:others.settings.twice
  Scenario: The same setting changed twice
    When I send PUT "/_cluster/settings" with the body:
      """
      {"persistent": {"cluster.max_shards_per_node": 500}}
      """
    And I send PUT "/_cluster/settings" with the body:
      """
      {"persistent": {"cluster.max_shards_per_node": 501}}
      """
    Then the response status is 200
