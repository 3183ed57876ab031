@since:8.12.0
Feature: Optional stats of a sync job
  What an update leaves out, it does not change, but for last_seen.

  Background:
    Given a sync job

  @documented @id:stats.optional.none @req:stats.optional.total-document-count @req:stats.optional.last-seen
  Scenario: The three required counts are enough
    When the required stats are set
    Then the response status is 200
    And the stored sync job has changed exactly as the update says

  @documented @id:stats.optional.each-missing
  Scenario Outline: An update without <field> is accepted
    When the complete stats are set without "<field>"
    Then the response status is 200
    And the stored sync job has changed exactly as the update says

    @req:stats.optional.total-document-count
    Examples:
      | field                |
      | total_document_count |

    @req:stats.optional.last-seen
    Examples:
      | field     |
      | last_seen |

    @req:stats.optional.metadata @since:8.15.0
    Examples:
      | field    |
      | metadata |

  @contract @id:stats.optional.each-alone
  Scenario Outline: <field> is accepted beside the required counts alone
    When the required stats are set with "<field>" as <value>
    Then the update is accepted
    And the stored sync job has changed exactly as the update says

    @req:stats.field.total-document-count
    Examples:
      | field                | value |
      | total_document_count | 77    |

    @req:stats.field.last-seen
    Examples:
      | field     | value                      |
      | last_seen | "2022-07-08T09:10:11.121Z" |

    @req:stats.field.metadata @since:8.15.0
    Examples:
      | field    | value     |
      | metadata | {"k":"v"} |

  @contract @id:stats.optional.total-kept @req:stats.update.keeps-total
  Scenario: An update without total_document_count leaves the stored one
    Given the sync job already has the complete stats
    When the stats are set to:
      | deleted_document_count  | 1 |
      | indexed_document_count  | 2 |
      | indexed_document_volume | 3 |
    Then the update is accepted
    And only these fields of the sync job have changed:
      | deleted_document_count  | 1                      |
      | indexed_document_count  | 2                      |
      | indexed_document_volume | 3                      |
      | last_seen               | the time of the update |

  @contract @id:stats.optional.total-zero @req:stats.update.keeps-total @req:stats.update.zero-replaces
  Scenario: A total_document_count of 0 is not the same as none
    Given the sync job already has the complete stats
    When the complete stats are set with "total_document_count" as 0
    Then the update is accepted
    And only these fields of the sync job have changed:
      | total_document_count | 0 |
