@contract @since:8.12.0
Feature: Headers of requests and answers

  Background:
    Given a sync job

  @id:stats.headers.success @req:stats.headers.product @req:stats.headers.content-type
  Scenario: An update is answered as Elasticsearch's clients expect
    When the complete stats are set
    Then the update is accepted
    And the response header "X-elastic-product" is "Elasticsearch"
    And the answer is of the type "application/json"
    And the response has no header "Warning"

  @id:stats.headers.noop @req:stats.answer.noop @req:stats.headers.product @req:stats.headers.content-type
  Scenario: An update that changes nothing is answered likewise
    Given the sync job already has the complete stats
    When the same stats are set again
    Then the update is accepted as one that changes nothing
    And the response header "X-elastic-product" is "Elasticsearch"
    And the answer is of the type "application/json"

  @id:stats.headers.rejection @req:stats.headers.product @req:stats.headers.content-type
  Scenario Outline: A rejection is answered likewise: <case>
    When the complete stats are set with "<field>" as <value>
    Then the request is rejected as "<type>" naming "<field>"
    And the response header "X-elastic-product" is "Elasticsearch"
    And the answer is of the type "application/json"
    And the sync job is unchanged

    @req:stats.values.rejects-negative
    Examples:
      | case       | field                  | value | type                                |
      | validation | deleted_document_count | -1    | action_request_validation_exception |

    @req:stats.last-seen.rejects-non-dates
    Examples:
      | case    | field     | value | type                      |
      | parsing | last_seen | "x"   | x_content_parse_exception |

    @req:stats.values.rejects-beyond-integer
    Examples:
      | case            | field                | value      | type                       |
      | the stored form | total_document_count | 2147483648 | document_parsing_exception |

  @id:stats.headers.missing @req:stats.required.error @req:stats.headers.product @req:stats.headers.content-type
  Scenario: A missing field is answered likewise
    When the complete stats are set without "deleted_document_count"
    Then the request is rejected as "illegal_argument_exception" naming "deleted_document_count"
    And the response header "X-elastic-product" is "Elasticsearch"
    And the answer is of the type "application/json"

  @id:stats.headers.not-found @req:stats.not-found.error @req:stats.headers.product @req:stats.headers.content-type
  Scenario: An unknown sync job is answered likewise
    Given an id that no sync job has
    When the complete stats are set
    Then the sync job is reported as not found
    And the response header "X-elastic-product" is "Elasticsearch"
    And the answer is of the type "application/json"

  @id:stats.headers.method @req:stats.routing.methods @req:stats.headers.product @req:stats.headers.content-type
  Scenario: A wrong method is answered likewise
    When I send POST "/_connector/_sync_job/{sync_job}/_stats" with {complete_stats}
    Then the response status is 405
    And the response header "X-elastic-product" is "Elasticsearch"
    And the answer is of the type "application/json"

  @id:stats.headers.options @req:stats.routing.options @req:stats.headers.product
  Scenario: OPTIONS is answered with the product
    When I send OPTIONS "/_connector/_sync_job/{sync_job}/_stats"
    Then the response status is 200
    And the response header "X-elastic-product" is "Elasticsearch"

  @id:stats.headers.unsupported @req:stats.headers.unsupported-media-type @req:stats.headers.product
  Scenario Outline: A body of the type <type> is refused
    Given the next request has the header "Content-Type" set to "<type>"
    When the complete stats are set
    Then the request is refused with status 406 because "Content-Type header [<type>] is not supported"
    And the response header "X-elastic-product" is "Elasticsearch"
    And the answer is of the type "application/json"
    And the sync job is unchanged
    But the complete stats are then accepted

    Examples:
      | type                              |
      | text/plain                        |
      | application/x-www-form-urlencoded |

  @id:stats.headers.no-type @req:stats.headers.unsupported-media-type
  Scenario: A body of no type is refused
    Given the next request has no header "Content-Type"
    When the complete stats are set
    Then the request is refused with status 406 because "Content-Type header [] is not supported"
    And the sync job is unchanged
    But the complete stats are then accepted

  @id:stats.headers.charset @req:stats.headers.charset
  Scenario: A body of JSON with a charset is accepted
    Given the next request has the header "Content-Type" set to "application/json; charset=UTF-8"
    When the complete stats are set
    Then the update is accepted
    And the stored sync job has changed exactly as the update says

  @id:stats.headers.compatible-8 @req:stats.headers.compatible-8 @req:stats.headers.product
  Scenario: Compatibility with 8 is accepted and answered in kind
    Given the next request has the header "Content-Type" set to "application/vnd.elasticsearch+json; compatible-with=8"
    And the next request has the header "Accept" set to "application/vnd.elasticsearch+json; compatible-with=8"
    When the complete stats are set
    Then the update is accepted
    And the answer is of the type "application/vnd.elasticsearch+json;compatible-with=8"
    And the response header "X-elastic-product" is "Elasticsearch"
    And the stored sync job has changed exactly as the update says

  @id:stats.headers.compatible-9 @req:stats.headers.compatible-9 @since:9.0.0
  Scenario: Compatibility with 9 is accepted and answered in kind
    Given the next request has the header "Content-Type" set to "application/vnd.elasticsearch+json; compatible-with=9"
    And the next request has the header "Accept" set to "application/vnd.elasticsearch+json; compatible-with=9"
    When the complete stats are set
    Then the update is accepted
    And the answer is of the type "application/vnd.elasticsearch+json;compatible-with=9"
    And the stored sync job has changed exactly as the update says

  @id:stats.headers.rejects-compatible-9 @req:stats.headers.rejects-compatible-9 @req:stats.atomic @until:9.0.0
  Scenario: Compatibility with 9 is rejected by versions before 9
    Given the next request has the header "Content-Type" set to "application/vnd.elasticsearch+json; compatible-with=9"
    And the next request has the header "Accept" set to "application/vnd.elasticsearch+json; compatible-with=9"
    When the complete stats are set
    Then the request is rejected as "media_type_header_exception" because "Invalid media-type value on headers [Content-Type, Accept]"
    And the sync job is unchanged
    But the complete stats are then accepted

  @id:stats.headers.yaml-body @req:stats.headers.yaml
  Scenario: A body in YAML is accepted and answered in YAML
    Given the next request has the header "Content-Type" set to "application/yaml"
    When the stats are set with the body:
      """
      ---
      deleted_document_count: 1
      indexed_document_count: 2
      indexed_document_volume: 3
      """
    Then the response status is 200
    And the answer is of the type "application/yaml"
    And the response body contains "result: "
    And the response body contains "updated"
    And only these fields of the sync job have changed:
      | deleted_document_count  | 1                      |
      | indexed_document_count  | 2                      |
      | indexed_document_volume | 3                      |
      | last_seen               | the time of the update |

  @id:stats.headers.yaml-answer @req:stats.headers.yaml
  Scenario: An answer in YAML is given to whoever asks for it
    Given the next request has the header "Accept" set to "application/yaml"
    When the complete stats are set
    Then the response status is 200
    And the answer is of the type "application/yaml"
    And the response body contains "result: "
    And the stored sync job has changed exactly as the update says
