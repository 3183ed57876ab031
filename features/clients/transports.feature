@contract @since:8.12.0
Feature: How clients send every call
  Clients of Elasticsearch and the connector service do not send plain JSON. What
  they send has to be understood by every call of the API, not by one.

  Background:
    Given a connector of its own with these sync jobs, created one after the other:
      | a | full | in_progress |

  @id:clients.media-type-8 @req:clients.media-type-8 @service
  Scenario Outline: The media type of version 8 is understood and answered in kind: <operation>
    Given a client that "speaks the media type of version 8"
    When they send <request>
    Then they are allowed to
    And they are answered in kind

    Examples:
      | operation             | request                                                                                                                                |
      | create a sync job     | POST "/_connector/_sync_job" with {"id":"{connector}"}                                                                                 |
      | read the sync job     | GET "/_connector/_sync_job/{sync_job}"                                                                                                 |
      | list the sync jobs    | GET "/_connector/_sync_job?connector_id={connector}"                                                                                   |
      | set the stats         | PUT "/_connector/_sync_job/{sync_job}/_stats" with {"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3} |
      | check the sync job in | PUT "/_connector/_sync_job/{sync_job}/_check_in"                                                                                       |
      | report an error       | PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"e"}                                                                       |
      | cancel the sync job   | PUT "/_connector/_sync_job/{sync_job}/_cancel"                                                                                         |
      | delete the sync job   | DELETE "/_connector/_sync_job/{sync_job}"                                                                                              |

    @since:8.15.0
    Examples:
      | operation          | request                                                                    |
      | claim the sync job | PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"w"} |

  @id:clients.media-type-9 @req:clients.media-type-9 @since:9.0.0
  Scenario Outline: The media type of version 9 is understood and answered in kind: <operation>
    Given a client that "speaks the media type of version 9"
    When they send <request>
    Then they are allowed to
    And they are answered in kind

    Examples:
      | operation             | request                                                                                                                                |
      | create a sync job     | POST "/_connector/_sync_job" with {"id":"{connector}"}                                                                                 |
      | read the sync job     | GET "/_connector/_sync_job/{sync_job}"                                                                                                 |
      | list the sync jobs    | GET "/_connector/_sync_job?connector_id={connector}"                                                                                   |
      | set the stats         | PUT "/_connector/_sync_job/{sync_job}/_stats" with {"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3} |
      | check the sync job in | PUT "/_connector/_sync_job/{sync_job}/_check_in"                                                                                       |
      | report an error       | PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"e"}                                                                       |
      | cancel the sync job   | PUT "/_connector/_sync_job/{sync_job}/_cancel"                                                                                         |
      | delete the sync job   | DELETE "/_connector/_sync_job/{sync_job}"                                                                                              |
      | claim the sync job    | PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"w"}                                                             |

  @id:clients.gzip @req:clients.gzip
  Scenario Outline: A compressed body is understood: <operation>
    Given a client that "sends its bodies in gzip"
    When they send <request>
    Then they are allowed to
    And they are answered in kind

    Examples:
      | operation         | request                                                                                                                                |
      | create a sync job | POST "/_connector/_sync_job" with {"id":"{connector}"}                                                                                 |
      | set the stats     | PUT "/_connector/_sync_job/{sync_job}/_stats" with {"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3} |
      | report an error   | PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"e"}                                                                       |

    @since:8.15.0
    Examples:
      | operation          | request                                                                    |
      | claim the sync job | PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"w"} |

  @id:clients.octet-stream @req:clients.octet-stream @service
  Scenario Outline: A media type of what is not there does not matter: <operation>
    Given a client that "calls the lack of a body octet-stream"
    When they send <request>
    Then they are allowed to
    And they are answered in kind

    Examples:
      | operation             | request                                          |
      | check the sync job in | PUT "/_connector/_sync_job/{sync_job}/_check_in" |
      | cancel the sync job   | PUT "/_connector/_sync_job/{sync_job}/_cancel"   |

  @id:clients.product-origin @req:clients.product-origin @service
  Scenario Outline: The origin that the connector service gives does not matter: <operation>
    Given a client that "says that it is the connector service"
    When they send <request>
    Then they are allowed to
    And they are answered in kind

    Examples:
      | operation             | request                                                                                                                                |
      | create a sync job     | POST "/_connector/_sync_job" with {"id":"{connector}"}                                                                                 |
      | read the sync job     | GET "/_connector/_sync_job/{sync_job}"                                                                                                 |
      | list the sync jobs    | GET "/_connector/_sync_job?connector_id={connector}"                                                                                   |
      | set the stats         | PUT "/_connector/_sync_job/{sync_job}/_stats" with {"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3} |
      | check the sync job in | PUT "/_connector/_sync_job/{sync_job}/_check_in"                                                                                       |
      | report an error       | PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"e"}                                                                       |
      | cancel the sync job   | PUT "/_connector/_sync_job/{sync_job}/_cancel"                                                                                         |
      | delete the sync job   | DELETE "/_connector/_sync_job/{sync_job}"                                                                                              |

    @since:8.15.0
    Examples:
      | operation          | request                                                                    |
      | claim the sync job | PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"w"} |

  @id:clients.service @req:clients.service @service
  Scenario Outline: What the connector service and its client do at once is understood: <operation>
    Given a client that "does all that the connector service and its client do"
    When they send <request>
    Then they are allowed to
    And they are answered in kind

    Examples:
      | operation             | request                                                                                                                                |
      | create a sync job     | POST "/_connector/_sync_job" with {"id":"{connector}"}                                                                                 |
      | read the sync job     | GET "/_connector/_sync_job/{sync_job}"                                                                                                 |
      | list the sync jobs    | GET "/_connector/_sync_job?connector_id={connector}"                                                                                   |
      | set the stats         | PUT "/_connector/_sync_job/{sync_job}/_stats" with {"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3} |
      | check the sync job in | PUT "/_connector/_sync_job/{sync_job}/_check_in"                                                                                       |
      | report an error       | PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"e"}                                                                       |
      | cancel the sync job   | PUT "/_connector/_sync_job/{sync_job}/_cancel"                                                                                         |
      | delete the sync job   | DELETE "/_connector/_sync_job/{sync_job}"                                                                                              |

    @since:8.15.0
    Examples:
      | operation          | request                                                                    |
      | claim the sync job | PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"w"} |
