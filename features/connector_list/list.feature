@contract @since:8.18.0
Feature: Lists of connectors

  Background:
    Given a name saved as "run"
    And a connector "b" created with:
      """
      {"name": "{run}-b", "index_name": "{run}-2", "service_type": "{run}-s", "description": "Beta {run} Second"}
      """
    And a connector "c" created with:
      """
      {"name": "{run}-C", "index_name": "{run}-3", "service_type": "{run}-t", "description": "Gamma"}
      """
    And a connector "n" created with:
      """
      {"name": "{run}-n", "service_type": "{run}-s"}
      """
    And a connector "a" created with:
      """
      {"name": "{run}-a", "index_name": "{run}-1", "service_type": "{run}-s"}
      """

  @id:connector.list.order @req:connector.list.order
  Scenario Outline: By index, those without one last: <query>
    When I send GET "/_connector?<query>&filter_path=results.id"
    Then the response status is 200
    And the response is the JSON:
      """
      {"results": <shows>}
      """

    Examples:
      | query                              | shows                                                        |
      | query={run}-                       | [{"id": "{a}"}, {"id": "{b}"}, {"id": "{c}"}, {"id": "{n}"}] |
      | service_type={run}-s               | [{"id": "{a}"}, {"id": "{b}"}, {"id": "{n}"}]                |
      | index_name={run}-3,{run}-1,{run}-2 | [{"id": "{a}"}, {"id": "{b}"}, {"id": "{c}"}]                |
      | connector_name={run}-n,{run}-C     | [{"id": "{c}"}, {"id": "{n}"}]                               |

  @id:connector.list.order.names @req:connector.list.order
  Scenario: By index, and not by name
    Given a connector "p" created with:
      """
      {"name": "{run}-p", "index_name": "{run}-9"}
      """
    And a connector "q" created with:
      """
      {"name": "{run}-q", "index_name": "{run}-8"}
      """
    When I send GET "/_connector?connector_name={run}-p,{run}-q&filter_path=results.name"
    Then the response is the JSON:
      """
      {"results": [{"name": "{run}-q"}, {"name": "{run}-p"}]}
      """

  @id:connector.list.pages.order @req:connector.list.pages
  Scenario Outline: <query> shows its part of the order
    When I send GET "/_connector?<query>&filter_path=count,results.id"
    Then the response status is 200
    And the response is the JSON:
      """
      {"count": 4, "results": <shows>}
      """

    Examples:
      | query                      | shows                          |
      | query={run}-&size=2        | [{"id": "{a}"}, {"id": "{b}"}] |
      | query={run}-&from=1&size=2 | [{"id": "{b}"}, {"id": "{c}"}] |
      | query={run}-&from=2&size=2 | [{"id": "{c}"}, {"id": "{n}"}] |
      | query={run}-&from=3        | [{"id": "{n}"}]                |

  @id:connector.list.shape @req:connector.list.shape
  Scenario Outline: A list has the published shape: <query>
    When I send GET "/_connector?<query>"
    Then the response status is 200
    And the response matches the schema "connector-list"

    Examples:
      | query                          |
      | connector_name={run}-a,{run}-n |
      | index_name={run}-1             |
      | connector_name={run}           |
      | query={run}-&size=0            |

  @id:connector.list.whole @req:connector.list.route @req:connector.list.headers
  Scenario: A list shows connectors as they are read
    When I send GET "/_connector/{b}"
    And I save the response at "" as "one"
    And I send GET "/_connector/{n}"
    And I save the response at "" as "other"
    And I send GET "/_connector?connector_name={run}-b,{run}-n"
    Then the response status is 200
    And the response header "X-elastic-product" is "Elasticsearch"
    And the answer is of the type "application/json"
    And the response is the JSON:
      """
      {"count": 2, "results": [{one}, {other}]}
      """

  @id:connector.list.pages @req:connector.list.pages
  Scenario Outline: <query> shows its page
    When I send GET "/_connector?<query>"
    Then the response status is 200
    And the response contains the JSON:
      """
      {"count": <count>, "results": <shows>}
      """
    And the response at "/results" has the length <length>

    Examples:
      | query                          | count | shows                                                        | length |
      | query={run}-&from=4            | 4     | []                                                           | 0      |
      | query={run}-&size=0            | 4     | []                                                           | 0      |
      | query={run}-&from=0&size=4     | 4     | [{"id": "{a}"}, {"id": "{b}"}, {"id": "{c}"}, {"id": "{n}"}] | 4      |
      | query={run}-&from=9990&size=10 | 4     | []                                                           | 0      |

  @id:connector.list.pages.default @req:connector.list.pages
  Scenario: A list shows the first hundred
    Given 103 connectors are created at once with:
      """
      {"service_type": "{run}-many"}
      """
    When I send GET "/_connector?service_type={run}-many&filter_path=count,results.status"
    Then the response at "/count" equals 103
    And the response at "/results" has the length 100
    When I send GET "/_connector?service_type={run}-many&from=100&filter_path=count,results.status"
    Then the response at "/count" equals 103
    And the response at "/results" has the length 3
    When I send GET "/_connector?service_type={run}-many&size=102&filter_path=count,results.status"
    Then the response at "/count" equals 103
    And the response at "/results" has the length 102

  @id:connector.list.index-name @req:connector.list.index-name
  Scenario Outline: <query>
    When I send GET "/_connector?<query>"
    Then the response status is 200
    And the response contains the JSON:
      """
      {"count": <count>, "results": <shows>}
      """
    And the response at "/results" has the length <length>

    Examples:
      | query                            | count | shows                          | length |
      | index_name={run}-2               | 1     | [{"id": "{b}"}]                | 1      |
      | index_name={run}-3,{run}-1       | 2     | [{"id": "{a}"}, {"id": "{c}"}] | 2      |
      | index_name={run}-1,{run}-nothing | 1     | [{"id": "{a}"}]                | 1      |
      | index_name={run}                 | 0     | []                             | 0      |
      | index_name={run}-                | 0     | []                             | 0      |

  @id:connector.list.connector-name @req:connector.list.connector-name
  Scenario Outline: <query>
    When I send GET "/_connector?<query>"
    Then the response status is 200
    And the response contains the JSON:
      """
      {"count": <count>, "results": <shows>}
      """
    And the response at "/results" has the length <length>

    Examples:
      | query                          | count | shows                          | length |
      | connector_name={run}-b         | 1     | [{"id": "{b}"}]                | 1      |
      | connector_name={run}-n,{run}-a | 2     | [{"id": "{a}"}, {"id": "{n}"}] | 2      |
      | connector_name={run}-c         | 0     | []                             | 0      |
      | connector_name={run}-C         | 1     | [{"id": "{c}"}]                | 1      |
      | connector_name={run}           | 0     | []                             | 0      |
      | connector_name={run}-*         | 0     | []                             | 0      |

  @id:connector.list.service-type @req:connector.list.service-type
  Scenario Outline: <query>
    When I send GET "/_connector?<query>"
    Then the response status is 200
    And the response contains the JSON:
      """
      {"count": <count>, "results": <shows>}
      """
    And the response at "/results" has the length <length>

    Examples:
      | query                        | count | shows                                                        | length |
      | service_type={run}-t         | 1     | [{"id": "{c}"}]                                              | 1      |
      | service_type={run}-t,{run}-s | 4     | [{"id": "{a}"}, {"id": "{b}"}, {"id": "{c}"}, {"id": "{n}"}] | 4      |
      | service_type={run}-T         | 0     | []                                                           | 0      |
      | service_type={run}           | 0     | []                                                           | 0      |

  @id:connector.list.query @req:connector.list.query
  Scenario Outline: <query>
    When I send GET "/_connector?<query>"
    Then the response status is 200
    And the response contains the JSON:
      """
      {"count": <count>, "results": <shows>}
      """
    And the response at "/results" has the length <length>

    Examples:
      | query                              | count | shows                                                        | length |
      | query={run}-b                      | 1     | [{"id": "{b}"}]                                              | 1      |
      | query={run}-1                      | 1     | [{"id": "{a}"}]                                              | 1      |
      | query={run}-                       | 4     | [{"id": "{a}"}, {"id": "{b}"}, {"id": "{c}"}, {"id": "{n}"}] | 4      |
      | query={run}-nothing                | 0     | []                                                           | 0      |
      | query={run}-s                      | 0     | []                                                           | 0      |
      | query=-C&service_type={run}-t      | 1     | [{"id": "{c}"}]                                              | 1      |
      | query=gamma&connector_name={run}-C | 1     | [{"id": "{c}"}]                                              | 1      |
      | query=econd&connector_name={run}-b | 1     | [{"id": "{b}"}]                                              | 1      |

  @id:connector.list.query.wildcards @req:connector.list.query.wildcards
  Scenario Outline: <query>
    When I send GET "/_connector?<query>"
    Then the response status is 200
    And the response contains the JSON:
      """
      {"count": <count>, "results": <shows>}
      """
    And the response at "/results" has the length <length>

    Examples:
      | query                               | count | shows                                         | length |
      | query={run}-*2                      | 1     | [{"id": "{b}"}]                               | 1      |
      | query={run}-?&service_type={run}-s  | 3     | [{"id": "{a}"}, {"id": "{b}"}, {"id": "{n}"}] | 3      |
      | query={run}??&service_type={run}-t  | 1     | [{"id": "{c}"}]                               | 1      |
      | query={run}???&service_type={run}-t | 0     | []                                            | 0      |
      | query={run}%5C*                     | 0     | []                                            | 0      |

  @id:connector.list.query.words @req:connector.list.query.words
  Scenario Outline: <query>
    When I send GET "/_connector?<query>"
    Then the response status is 200
    And the response contains the JSON:
      """
      {"count": <count>, "results": <shows>}
      """
    And the response at "/results" has the length <length>

    Examples:
      | query                                     | count | shows           | length |
      | query=Gamma&connector_name={run}-C        | 0     | []              | 0      |
      | query={run}-c                             | 0     | []              | 0      |
      | query={run}-C                             | 1     | [{"id": "{c}"}] | 1      |
      | query=gamma%20&connector_name={run}-C     | 0     | []              | 0      |
      | query=beta%20{run}&connector_name={run}-b | 0     | []              | 0      |

  @id:connector.list.filters @req:connector.list.filters
  Scenario Outline: <query>
    When I send GET "/_connector?<query>"
    Then the response status is 200
    And the response contains the JSON:
      """
      {"count": <count>, "results": <shows>}
      """
    And the response at "/results" has the length <length>

    Examples:
      | query                                                                       | count | shows           | length |
      | service_type={run}-s&index_name={run}-1,{run}-3                             | 1     | [{"id": "{a}"}] | 1      |
      | connector_name={run}-a&service_type={run}-t                                 | 0     | []              | 0      |
      | query={run}-&index_name={run}-1                                             | 1     | [{"id": "{a}"}] | 1      |
      | query={run}-b&index_name={run}-1                                            | 0     | []              | 0      |
      | query={run}-&connector_name={run}-n&service_type={run}-s                    | 1     | [{"id": "{n}"}] | 1      |
      | index_name={run}-1&connector_name={run}-a&service_type={run}-s&query={run}- | 1     | [{"id": "{a}"}] | 1      |

  @id:connector.list.filters.empty @req:connector.list.filters.empty
  Scenario Outline: <query>
    When I send GET "/_connector?<query>"
    Then the response status is 200
    And the response contains the JSON:
      """
      {"count": <count>, "results": <shows>}
      """
    And the response at "/results" has the length <length>

    Examples:
      | query                                | count | shows           | length |
      | connector_name={run}-a&index_name=   | 1     | [{"id": "{a}"}] | 1      |
      | connector_name={run}-a&service_type= | 1     | [{"id": "{a}"}] | 1      |
      | index_name={run}-2&connector_name=   | 1     | [{"id": "{b}"}] | 1      |
      | index_name={run}-2&query=            | 1     | [{"id": "{b}"}] | 1      |

  @id:connector.list.filters.twice @req:connector.list.filters.twice
  Scenario Outline: Of <query> the last one counts
    When I send GET "/_connector?<query>"
    Then the response at "/count" equals 1
    And the response at "/results/0/id" equals "{<which>}"

    Examples:
      | query                                         | which |
      | connector_name={run}-a&connector_name={run}-b | b     |
      | index_name={run}-2&index_name={run}-1         | a     |
      | service_type={run}-s&service_type={run}-t     | c     |

  @id:connector.list.route.slash @req:connector.list.route
  Scenario: A slash may end the path of a list
    When I send GET "/_connector/?connector_name={run}-a"
    Then the response at "/count" equals 1
    And the response at "/results/0/id" equals "{a}"

  @id:connector.list.routing.common @req:connector.list.routing.common-parameters
  Scenario Outline: A list takes <query>
    When I send GET "/_connector?connector_name={run}-a&<query>"
    Then the response status is 200
    And the response at "/count" equals 1

    Examples:
      | query             |
      | pretty            |
      | human             |
      | error_trace=true  |
      | filter_path=count |

  @id:connector.list.deleted @req:connector.list.deleted @since:9.0.0
  Scenario Outline: A deleted connector is left out of the list: <query>
    Given I send DELETE "/_connector/{b}"
    When I send GET "/_connector?<query>"
    Then the response contains the JSON:
      """
      {"count": <count>, "results": <shows>}
      """

    Examples:
      | query                                     | count | shows                                                        |
      | query={run}-                              | 3     | [{"id": "{a}"}, {"id": "{c}"}, {"id": "{n}"}]                |
      | query={run}-&include_deleted=false        | 3     | [{"id": "{a}"}, {"id": "{c}"}, {"id": "{n}"}]                |
      | query={run}-&include_deleted=true         | 4     | [{"id": "{a}"}, {"id": "{b}"}, {"id": "{c}"}, {"id": "{n}"}] |
      | query={run}-&include_deleted              | 4     | [{"id": "{a}"}, {"id": "{b}"}, {"id": "{c}"}, {"id": "{n}"}] |
      | index_name={run}-2                        | 0     | []                                                           |
      | index_name={run}-2&include_deleted=true   | 1     | [{"id": "{b}"}]                                              |
      | service_type={run}-s&include_deleted=true | 3     | [{"id": "{a}"}, {"id": "{b}"}, {"id": "{n}"}]                |
      | connector_name={run}-b                    | 0     | []                                                           |
      | service_type={run}-s                      | 2     | [{"id": "{a}"}, {"id": "{n}"}]                               |

  @id:connector.list.deleted.hard @req:connector.list.deleted @since:9.0.0
  Scenario Outline: A connector that was removed for good is in no list: <query>
    Given I send DELETE "/_connector/{b}?hard=true"
    When I send GET "/_connector?<query>"
    Then the response at "/count" equals 3

    Examples:
      | query                             |
      | query={run}-                      |
      | query={run}-&include_deleted=true |
