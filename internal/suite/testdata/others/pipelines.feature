@contract @needs:api:ingest
Feature: Pipelines

  @id:others.pipelines.own
  Scenario: A pipeline is read back
    Given a pipeline created with:
      """
      {"description": "a \{pipeline}", "processors": []}
      """
    When the pipeline is read
    Then the response status is 200
    And the pipeline at "/description" equals "a \{pipeline}"
    And the response at "/{pipeline}/processors" equals []

  @id:others.pipelines.plain
  Scenario: A pipeline with a plain name
    When I send PUT "/_ingest/pipeline/pipeline-of-others" with the body:
      """
      {"processors": []}
      """
    Then the response is the JSON:
      """
      {"acknowledged": true}
      """
