@contract @since:8.12.0
Feature: Bodies that are rejected
  A body is one JSON object with known fields, each at most once. Whatever is
  rejected leaves the stored sync job exactly as it was.

  Background:
    Given a sync job

  @id:stats.body.none @req:stats.body.required @req:stats.atomic @req:stats.answer.error-shape
  Scenario: A request without a body is rejected
    When the stats are set without a body
    Then the request is rejected as "parse_exception" because "request body is required"
    And the sync job is unchanged
    But the complete stats are then accepted

  @id:stats.body.empty @req:stats.body.required @req:stats.atomic
  Scenario: An empty body is rejected
    Given the next request has the header "Content-Type" set to "application/json"
    When the stats are set without a body
    Then the request is rejected as "parse_exception" because "request body is required"
    And the sync job is unchanged
    But the complete stats are then accepted

  @id:stats.body.object @req:stats.body.object @req:stats.atomic
  Scenario Outline: A body that is <case> is rejected
    When the stats are set with the body:
      """
      <body>
      """
    Then the request is rejected as "x_content_parse_exception" because "<reason>"
    And the sync job is unchanged
    But the complete stats are then accepted

    Examples:
      | case                | body                                                         | reason                                       |
      | an array            | []                                                           | Expected START_OBJECT but was: START_ARRAY   |
      | an array of objects | [{"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3}] | Expected START_OBJECT but was: START_ARRAY   |
      | a text              | "x"                                                          | Expected START_OBJECT but was: VALUE_STRING  |
      | a number            | 1                                                            | Expected START_OBJECT but was: VALUE_NUMBER  |
      | a boolean           | true                                                         | Expected START_OBJECT but was: VALUE_BOOLEAN |
      | null                | null                                                         | Expected START_OBJECT but was: VALUE_NULL    |

  @id:stats.body.malformed @req:stats.body.well-formed @req:stats.atomic
  Scenario Outline: A body that <case> is rejected
    When the stats are set with the body:
      """
      <body>
      """
    Then the request is rejected as "x_content_parse_exception, x_content_e_o_f_exception"
    And the sync job is unchanged
    But the complete stats are then accepted

    Examples:
      | case                        | body                                                         |
      | ends after a field          | {"deleted_document_count": 10,                               |
      | ends after the last field   | {"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3 |
      | ends inside a nested object | {"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3,"last_seen":{"a": |
      | has a comma too many        | {"deleted_document_count":1,,"indexed_document_count":2,"indexed_document_volume":3} |
      | has a name without quotes   | {deleted_document_count:1,"indexed_document_count":2,"indexed_document_volume":3} |

  @id:stats.body.unknown-field @req:stats.body.unknown-field @req:stats.atomic
  Scenario Outline: The unknown field <field> is rejected
    When the complete stats are set with "<field>" as <value>
    Then the request is rejected as "x_content_parse_exception" because "unknown field [<field>]"
    And the sync job is unchanged
    But the complete stats are then accepted

    Examples:
      | field                   | value                  |
      | bogus                   | 1                      |
      | status                  | "completed"            |
      | error                   | "boom"                 |
      | created_at              | "2023-01-02T10:00:00Z" |
      | id                      | "another"              |
      | connector               | {}                     |
      | Deleted_document_count  | 1                      |
      | indexed_document_counts | 5                      |
      | lastSeen                | "2023-01-02T10:00:00Z" |

  @id:stats.body.suggestion @req:stats.body.unknown-field @req:stats.atomic
  Scenario Outline: The rejection of <field> suggests the known field <known>
    When the required stats are set with "<field>" as "2023-01-02T10:00:00Z"
    Then the request is rejected as "x_content_parse_exception" because "unknown field [<field>] did you mean [<known>]?"
    And the sync job is unchanged
    But the complete stats are then accepted

    Examples:
      | field    | known     |
      | last_sen | last_seen |
      | lastseen | last_seen |

  @id:stats.body.unknown-first @req:stats.body.unknown-field @req:stats.atomic
  Scenario: An unknown field is rejected also where it comes first
    When the stats are set to:
      | bogus                   | {"a":[1]} |
      | deleted_document_count  | 1         |
      | indexed_document_count  | 2         |
      | indexed_document_volume | 3         |
    Then the request is rejected as "x_content_parse_exception" because "unknown field [bogus]"
    And the sync job is unchanged
    But the complete stats are then accepted

  @id:stats.body.duplicate-key @req:stats.body.duplicate-key @req:stats.atomic
  Scenario Outline: <field> given twice is rejected
    When the stats are set with the body:
      """
      {"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3,"<field>":<again>}
      """
    Then the request is rejected as "x_content_parse_exception" because "<field>"
    And the sync job is unchanged
    But the complete stats are then accepted

    Examples:
      | field                   | again |
      | deleted_document_count  | 4     |
      | indexed_document_count  | 2     |
      | indexed_document_volume | "3"   |

  @id:stats.body.trailing @req:stats.body.trailing-ignored
  Scenario Outline: What follows a complete object is not read: <case>
    When the stats are set with the body:
      """
      {"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3}<rest>
      """
    Then the update is accepted
    And only these fields of the sync job have changed:
      | deleted_document_count  | 1                      |
      | indexed_document_count  | 2                      |
      | indexed_document_volume | 3                      |
      | last_seen               | the time of the update |

    Examples:
      | case   | rest |
      | a word | x    |

  @id:stats.body.half-applied @req:stats.atomic
  Scenario Outline: An update whose <field> alone is faulty changes nothing that an earlier one has set
    Given the sync job already has the stats:
      | deleted_document_count  | 1                      |
      | indexed_document_count  | 2                      |
      | indexed_document_volume | 3                      |
      | total_document_count    | 4                      |
      | last_seen               | "2021-01-02T10:00:00Z" |
    When the complete stats are set with "<field>" as <fault>
    Then the request is rejected as "<type>" naming "<field>"
    And the sync job is unchanged
    But the complete stats are then accepted

    Examples:
      | field                   | fault       | type                                |
      | deleted_document_count  | -1          | action_request_validation_exception |
      | indexed_document_count  | 2147483648  | document_parsing_exception          |
      | indexed_document_volume | null        | x_content_parse_exception           |
      | total_document_count    | "ten"       | x_content_parse_exception           |
      | last_seen               | "yesterday" | x_content_parse_exception           |
      | bogus                   | 1           | x_content_parse_exception           |
