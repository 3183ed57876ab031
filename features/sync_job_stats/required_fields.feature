@since:8.12.0
Feature: Required stats of a sync job
  Three counts have to be part of every update.

  Background:
    Given a sync job

  @documented @id:stats.required.each-missing
  Scenario Outline: A request without <field> is rejected and changes nothing
    When the complete stats are set without "<field>"
    Then the response status is 400
    And the sync job is unchanged
    But the complete stats are then accepted

    @req:stats.required.deleted-document-count
    Examples: deleted_document_count
      | field                  |
      | deleted_document_count |

    @req:stats.required.indexed-document-count
    Examples: indexed_document_count
      | field                  |
      | indexed_document_count |

    @req:stats.required.indexed-document-volume
    Examples: indexed_document_volume
      | field                   |
      | indexed_document_volume |

  @contract @id:stats.required.named @req:stats.required.error @req:stats.required.all-named @req:stats.atomic @req:stats.answer.error-shape
  Scenario Outline: A request without <fields> names all that is missing and nothing else
    When the complete stats are set without "<fields>"
    Then the request is rejected as "illegal_argument_exception" naming "<fields>"
    And the sync job is unchanged
    But the complete stats are then accepted

    Examples:
      | fields                                                       |
      | deleted_document_count                                       |
      | indexed_document_count                                       |
      | indexed_document_volume                                      |
      | deleted_document_count, indexed_document_count               |
      | deleted_document_count, indexed_document_volume              |
      | indexed_document_count, indexed_document_volume              |
      | deleted_document_count, indexed_document_count, indexed_document_volume |

  @contract @id:stats.required.only-optional @req:stats.required.all-named @req:stats.atomic
  Scenario: A request with nothing but optional fields is rejected
    When the stats are set to:
      | total_document_count | 5                      |
      | last_seen            | "2023-01-02T10:00:00Z" |
    Then the request is rejected as "illegal_argument_exception" naming "deleted_document_count, indexed_document_count, indexed_document_volume"
    And the sync job is unchanged
    But the complete stats are then accepted

  @contract @id:stats.required.empty-object @req:stats.required.all-named @req:stats.atomic
  Scenario: An empty object is rejected, naming all three counts
    When the stats are set with the body:
      """
      {}
      """
    Then the request is rejected as "illegal_argument_exception" naming "deleted_document_count, indexed_document_count, indexed_document_volume"
    And the sync job is unchanged
    But the complete stats are then accepted

  @contract @id:stats.required.after-success @req:stats.required.error @req:stats.atomic
  Scenario Outline: A request without <field> is rejected also where an earlier update has set it
    Given the sync job already has the complete stats
    When the complete stats are set without "<field>"
    Then the request is rejected as "illegal_argument_exception" naming "<field>"
    And the sync job is unchanged

    Examples:
      | field                   |
      | deleted_document_count  |
      | indexed_document_count  |
      | indexed_document_volume |
