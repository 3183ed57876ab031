@contract @since:8.12.0
Feature: What an update does to the stored sync job
  Counts replace what was there; an update that changes nothing says so; each
  update is one write, visible at once.

  Background:
    Given a sync job

  @id:stats.update.replaces @req:stats.update.replaces-counts
  Scenario: A second update replaces the counts of the first
    Given the sync job already has the stats:
      | deleted_document_count  | 10   |
      | indexed_document_count  | 20   |
      | indexed_document_volume | 1000 |
      | total_document_count    | 5    |
    When the stats are set to:
      | deleted_document_count  | 1 |
      | indexed_document_count  | 2 |
      | indexed_document_volume | 3 |
      | total_document_count    | 4 |
    Then the update is accepted
    And only these fields of the sync job have changed:
      | deleted_document_count  | 1                      |
      | indexed_document_count  | 2                      |
      | indexed_document_volume | 3                      |
      | total_document_count    | 4                      |
      | last_seen               | the time of the update |

  @id:stats.update.grows @req:stats.update.replaces-counts
  Scenario: A second update with greater counts replaces those of the first
    Given the sync job already has the complete stats
    When the stats are set to:
      | deleted_document_count  | 5011  |
      | indexed_document_count  | 6022  |
      | indexed_document_volume | 80033 |
      | total_document_count    | 9044  |
    Then the update is accepted
    And only these fields of the sync job have changed:
      | deleted_document_count  | 5011                   |
      | indexed_document_count  | 6022                   |
      | indexed_document_volume | 80033                  |
      | total_document_count    | 9044                   |
      | last_seen               | the time of the update |

  @id:stats.update.zero @req:stats.update.zero-replaces
  Scenario Outline: A <field> of 0 replaces a greater one
    Given the sync job already has the complete stats
    When the complete stats are set with "<field>" as 0
    Then the update is accepted
    And only these fields of the sync job have changed:
      | <field> | 0 |

    Examples:
      | field                   |
      | deleted_document_count  |
      | indexed_document_count  |
      | indexed_document_volume |
      | total_document_count    |

  @id:stats.update.all-zero @req:stats.update.zero-replaces
  Scenario: All counts can be set back to 0
    Given the sync job already has the complete stats
    When the stats are set to:
      | deleted_document_count  | 0 |
      | indexed_document_count  | 0 |
      | indexed_document_volume | 0 |
      | total_document_count    | 0 |
    Then the update is accepted
    And only these fields of the sync job have changed:
      | deleted_document_count  | 0                      |
      | indexed_document_count  | 0                      |
      | indexed_document_volume | 0                      |
      | total_document_count    | 0                      |
      | last_seen               | the time of the update |

  @id:stats.update.noop @req:stats.answer.noop
  Scenario: The same update again, with the same last_seen, changes nothing
    Given the sync job already has the complete stats
    When the same stats are set again
    Then the update is accepted as one that changes nothing
    And the sync job is unchanged

  @id:stats.update.noop-required @req:stats.answer.noop
  Scenario: The required counts and last_seen again change nothing
    Given the sync job already has the stats:
      | deleted_document_count  | 10                     |
      | indexed_document_count  | 20                     |
      | indexed_document_volume | 1000                   |
      | last_seen               | "2023-01-02T10:00:00Z" |
    When the same stats are set again
    Then the update is accepted as one that changes nothing
    And the sync job is unchanged

  @id:stats.update.noop-part @req:stats.answer.noop
  Scenario: A part of what is stored already changes nothing
    Given the sync job already has the complete stats
    When the complete stats are set without "total_document_count, metadata"
    Then the update is accepted as one that changes nothing
    And the sync job is unchanged

  @id:stats.update.one-field @req:stats.answer.not-noop @req:stats.answer.updated
  Scenario Outline: An update that changes <field> alone is not one that changes nothing
    Given the sync job already has the complete stats
    When the complete stats are set with "<field>" as <value>
    Then the update is accepted
    And only these fields of the sync job have changed:
      | <field> | <stored> |

    Examples:
      | field                   | value                      | stored                               |
      | deleted_document_count  | 1012                       | 1012                                 |
      | indexed_document_count  | 2021                       | 2021                                 |
      | indexed_document_volume | 70034                      | 70034                                |
      | total_document_count    | 4043                       | 4043                                 |
      | last_seen               | "2023-01-02T10:00:00.124Z" | the instant 2023-01-02T10:00:00.124Z |

    @since:8.15.0
    Examples: metadata
      | field    | value                     | stored                                     |
      | metadata | {"checkpoint":{"page":8}} | {"checkpoint":{"page":8},"host":"crawler"} |

  @id:stats.update.default-not-noop @req:stats.last-seen.default-moves @req:stats.answer.not-noop
  Scenario: The same counts again without last_seen are not an update that changes nothing
    Given the sync job already has the stats:
      | deleted_document_count  | 1011  |
      | indexed_document_count  | 2022  |
      | indexed_document_volume | 70033 |
    When 20 milliseconds pass
    And the same stats are set again
    Then the update is accepted
    And last_seen has moved

  @id:stats.update.order @req:stats.update.field-order
  Scenario Outline: The fields can come in the order <order>
    When the stats are set to:
      | <first>  | 31 |
      | <second> | 32 |
      | <third>  | 33 |
      | <fourth> | 34 |
    Then the update is accepted
    And only these fields of the sync job have changed:
      | <first>   | 31                     |
      | <second>  | 32                     |
      | <third>   | 33                     |
      | <fourth>  | 34                     |
      | last_seen | the time of the update |

    Examples:
      | order          | first                  | second                  | third                  | fourth                  |
      | backwards      | total_document_count   | indexed_document_volume | indexed_document_count | deleted_document_count  |
      | optional first | total_document_count   | deleted_document_count  | indexed_document_count | indexed_document_volume |
      | mixed          | indexed_document_count | total_document_count    | deleted_document_count | indexed_document_volume |

  @id:stats.update.last-seen-first @req:stats.update.field-order
  Scenario: last_seen can come first
    When the stats are set to:
      | last_seen               | "2023-01-02T10:00:00Z" |
      | indexed_document_volume | 3                      |
      | indexed_document_count  | 2                      |
      | deleted_document_count  | 1                      |
    Then the update is accepted
    And only these fields of the sync job have changed:
      | deleted_document_count  | 1                                |
      | indexed_document_count  | 2                                |
      | indexed_document_volume | 3                                |
      | last_seen               | the instant 2023-01-02T10:00:00Z |

  @id:stats.update.one-write @req:stats.update.one-write @req:stats.answer.updated
  Scenario: An update is one write
    When the complete stats are set
    Then the update is accepted
    And the version of the sync job has risen by 1

  @id:stats.update.stored-shape @req:stats.stored.shape @req:stats.stored.same-both-ways @req:stats.visible.get
  Scenario: The API hands back what is stored
    When the complete stats are set
    Then the update is accepted
    And the API hands it back as it is stored
    And the stored sync job has changed exactly as the update says

  @id:stats.update.in-a-row @long @req:stats.update.always
  Scenario: Many updates in a row all do what they say
    Then each of 40 updates in a row is accepted and stored as it was sent

  @id:stats.update.noops-in-a-row @long @req:stats.update.always
  Scenario: Many updates in a row that change nothing all say so
    Given the sync job already has the complete stats
    Then each of 30 repeated updates in a row is accepted as one that changes nothing

  @id:stats.update.rejects-in-a-row @long @req:stats.update.rejects-always
  Scenario: Many faulty updates in a row are all rejected
    Then each of 44 faulty updates in a row is rejected and changes nothing

  @id:stats.update.unknown-in-a-row @req:stats.update.rejects-always
  Scenario: Many updates of sync jobs that do not exist are all reported
    Then each of 30 updates in a row of an id that no sync job has is reported as not found
