@contract @since:8.12.0
Feature: metadata of a sync job
  Metadata is what a connector wants to note of its own. It is merged into what
  is stored, like a partial document.

  Background:
    Given a sync job

  @id:stats.metadata.merged @since:8.15.0
  Scenario Outline: Merging <case>
    Given the sync job already has the stats:
      | deleted_document_count  | 1011                   |
      | indexed_document_count  | 2022                   |
      | indexed_document_volume | 70033                  |
      | last_seen               | "2023-01-02T10:00:00Z" |
      | metadata                | <stored>               |
    When the stats are set to:
      | deleted_document_count  | 1012                   |
      | indexed_document_count  | 2022                   |
      | indexed_document_volume | 70033                  |
      | last_seen               | "2023-01-02T10:00:00Z" |
      | metadata                | <given>                |
    Then the update is accepted
    And only these fields of the sync job have changed:
      | deleted_document_count | 1012     |
      | metadata               | <merged> |

    @req:stats.metadata.merge
    Examples: keys
      | case                  | stored        | given              | merged                   |
      | a new key             | {"a":1}       | {"b":2}            | {"a":1,"b":2}            |
      | a known key           | {"a":1,"b":2} | {"a":3}            | {"a":3,"b":2}            |
      | a new and a known key | {"a":1,"b":2} | {"b":"x","c":true} | {"a":1,"b":"x","c":true} |
      | a null                | {"a":1,"b":2} | {"a":null}         | {"a":null,"b":2}         |

    @req:stats.metadata.empty-keeps
    Examples: empty objects
      | case                  | stored              | given    | merged              |
      | an empty object       | {"a":1,"b":{"c":2}} | {}       | {"a":1,"b":{"c":2}} |
      | an empty inner object | {"a":1,"b":{"c":2}} | {"b":{}} | {"a":1,"b":{"c":2}} |

    @req:stats.metadata.deep-merge
    Examples: inner objects
      | case              | stored                          | given                     | merged                          |
      | an inner key      | {"d":{"x":1,"y":2}}             | {"d":{"y":3}}             | {"d":{"x":1,"y":3}}             |
      | a new inner key   | {"d":{"x":1}}                   | {"d":{"z":3}}             | {"d":{"x":1,"z":3}}             |
      | three levels deep | {"a":{"b":{"c":1,"d":2}}}       | {"a":{"b":{"d":3,"e":4}}} | {"a":{"b":{"c":1,"d":3,"e":4}}} |
      | four levels deep  | {"a":{"b":{"c":{"d":1,"e":2}}}} | {"a":{"b":{"c":{"e":3}}}} | {"a":{"b":{"c":{"d":1,"e":3}}}} |

    @req:stats.metadata.arrays-replaced
    Examples: arrays
      | case                | stored                  | given             | merged                  |
      | a shorter array     | {"l":[1,2,3],"k":0}     | {"l":[9]}         | {"l":[9],"k":0}         |
      | a longer array      | {"l":[1]}               | {"l":[7,8,9]}     | {"l":[7,8,9]}           |
      | an empty array      | {"l":[1,2]}             | {"l":[]}          | {"l":[]}                |
      | an inner array      | {"d":{"l":[1,2],"x":1}} | {"d":{"l":[2,3]}} | {"d":{"l":[2,3],"x":1}} |
      | an array of objects | {"l":[{"a":1},{"b":2}]} | {"l":[{"c":3}]}   | {"l":[{"c":3}]}         |

    @req:stats.metadata.kinds-replaced
    Examples: values of another kind
      | case                    | stored              | given         | merged              |
      | an object over a number | {"a":1,"k":0}       | {"a":{"b":2}} | {"a":{"b":2},"k":0} |
      | a number over an object | {"a":{"b":2},"k":0} | {"a":1}       | {"a":1,"k":0}       |
      | a text over an array    | {"a":[1],"k":0}     | {"a":"x"}     | {"a":"x","k":0}     |
      | an array over an object | {"a":{"b":2},"k":0} | {"a":[1]}     | {"a":[1],"k":0}     |

  @id:stats.metadata.kept @req:stats.metadata.keeps-when-omitted @since:8.15.0
  Scenario: An update without metadata leaves the stored metadata
    Given the sync job already has the complete stats
    When the complete stats are set without "metadata, last_seen"
    Then the update is accepted
    And only these fields of the sync job have changed:
      | last_seen | the time of the update |

  @id:stats.metadata.three-updates @req:stats.metadata.merge @since:8.15.0
  Scenario: Metadata gathers over several updates
    Given the sync job already has the stats:
      | deleted_document_count  | 1                      |
      | indexed_document_count  | 2                      |
      | indexed_document_volume | 3                      |
      | last_seen               | "2023-01-02T10:00:00Z" |
      | metadata                | {"first":1}            |
    And the sync job already has the stats:
      | deleted_document_count  | 1                      |
      | indexed_document_count  | 2                      |
      | indexed_document_volume | 3                      |
      | last_seen               | "2023-01-02T10:00:00Z" |
      | metadata                | {"second":{"x":2}}     |
    When the stats are set to:
      | deleted_document_count  | 1                      |
      | indexed_document_count  | 2                      |
      | indexed_document_volume | 3                      |
      | last_seen               | "2023-01-02T10:00:00Z" |
      | metadata                | {"third":[3]}          |
    Then the update is accepted
    And only these fields of the sync job have changed:
      | metadata | {"first":1,"second":{"x":2},"third":[3]} |

  @id:stats.metadata.values @req:stats.metadata.types-kept @since:8.15.0
  Scenario Outline: Metadata keeps <case> as it is
    When the required stats are set with "metadata" as <given>
    Then the update is accepted
    And only these fields of the sync job have changed:
      | deleted_document_count  | 1011                   |
      | indexed_document_count  | 2022                   |
      | indexed_document_volume | 70033                  |
      | last_seen               | the time of the update |
      | metadata                | <given>                |

    Examples:
      | case                       | given                                                        |
      | a text                     | {"v":"text"}                                                 |
      | an empty text              | {"v":""}                                                     |
      | a text of digits           | {"v":"10"}                                                   |
      | a whole number             | {"v":10}                                                     |
      | a negative number          | {"v":-10}                                                    |
      | a fraction                 | {"v":0.25}                                                   |
      | a number beyond 32 bits    | {"v":4294967297}                                             |
      | a number beyond 53 bits    | {"v":9007199254740993}                                       |
      | the greatest 64-bit number | {"v":9223372036854775807}                                    |
      | true                       | {"v":true}                                                   |
      | false                      | {"v":false}                                                  |
      | a null in an array         | {"v":[1,2,{"d":null}]}                                       |
      | an inner object            | {"a":{"b":{"c":[1,2,{"d":null}]}}}                           |
      | an array of many kinds     | {"v":[1,"1",true,null,{"a":[]}]}                             |
      | a date-time                | {"v":"2023-01-02T10:00:00+02:00"}                            |
      | a long text                | {"v":"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"} |
      | a long array               | {"v":[100,101,102,103,104,105,106,107,108,109,110,111,112,113,114,115,116,117,118,119,120,121,122,123,124,125,126,127,128,129,130,131,132,133,134,135,136,137,138,139,140,141,142,143,144,145,146,147,148,149,150,151,152,153,154,155,156,157,158,159,160,161,162,163,164,165,166,167,168,169,170,171,172,173,174,175,176,177,178,179,180,181,182,183,184,185,186,187,188,189,190,191,192,193,194,195,196,197,198,199]} |
      | ten levels                 | {"a":{"b":{"c":{"d":{"e":{"f":{"g":{"h":{"i":{"j":1}}}}}}}}}} |
      | many keys                  | {"k0":0,"k1":1,"k2":2,"k3":3,"k4":4,"k5":5,"k6":6,"k7":7,"k8":8,"k9":9,"k10":10,"k11":11,"k12":12,"k13":13,"k14":14,"k15":15,"k16":16,"k17":17,"k18":18,"k19":19,"k20":20,"k21":21,"k22":22,"k23":23,"k24":24,"k25":25,"k26":26,"k27":27,"k28":28,"k29":29,"k30":30,"k31":31,"k32":32,"k33":33,"k34":34,"k35":35,"k36":36,"k37":37,"k38":38,"k39":39,"k40":40,"k41":41,"k42":42,"k43":43,"k44":44,"k45":45,"k46":46,"k47":47,"k48":48,"k49":49,"k50":50,"k51":51,"k52":52,"k53":53,"k54":54,"k55":55,"k56":56,"k57":57,"k58":58,"k59":59} |
      | a small fraction           | {"v":0.0000001}                                              |
      | a text of any script       | {"v":"значение 値 😀"}                                         |
      | names of other fields      | {"deleted_document_count":5,"status":"error","last_seen":"x"} |

  @id:stats.metadata.names @req:stats.metadata.names-kept @since:8.15.0
  Scenario Outline: Metadata keeps a key <case>
    When the required stats are set with "metadata" as <given>
    Then the update is accepted
    And only these fields of the sync job have changed:
      | deleted_document_count  | 1011                   |
      | indexed_document_count  | 2022                   |
      | indexed_document_volume | 70033                  |
      | last_seen               | the time of the update |
      | metadata                | <given>                |

    Examples:
      | case              | given                           |
      | with dots         | {"a.b":1,"a":{"c":2}}           |
      | in another script | {"ключ":"значение","emoji":"😀"} |
      | in upper case     | {"Key":1,"key":2}               |
      | with a space      | {"a key":1}                     |

  @id:stats.metadata.not-an-object @req:stats.metadata.rejects-non-objects @req:stats.atomic @since:8.15.0
  Scenario Outline: Metadata cannot be <case>
    When the complete stats are set with "metadata" as <given>
    Then the request is rejected as "x_content_parse_exception" naming "metadata"
    And the sync job is unchanged
    But the complete stats are then accepted

    Examples:
      | case                | given     |
      | a text              | "x"       |
      | a number            | 1         |
      | a boolean           | true      |
      | an array            | []        |
      | an array of objects | [{"a":1}] |
      | null                | null      |

  @id:stats.metadata.empty-key @req:stats.metadata.rejects-empty-key @req:stats.atomic @since:8.15.0
  Scenario: Metadata cannot have an empty key
    When the complete stats are set with "metadata" as {"":1}
    Then the request is rejected as "document_parsing_exception" because "field name cannot be an empty string"
    And the sync job is unchanged
    But the complete stats are then accepted

  @id:stats.metadata.unknown @req:stats.metadata.unknown-before-8-15 @req:stats.atomic @until:8.15.0
  Scenario: Versions that do not know metadata reject it as an unknown field
    When the complete stats are set with "metadata" as {"a":1}
    Then the request is rejected as "x_content_parse_exception" naming "metadata"
    And the request is rejected as "x_content_parse_exception" because "unknown field [metadata]"
    And the sync job is unchanged
    But the complete stats are then accepted
