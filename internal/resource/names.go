package resource

// NewID makes up a name that no other run uses.
func (sc *Scope) NewID() string { return sc.registry.NewID() }
