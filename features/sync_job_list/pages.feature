@since:8.12.0
Feature: The pages of a list of sync jobs

  Background:
    Given a connector of its own with these sync jobs, created one after the other:
      | a | full | pending |
      | b | full | pending |
      | c | full | pending |
      | d | full | pending |

  @contract @id:sync-job.list.newest-first @req:sync-job.list.newest-first @req:sync-job.list.shape @since:8.13.0
  Scenario: The newest sync job comes first
    When the sync jobs of the connector are listed
    Then the list counts 4 sync jobs and shows "d, c, b, a"
    And the list is in the order of creation, newest first

  @contract @id:sync-job.list.oldest-first @req:sync-job.list.oldest-first @until:8.13.0
  Scenario: The oldest sync job comes first in the list of earlier versions
    When the sync jobs of the connector are listed
    Then the list counts 4 sync jobs and shows "a, b, c, d"
    And the list is in the order of creation, oldest first

  @contract @id:sync-job.list.updated @req:sync-job.list.newest-first @since:8.13.0
  Scenario: A later update does not move a sync job in the list
    When I send PUT "/_connector/_sync_job/{a}/_check_in"
    Then the response status is 200
    When the sync jobs of the connector are listed
    Then the list counts 4 sync jobs and shows "d, c, b, a"

  @documented @id:sync-job.list.page @req:sync-job.list.from @req:sync-job.list.size @req:sync-job.list.count @since:8.13.0
  Scenario Outline: <query> shows <shown> of four
    When the sync jobs of the connector are listed with "<query>"
    Then the list counts 4 sync jobs and shows "<shown>"

    Examples:
      | query         | shown      |
      | size=1        | d          |
      | size=2        | d, c       |
      | size=100      | d, c, b, a |
      | from=1        | c, b, a    |
      | from=3        | a          |
      | from=0&size=2 | d, c       |
      | from=1&size=2 | c, b       |
      | from=3&size=2 | a          |

  @documented @id:sync-job.list.page.earlier @req:sync-job.list.from @req:sync-job.list.size @until:8.13.0
  Scenario Outline: <query> shows <shown> of four in earlier versions
    When the sync jobs of the connector are listed with "<query>"
    Then the list counts 4 sync jobs and shows "<shown>"

    Examples:
      | query         | shown |
      | size=1        | a     |
      | from=1&size=2 | b, c  |
      | from=3        | d     |

  @contract @id:sync-job.list.beyond @req:sync-job.list.count @req:sync-job.list.pages
  Scenario Outline: <query> shows nothing and still counts
    When the sync jobs of the connector are listed with "<query>"
    Then the list counts 4 sync jobs and shows 0

    Examples:
      | query            |
      | size=0           |
      | from=4           |
      | from=9           |
      | from=9999&size=1 |

  @contract @id:sync-job.list.pages @req:sync-job.list.pages @since:8.13.0
  Scenario: Pages neither repeat nor lose a sync job
    When the sync jobs of the connector are listed with "from=0&size=3"
    Then the list counts 4 sync jobs and shows "d, c, b"
    When the sync jobs of the connector are listed with "from=3&size=3"
    Then the list counts 4 sync jobs and shows "a"

  @contract @id:sync-job.list.rejects-negative @req:sync-job.list.rejects-negative
  Scenario Outline: <parameter>=<value> is rejected
    When the sync jobs of the connector are listed with "<parameter>=<value>"
    Then the request is rejected as "illegal_argument_exception" because "Parameter [<parameter>] cannot be < 0"
    When the sync jobs of the connector are listed with "<parameter>=0"
    Then the response status is 200

    Examples:
      | parameter | value |
      | from      | -1    |
      | size      | -1    |
      | size      | -100  |

  @documented @id:sync-job.list.code.400 @req:sync-job.list.code.400
  Scenario: A size that is no number is answered with 400
    When the sync jobs of the connector are listed with "size=x"
    Then the response status is 400

  @contract @id:sync-job.list.rejects-words @req:sync-job.list.rejects-words
  Scenario Outline: <parameter>=<value> is no number and is rejected
    When the sync jobs of the connector are listed with "<parameter>=<value>"
    Then the request is rejected as "illegal_argument_exception" because "Failed to parse int parameter [<parameter>] with value [<value>]"
    When the sync jobs of the connector are listed with "<parameter>=0"
    Then the response status is 200

    Examples:
      | parameter | value      |
      | from      | ten        |
      | size      | x          |
      | size      | 1.5        |
      | size      | 2147483648 |

  @contract @id:sync-job.list.window @req:sync-job.list.window
  Scenario Outline: A page beyond 10000 is rejected: <query>
    When the sync jobs of the connector are listed with "<query>"
    Then the response status is 400
    And the response at "/error/type" equals "search_phase_execution_exception"
    And the response at "/error/root_cause/0/type" equals "illegal_argument_exception"
    And the response body contains "from + size must be less than or equal to: [10000] but was [10001]"
    When the sync jobs of the connector are listed with "size=10000"
    Then the list counts 4 sync jobs and shows 4

    Examples:
      | query               |
      | size=10001          |
      | from=10000&size=1   |
      | from=5001&size=5000 |
