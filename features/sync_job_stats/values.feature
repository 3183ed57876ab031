@contract @since:8.12.0
Feature: Values of the counts
  A count is a whole number from 0 to 2147483647. Some other forms are read as
  one; everything else is rejected, and nothing is ever cut to fit.

  Background:
    Given a sync job

  @id:stats.values.numeric-string @req:stats.values.numeric-string
  Scenario Outline: <field> given as the string <given> is stored as a number
    When the complete stats are set
    And the complete stats are set with "<field>" as <given>
    Then the update is accepted
    And only these fields of the sync job have changed:
      | <field> | <stored> |

    Examples:
      | field                   | given        | stored     |
      | deleted_document_count  | "10"         | 10         |
      | deleted_document_count  | "2147483647" | 2147483647 |
      | indexed_document_count  | "10"         | 10         |
      | indexed_document_count  | "2147483647" | 2147483647 |
      | indexed_document_volume | "10"         | 10         |
      | indexed_document_volume | "2147483647" | 2147483647 |
      | total_document_count    | "10"         | 10         |
      | total_document_count    | "2147483647" | 2147483647 |

  @id:stats.values.decimal @req:stats.values.decimal-truncated
  Scenario Outline: <field> given as <given> is stored without the fraction
    When the complete stats are set
    And the complete stats are set with "<field>" as <given>
    Then the update is accepted
    And only these fields of the sync job have changed:
      | <field> | <stored> |

    Examples:
      | field                   | given  | stored |
      | deleted_document_count  | 10.7   | 10     |
      | deleted_document_count  | 10.0   | 10     |
      | deleted_document_count  | 99.999 | 99     |
      | indexed_document_count  | 10.7   | 10     |
      | indexed_document_count  | 10.0   | 10     |
      | indexed_document_count  | 99.999 | 99     |
      | indexed_document_volume | 10.7   | 10     |
      | indexed_document_volume | 10.0   | 10     |
      | indexed_document_volume | 99.999 | 99     |
      | total_document_count    | 10.7   | 10     |
      | total_document_count    | 10.0   | 10     |
      | total_document_count    | 99.999 | 99     |

  @id:stats.values.wide @req:stats.values.exact
  Scenario Outline: Values around <bits> bits are stored exactly, each in its own field
    When the stats are set to:
      | deleted_document_count  | <deleted> |
      | indexed_document_count  | <indexed> |
      | indexed_document_volume | <volume>  |
      | total_document_count    | <total>   |
    Then the update is accepted
    And only these fields of the sync job have changed:
      | deleted_document_count  | <deleted>              |
      | indexed_document_count  | <indexed>              |
      | indexed_document_volume | <volume>               |
      | total_document_count    | <total>                |
      | last_seen               | the time of the update |

    Examples:
      | bits | deleted    | indexed    | volume     | total      |
      | 8    | 255        | 256        | 257        | 128        |
      | 16   | 65535      | 65536      | 65537      | 32768      |
      | 24   | 16777215   | 16777216   | 16777217   | 8388608    |
      | 31   | 2147483647 | 2147483646 | 1073741824 | 2147483645 |

  @id:stats.values.null @req:stats.values.rejects-null @req:stats.atomic
  Scenario Outline: <field> cannot be null
    When the complete stats are set with "<field>" as <given>
    Then the request is rejected as "x_content_parse_exception" naming "<field>"
    And the sync job is unchanged
    But the complete stats are then accepted

    Examples:
      | field                   | given |
      | deleted_document_count  | null  |
      | indexed_document_count  | null  |
      | indexed_document_volume | null  |
      | total_document_count    | null  |

  @id:stats.values.word @req:stats.values.rejects-word @req:stats.atomic
  Scenario Outline: <field> cannot be the string <given>
    When the complete stats are set with "<field>" as <given>
    Then the request is rejected as "x_content_parse_exception" naming "<field>"
    And the sync job is unchanged
    But the complete stats are then accepted

    Examples:
      | field                   | given |
      | deleted_document_count  | "ten" |
      | deleted_document_count  | ""    |
      | indexed_document_count  | "ten" |
      | indexed_document_count  | ""    |
      | indexed_document_volume | "ten" |
      | indexed_document_volume | ""    |
      | total_document_count    | "ten" |
      | total_document_count    | ""    |

  @id:stats.values.boolean @req:stats.values.rejects-boolean @req:stats.atomic
  Scenario Outline: <field> cannot be <given>
    When the complete stats are set with "<field>" as <given>
    Then the request is rejected as "x_content_parse_exception" naming "<field>"
    And the sync job is unchanged
    But the complete stats are then accepted

    Examples:
      | field                   | given |
      | deleted_document_count  | true  |
      | deleted_document_count  | false |
      | indexed_document_count  | true  |
      | indexed_document_count  | false |
      | indexed_document_volume | true  |
      | indexed_document_volume | false |
      | total_document_count    | true  |
      | total_document_count    | false |

  @id:stats.values.object @req:stats.values.rejects-object @req:stats.atomic
  Scenario Outline: <field> cannot be an object
    When the complete stats are set with "<field>" as <given>
    Then the request is rejected as "x_content_parse_exception" naming "<field>"
    And the sync job is unchanged
    But the complete stats are then accepted

    Examples:
      | field                   | given   |
      | deleted_document_count  | {"a":1} |
      | indexed_document_count  | {"a":1} |
      | indexed_document_volume | {"a":1} |
      | total_document_count    | {"a":1} |

  @id:stats.values.array @req:stats.values.rejects-array @req:stats.atomic
  Scenario Outline: <field> cannot be an array
    When the complete stats are set with "<field>" as <given>
    Then the request is rejected as "x_content_parse_exception" naming "<field>"
    And the sync job is unchanged
    But the complete stats are then accepted

    Examples:
      | field                   | given |
      | deleted_document_count  | [1]   |
      | indexed_document_count  | [1]   |
      | indexed_document_volume | [1]   |
      | total_document_count    | [1]   |

  @id:stats.values.negative @req:stats.values.rejects-negative @req:stats.atomic
  Scenario Outline: <field> cannot be <given>
    When the complete stats are set with "<field>" as <given>
    Then the request is rejected as "action_request_validation_exception" naming "<field>"
    And the sync job is unchanged
    But the complete stats are then accepted

    Examples:
      | field                   | given       |
      | deleted_document_count  | -1          |
      | deleted_document_count  | -2147483648 |
      | indexed_document_count  | -1          |
      | indexed_document_count  | -2147483648 |
      | indexed_document_volume | -1          |
      | indexed_document_volume | -2147483648 |
      | total_document_count    | -1          |
      | total_document_count    | -2147483648 |

  @id:stats.values.negatives @req:stats.values.negative-all-named @req:stats.atomic
  Scenario Outline: Negative values of <fields> are all named
    When the stats are set to:
      | deleted_document_count  | <deleted> |
      | indexed_document_count  | <indexed> |
      | indexed_document_volume | <volume>  |
      | total_document_count    | <total>   |
    Then the request is rejected as "action_request_validation_exception" naming "<fields>"
    And the sync job is unchanged
    But the complete stats are then accepted

    Examples:
      | fields                                                       | deleted | indexed | volume | total |
      | deleted_document_count, indexed_document_count, indexed_document_volume, total_document_count | -1      | -2      | -3     | -4    |
      | deleted_document_count, total_document_count                 | -1      | 2       | 3      | -4    |
      | indexed_document_count, indexed_document_volume              | 1       | -2      | -3     | 4     |

  @id:stats.values.beyond-integer @req:stats.values.rejects-beyond-integer @req:stats.atomic
  Scenario Outline: <field> cannot be <given>
    When the complete stats are set with "<field>" as <given>
    Then the request is rejected as "document_parsing_exception" naming "<field>"
    And the sync job is unchanged
    But the complete stats are then accepted

    Examples:
      | field                   | given               |
      | deleted_document_count  | 2147483648          |
      | deleted_document_count  | 4294967297          |
      | deleted_document_count  | 9007199254740993    |
      | deleted_document_count  | 9223372036854775807 |
      | indexed_document_count  | 2147483648          |
      | indexed_document_count  | 4294967297          |
      | indexed_document_count  | 9007199254740993    |
      | indexed_document_count  | 9223372036854775807 |
      | indexed_document_volume | 2147483648          |
      | indexed_document_volume | 4294967297          |
      | indexed_document_volume | 9007199254740993    |
      | indexed_document_volume | 9223372036854775807 |
      | total_document_count    | 2147483648          |
      | total_document_count    | 4294967297          |
      | total_document_count    | 9007199254740993    |
      | total_document_count    | 9223372036854775807 |

  @id:stats.values.beyond-long @req:stats.values.rejects-beyond-long @req:stats.atomic
  Scenario Outline: <field> cannot be <given>
    When the complete stats are set with "<field>" as <given>
    Then the request is rejected as "x_content_parse_exception" naming "<field>"
    And the sync job is unchanged
    But the complete stats are then accepted

    Examples:
      | field                   | given                |
      | deleted_document_count  | 9223372036854775808  |
      | deleted_document_count  | 18446744073709551617 |
      | indexed_document_count  | 9223372036854775808  |
      | indexed_document_count  | 18446744073709551617 |
      | indexed_document_volume | 9223372036854775808  |
      | indexed_document_volume | 18446744073709551617 |
      | total_document_count    | 9223372036854775808  |
      | total_document_count    | 18446744073709551617 |
