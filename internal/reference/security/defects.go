package security

// Defects are ways in which a service can be wrong on purpose. The zero value
// has none.
type Defects struct {
	Anonymous       bool // whoever shows no credentials is taken for the superuser
	AnyPassword     bool // any password will do for a user that there is
	OthersPasswords bool // the password of one user will do for another
	AnyKeySecret    bool // any secret will do for an API key that there is
	ExpiredKeys     bool // an expired API key is accepted
	InvalidatedKeys bool // an invalidated API key is accepted
	CaseOfScheme    bool // "basic" is not taken for "Basic"
	FirstOfTwo      bool // of two Authorization headers the first counts
	TellsUsers      bool // a wrong password is told from an unknown user
	OwnersKeys      bool // an API key may do whatever its owner may
	UndefinedRoles  bool // a role that is not defined grants everything
	AnyRunAs        bool // anybody may run as anybody else
	AliasCovers     bool // privileges on an alias hold for its index, and the reverse
}
