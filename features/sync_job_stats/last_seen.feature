@contract @since:8.12.0
Feature: last_seen of a sync job
  A given last_seen is stored as the same instant; without one, the server
  takes the time of the update. Times of the server are compared with other
  times of the server, never with the clock of whoever runs the suite.

  Background:
    Given a sync job

  @id:stats.last-seen.defaults-to-now @req:stats.last-seen.defaults-to-now
  Scenario: Without last_seen the update itself counts as the last sign of life
    When the required stats are set
    Then the update is accepted
    And only these fields of the sync job have changed:
      | deleted_document_count  | 1011                   |
      | indexed_document_count  | 2022                   |
      | indexed_document_volume | 70033                  |
      | last_seen               | the time of the update |
    And last_seen lies between the creation of the sync job and a check-in that follows

  @id:stats.last-seen.default-moves @req:stats.last-seen.default-moves @req:stats.last-seen.defaults-to-now
  Scenario: Each update without last_seen moves it
    Given the sync job already has the stats:
      | deleted_document_count  | 1011  |
      | indexed_document_count  | 2022  |
      | indexed_document_volume | 70033 |
    When 20 milliseconds pass
    And the required stats are set
    Then the update is accepted
    And last_seen has moved
    And only these fields of the sync job have changed:
      | last_seen | the time of the update |

  @id:stats.last-seen.default-replaces-given @req:stats.last-seen.default-replaces-given
  Scenario Outline: An update without last_seen replaces one <when> that was given
    Given the sync job already has the stats:
      | deleted_document_count  | 1       |
      | indexed_document_count  | 2       |
      | indexed_document_volume | 3       |
      | last_seen               | <given> |
    When the required stats are set
    Then the update is accepted
    And only these fields of the sync job have changed:
      | deleted_document_count  | 1011                   |
      | indexed_document_count  | 2022                   |
      | indexed_document_volume | 70033                  |
      | last_seen               | the time of the update |

    Examples:
      | when          | given                  |
      | in the past   | "2023-01-02T10:00:00Z" |
      | in the future | "2999-01-02T10:00:00Z" |

  @id:stats.last-seen.given-replaces-given @req:stats.last-seen.given-wins
  Scenario Outline: A given last_seen replaces a given one that is <order>
    Given the sync job already has the complete stats
    When the complete stats are set with "last_seen" as <given>
    Then the update is accepted
    And only these fields of the sync job have changed:
      | last_seen | the instant <stored> |

    Examples:
      | order   | given                  | stored               |
      | earlier | "2021-03-04T05:06:07Z" | 2021-03-04T05:06:07Z |
      | later   | "2024-03-04T05:06:07Z" | 2024-03-04T05:06:07Z |

  @id:stats.last-seen.given-after-default @req:stats.last-seen.given-wins
  Scenario: A given last_seen replaces the time of an earlier update
    Given the sync job already has the stats:
      | deleted_document_count  | 1011  |
      | indexed_document_count  | 2022  |
      | indexed_document_volume | 70033 |
    When the required stats are set with "last_seen" as "2023-01-02T10:00:00Z"
    Then the update is accepted
    And only these fields of the sync job have changed:
      | last_seen | the instant 2023-01-02T10:00:00Z |

  @id:stats.last-seen.precision @req:stats.last-seen.fraction @req:stats.last-seen.read-back-in-utc
  Scenario Outline: An instant given to <case> is stored to the same precision
    When the required stats are set with "last_seen" as <given>
    Then the update is accepted
    And only these fields of the sync job have changed:
      | deleted_document_count  | 1011                 |
      | indexed_document_count  | 2022                 |
      | indexed_document_volume | 70033                |
      | last_seen               | the instant <stored> |

    Examples:
      | case         | given                            | stored                         |
      | seconds      | "2023-01-02T10:00:00Z"           | 2023-01-02T10:00:00Z           |
      | milliseconds | "2023-01-02T10:00:00.123Z"       | 2023-01-02T10:00:00.123Z       |
      | microseconds | "2023-12-04T08:45:50.567149Z"    | 2023-12-04T08:45:50.567149Z    |
      | nanoseconds  | "2023-12-04T08:45:50.567149321Z" | 2023-12-04T08:45:50.567149321Z |

  @id:stats.last-seen.far @req:stats.last-seen.given-wins
  Scenario Outline: An instant far from now is stored: <case>
    When the required stats are set with "last_seen" as <given>
    Then the update is accepted
    And only these fields of the sync job have changed:
      | deleted_document_count  | 1011                 |
      | indexed_document_count  | 2022                 |
      | indexed_document_volume | 70033                |
      | last_seen               | the instant <stored> |

    Examples:
      | case        | given                  | stored               |
      | future      | "2999-01-02T10:00:00Z" | 2999-01-02T10:00:00Z |
      | before-1970 | "1969-12-31T23:59:59Z" | 1969-12-31T23:59:59Z |
      | leap-day    | "2024-02-29T12:00:00Z" | 2024-02-29T12:00:00Z |
      | midnight    | "2023-01-01T00:00:00Z" | 2023-01-01T00:00:00Z |
      | summer      | "2023-07-02T10:00:00Z" | 2023-07-02T10:00:00Z |

  @id:stats.last-seen.offset @req:stats.last-seen.offset @req:stats.last-seen.read-back-in-utc @since:8.13.0
  Scenario Outline: An instant with an offset from UTC keeps its place in time: <case>
    When the required stats are set with "last_seen" as <given>
    Then the update is accepted
    And only these fields of the sync job have changed:
      | deleted_document_count  | 1011                 |
      | indexed_document_count  | 2022                 |
      | indexed_document_volume | 70033                |
      | last_seen               | the instant <stored> |

    Examples:
      | case          | given                         | stored                 |
      | east          | "2023-01-02T10:00:00+02:00"   | 2023-01-02T08:00:00Z   |
      | west          | "2023-01-02T10:00:00-05:30"   | 2023-01-02T15:30:00Z   |
      | over-midnight | "2023-01-01T00:30:00+01:00"   | 2022-12-31T23:30:00Z   |
      | with-fraction | "2023-01-02T10:00:00.5+01:00" | 2023-01-02T09:00:00.5Z |

  @id:stats.last-seen.no-zone @req:stats.last-seen.no-zone-is-utc @since:8.13.0
  Scenario Outline: A date-time without a zone is one in UTC: <case>
    When the required stats are set with "last_seen" as <given>
    Then the update is accepted
    And only these fields of the sync job have changed:
      | deleted_document_count  | 1011                 |
      | indexed_document_count  | 2022                 |
      | indexed_document_volume | 70033                |
      | last_seen               | the instant <stored> |

    Examples:
      | case         | given                     | stored                   |
      | winter       | "2023-01-02T10:00:00"     | 2023-01-02T10:00:00Z     |
      | summer       | "2023-07-02T10:00:00"     | 2023-07-02T10:00:00Z     |
      | milliseconds | "2023-01-02T10:00:00.250" | 2023-01-02T10:00:00.250Z |

  @id:stats.last-seen.epoch-millis @req:stats.last-seen.epoch-millis-string @since:8.13.0
  Scenario Outline: A string of milliseconds since 1970 is an instant: <case>
    When the required stats are set with "last_seen" as <given>
    Then the update is accepted
    And only these fields of the sync job have changed:
      | deleted_document_count  | 1011                 |
      | indexed_document_count  | 2022                 |
      | indexed_document_volume | 70033                |
      | last_seen               | the instant <stored> |

    Examples:
      | case              | given           | stored                   |
      | whole-second      | "1672653600000" | 2023-01-02T10:00:00Z     |
      | with-milliseconds | "1672653600123" | 2023-01-02T10:00:00.123Z |

  @id:stats.last-seen.instant-only @req:stats.last-seen.instant-only @req:stats.atomic @until:8.13.0
  Scenario Outline: Versions that take only a full instant reject one <case>
    When the complete stats are set with "last_seen" as <given>
    Then the request is rejected as "x_content_parse_exception" naming "last_seen"
    And the sync job is unchanged
    But the complete stats are then accepted

    Examples:
      | case                       | given                 |
      | without a zone             | "2023-01-02T10:00:00" |
      | in milliseconds since 1970 | "1672653600000"       |

  @id:stats.last-seen.not-a-string @req:stats.last-seen.rejects-non-strings @req:stats.atomic
  Scenario Outline: <case> is not an instant
    When the complete stats are set with "last_seen" as <given>
    Then the request is rejected as "x_content_parse_exception" naming "last_seen"
    And the sync job is unchanged
    But the complete stats are then accepted

    Examples:
      | case           | given                    |
      | a whole number | 1672653600000            |
      | a small number | 0                        |
      | a fraction     | 1672653600.5             |
      | true           | true                     |
      | false          | false                    |
      | an array       | ["2023-01-02T10:00:00Z"] |
      | an empty array | []                       |
      | an object      | {"a":1}                  |
      | null           | null                     |

  @id:stats.last-seen.not-a-date @req:stats.last-seen.rejects-non-dates @req:stats.atomic
  Scenario Outline: <case> is not an instant
    When the complete stats are set with "last_seen" as <given>
    Then the request is rejected as "x_content_parse_exception" naming "last_seen"
    And the sync job is unchanged
    But the complete stats are then accepted

    Examples:
      | case                                  | given                  |
      | an empty string                       | ""                     |
      | a word                                | "yesterday"            |
      | the word now                          | "now"                  |
      | a date alone                          | "2023-01-02"           |
      | a space for the T                     | "2023-01-02 10:00:00"  |
      | the 30th of February                  | "2023-02-30T10:00:00Z" |
      | the 29th of February of a common year | "2023-02-29T10:00:00Z" |
      | a thirteenth month                    | "2023-13-02T10:00:00Z" |
      | hour 25                               | "2023-01-02T25:00:00Z" |
      | minute 60                             | "2023-01-02T10:60:00Z" |

  @id:stats.last-seen.lower-case @req:stats.last-seen.rejects-lower-case @req:stats.atomic @since:8.13.0
  Scenario Outline: A date-time with <case> is not an instant
    When the complete stats are set with "last_seen" as <given>
    Then the request is rejected as "x_content_parse_exception" naming "last_seen"
    And the sync job is unchanged
    But the complete stats are then accepted

    Examples:
      | case                 | given                  |
      | a lower-case t and z | "2023-01-02t10:00:00z" |
