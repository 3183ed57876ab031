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
    When they "<operation>"
    Then they are allowed to
    And they are answered in kind

    Examples:
      | operation             |
      | create a sync job     |
      | read the sync job     |
      | list the sync jobs    |
      | set the stats         |
      | check the sync job in |
      | report an error       |
      | cancel the sync job   |
      | delete the sync job   |

    @since:8.15.0
    Examples:
      | operation          |
      | claim the sync job |

  @id:clients.media-type-9 @req:clients.media-type-9 @since:9.0.0
  Scenario Outline: The media type of version 9 is understood and answered in kind: <operation>
    Given a client that "speaks the media type of version 9"
    When they "<operation>"
    Then they are allowed to
    And they are answered in kind

    Examples:
      | operation             |
      | create a sync job     |
      | read the sync job     |
      | list the sync jobs    |
      | set the stats         |
      | check the sync job in |
      | report an error       |
      | cancel the sync job   |
      | delete the sync job   |
      | claim the sync job    |

  @id:clients.gzip @req:clients.gzip
  Scenario Outline: A compressed body is understood: <operation>
    Given a client that "sends its bodies in gzip"
    When they "<operation>"
    Then they are allowed to
    And they are answered in kind

    Examples:
      | operation         |
      | create a sync job |
      | set the stats     |
      | report an error   |

    @since:8.15.0
    Examples:
      | operation          |
      | claim the sync job |

  @id:clients.octet-stream @req:clients.octet-stream @service
  Scenario Outline: A media type of what is not there does not matter: <operation>
    Given a client that "calls the lack of a body octet-stream"
    When they "<operation>"
    Then they are allowed to
    And they are answered in kind

    Examples:
      | operation             |
      | check the sync job in |
      | cancel the sync job   |

  @id:clients.product-origin @req:clients.product-origin @service
  Scenario Outline: The origin that the connector service gives does not matter: <operation>
    Given a client that "says that it is the connector service"
    When they "<operation>"
    Then they are allowed to
    And they are answered in kind

    Examples:
      | operation             |
      | create a sync job     |
      | read the sync job     |
      | list the sync jobs    |
      | set the stats         |
      | check the sync job in |
      | report an error       |
      | cancel the sync job   |
      | delete the sync job   |

    @since:8.15.0
    Examples:
      | operation          |
      | claim the sync job |

  @id:clients.service @req:clients.service @service
  Scenario Outline: What the connector service and its client do at once is understood: <operation>
    Given a client that "does all that the connector service and its client do"
    When they "<operation>"
    Then they are allowed to
    And they are answered in kind

    Examples:
      | operation             |
      | create a sync job     |
      | read the sync job     |
      | list the sync jobs    |
      | set the stats         |
      | check the sync job in |
      | report an error       |
      | cancel the sync job   |
      | delete the sync job   |

    @since:8.15.0
    Examples:
      | operation          |
      | claim the sync job |
