@contract @direct-write @needs:lineage @since:8.15.0
Feature: Documents of older versions that lie beside everything else
  They are loaded before the suite begins (--lineage) and lie in the indices
  until it ends. Whatever the suite does beside them, they stay what they were.

  @id:lineages.beside.read @req:lineages.job.read @req:lineages.connector.read
  Scenario: Each is read as it was loaded
    Then each old document is read as it was loaded

  @id:lineages.beside.connectors @req:lineages.connector.read
  Scenario: Each connector is listed
    Then each old connector is listed as it is stored

  @id:lineages.beside.jobs @req:lineages.job.read
  Scenario: Each sync job is in every view
    Then each old sync job is in every view
