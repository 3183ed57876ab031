@resilience @since:8.12.0 @needs:roll
Feature: The nodes of a cluster are replaced by newer ones
  Writers write and readers read through the nodes that are there, of both versions,
  while each is stopped and a newer one goes on with its data. A write that was
  not acknowledged may be there or not; nothing that was acknowledged is lost.

  @id:nodes.rolling @req:nodes.errors @req:nodes.writes @req:nodes.reads @req:nodes.green @req:nodes.acknowledged @req:nodes.agree
  Scenario Outline: What was acknowledged outlives a rolling upgrade: <what>
    When nodes are replaced by newer ones while 2 writers write <what> and 1 readers read them
    Then every error of that time is an honest one
    And no read of that time showed less than was acknowledged before it
    And the cluster becomes green again
    And every node shows what was acknowledged, and all of them the same

    Examples:
      | what                |
      | index templates     |
      | component templates |
      | documents           |
      | sync jobs           |
      | connectors          |
