@security @since:8.12.0
Feature: Credentials
  Nobody gets anything without saying who they are, and nothing is looked at before.

  Background:
    Given a connector of its own with a pending sync job
    And a name saved as "new"

  @id:security.credentials.wrong @req:security.credentials.demanded @req:security.credentials.reason @req:security.credentials.challenge @req:security.refusal.no-product @req:security.refusal.no-credential @req:security.refusal.changes-nothing
  Scenario Outline: Somebody with <credentials> is asked to authenticate
    Given somebody with "<credentials>"
    When they send PUT "/_connector/_sync_job/{sync_job}/_stats" with {"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3}
    Then they are asked to authenticate because "<reason>"
    And the answer repeats no credential
    And nothing has changed

    Examples:
      | credentials             | reason                                                             |
      | no credentials          | missing authentication credentials for REST request [{path}]       |
      | an empty header         | missing authentication credentials for REST request [{path}]       |
      | Basic alone             | missing authentication credentials for REST request [{path}]       |
      | Bearer alone            | missing authentication credentials for REST request [{path}]       |
      | an unknown scheme       | missing authentication credentials for REST request [{path}]       |
      | a wrong password        | unable to authenticate user [{user}] for REST request [{path}]     |
      | an empty password       | unable to authenticate user [{user}] for REST request [{path}]     |
      | the password of another | unable to authenticate user [{user}] for REST request [{path}]     |
      | an unknown user         | unable to authenticate user [{user}] for REST request [{path}]     |
      | an empty user name      | unable to authenticate user [] for REST request [{path}]           |
      | Basic that is no base64 | invalid basic authentication header encoding                       |
      | Basic without a colon   | invalid basic authentication header value                          |

  @id:security.credentials.wrong-token @req:security.credentials.demanded @req:security.credentials.reason @req:security.credentials.challenge @req:security.refusal.no-product @req:security.refusal.no-credential @req:security.refusal.changes-nothing @req:security.key.secret
  Scenario Outline: Somebody with <credentials> is asked to authenticate, and told what is wrong
    Given somebody with "<credentials>"
    When they send PUT "/_connector/_sync_job/{sync_job}/_stats" with {"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3}
    Then they are asked to authenticate because "unable to authenticate with provided credentials…"
    And they are told of their token that "<wrong>"
    And the answer repeats no credential
    And nothing has changed

    Examples:
      | credentials             | wrong                                         |
      | a token that is made up | invalid token                                 |
      | a key that is no base64 | Illegal base64 character                      |
      | a key without a colon   | invalid ApiKey value                          |
      | a key that nobody has   | unable to find apikey with id {key}           |
      | a key of a wrong secret | invalid credentials for API key [{key}]       |
      | a key's id and no secret | invalid credentials for API key [{key}]      |

  @id:security.credentials.scheme @req:security.credentials.scheme-case
  Scenario Outline: The scheme's letters may be small or great: <credentials>
    Given somebody with "<credentials>"
    When they send PUT "/_connector/_sync_job/{sync_job}/_stats" with {"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3}
    Then they are allowed to

    Examples:
      | credentials                                     |
      | the right password, the scheme in small letters |
      | the right key, the scheme in small letters      |

  @id:security.credentials.two-headers @req:security.credentials.one-header @req:security.refusal.changes-nothing
  Scenario Outline: Two headers are an error, whichever is right: <credentials>
    Given somebody with "<credentials>"
    When they send PUT "/_connector/_sync_job/{sync_job}/_stats" with {"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3}
    Then the request is rejected as "illegal_argument_exception" because "multiple values for single-valued header [Authorization]"
    And the answer repeats no credential
    And nothing has changed
    But the complete stats are then accepted

    Examples:
      | credentials                         |
      | a wrong header before the right one |
      | a wrong header behind the right one |

  @id:security.credentials.each-operation @req:security.credentials.demanded @req:security.refusal.changes-nothing
  Scenario Outline: Nobody may <operation> without credentials
    Given somebody with "no credentials"
    When they send <request>
    Then they are asked to authenticate because "missing authentication credentials for REST request…"
    And nothing has changed

    Examples:
      | operation                        | request                                                                                                     |
      | create a connector               | PUT "/_connector/{new}" with {"index_name":"{new}","service_type":"esconform","name":"{new}"}               |
      | create a connector without an id | POST "/_connector" with {"service_type":"esconform","name":"{new}"}                                         |
      | read the connector               | GET "/_connector/{connector}"                                                                               |
      | list the connectors              | GET "/_connector?connector_name={connector}"                                                                |
      | delete the connector             | DELETE "/_connector/{connector}"                                                                            |
      | create a sync job                | POST "/_connector/_sync_job" with {"id":"{connector}"}                                                      |
      | read the sync job                | GET "/_connector/_sync_job/{sync_job}"                                                                      |
      | list the sync jobs               | GET "/_connector/_sync_job?connector_id={connector}"                                                        |
      | check the sync job in            | PUT "/_connector/_sync_job/{sync_job}/_check_in"                                                            |
      | claim the sync job               | PUT "/_connector/_sync_job/{sync_job}/_claim" with {"worker_hostname":"w"}                                  |
      | report an error                  | PUT "/_connector/_sync_job/{sync_job}/_error" with {"error":"e"}                                            |
      | cancel the sync job              | PUT "/_connector/_sync_job/{sync_job}/_cancel"                                                              |
      | delete the sync job              | DELETE "/_connector/_sync_job/{sync_job}"                                                                   |
      | read the stored sync job         | GET "/.elastic-connectors-sync-jobs/_doc/{sync_job}"                                                        |
      | search the stored sync jobs      | POST "/.elastic-connectors-sync-jobs/_search?size=0" with {"query":{"term":{"connector.id":"{connector}"}}} |
      | change the stored sync job       | POST "/.elastic-connectors-sync-jobs/_update/{sync_job}" with {"doc":{"worker_hostname":"w"}}               |
      | replace the stored sync job      | PUT "/.elastic-connectors-sync-jobs/_doc/{sync_job}" with {"worker_hostname":"w"}                           |
      | delete the stored sync job       | DELETE "/.elastic-connectors-sync-jobs/_doc/{sync_job}"                                                     |
      | ask for the server               | GET "/"                                                                                                     |
      | ask who they are                 | GET "/_security/_authenticate"                                                                              |

  @id:security.credentials.before @req:security.credentials.first @req:security.refusal.changes-nothing
  Scenario Outline: Credentials come before <fault>
    Given somebody with "a wrong password"
    When they send <method> "<path>" with the body:
      """
      <body>
      """
    Then they are asked to authenticate because "unable to authenticate user [{user}] for REST request [{path}…"
    And nothing has changed

    Examples:
      | fault                | method | path                                               | body                                                                                  |
      | an empty object      | PUT    | /_connector/_sync_job/{sync_job}/_stats            | {}                                                                                    |
      | a negative count     | PUT    | /_connector/_sync_job/{sync_job}/_stats            | {"deleted_document_count":-1,"indexed_document_count":1,"indexed_document_volume":1}  |
      | cut-off JSON         | PUT    | /_connector/_sync_job/{sync_job}/_stats            | {"deleted_document_count":                                                            |
      | an unknown parameter | PUT    | /_connector/_sync_job/{sync_job}/_stats?bogus=1    | {"deleted_document_count":1,"indexed_document_count":1,"indexed_document_volume":1}   |
      | a wrong method       | POST   | /_connector/_sync_job/{sync_job}/_stats            | {"deleted_document_count":1,"indexed_document_count":1,"indexed_document_volume":1}   |
      | an unknown route     | PUT    | /_connector/_sync_job/{sync_job}/_nosuch/route     | {"deleted_document_count":1,"indexed_document_count":1,"indexed_document_volume":1}   |
      | an unknown id        | PUT    | /_connector/_sync_job/{sync_job}-unknown/_stats    | {"deleted_document_count":1,"indexed_document_count":1,"indexed_document_volume":1}   |

  @id:security.credentials.before-media-type @req:security.credentials.first
  Scenario: Credentials come before the type of the body
    Given somebody with "no credentials"
    And the next request has the header "Content-Type" set to "text/plain"
    When they send PUT "/_connector/_sync_job/{sync_job}/_stats" with {"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3}
    Then they are asked to authenticate because "missing authentication credentials for REST request…"
    And nothing has changed

  @id:security.credentials.tell-nothing @req:security.credentials.tell-no-user
  Scenario Outline: Somebody with <credentials> does not learn who there is
    Given somebody with "<credentials>"
    When they send GET "/_security/_authenticate"
    Then they are asked to authenticate because "unable to authenticate user [{user}] for REST request [{path}]"

    Examples:
      | credentials      |
      | a wrong password |
      | an unknown user  |

  @id:security.credentials.options @req:security.credentials.options
  Scenario: What a route takes is told to everybody
    Given somebody with "no credentials"
    When they send OPTIONS "/_connector/_sync_job/{sync_job}/_stats"
    Then the response status is 200
    And the response header "Allow" is "PUT"
