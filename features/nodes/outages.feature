@resilience @since:8.12.0 @needs:nodes:3
Feature: A node of several is lost and comes back
  Writers write and readers read through the nodes that are up. A write that was
  not acknowledged may be there or not; nothing that was acknowledged is lost.

  @id:nodes.outage @req:nodes.errors @req:nodes.writes @req:nodes.reads @req:nodes.green @req:nodes.acknowledged @req:nodes.agree
  Scenario Outline: What was acknowledged outlives the loss of <who>: <what>
    When <who> is killed and comes back while 3 writers write <what> and 3 readers read them
    Then every error of that time is an honest one
    And no read of that time showed less than was acknowledged before it
    And the cluster becomes green again
    And every node shows what was acknowledged, and all of them the same

    Examples:
      | who        | what                |
      | a node     | index templates     |
      | the master | component templates |
      | a node     | documents           |
      | the master | documents           |
      | a node     | sync jobs           |
      | the master | connectors          |
