package resource

import "github.com/esconform/esconform/internal/wire"

// NewID makes up a name that no other run uses.
func (sc *Scope) NewID() string { return sc.registry.NewID() }

// RunID returns the id of the run, which is part of every name it makes up.
func (sc *Scope) RunID() string { return sc.registry.runID }

// Session returns the session that the scope's requests go through.
func (sc *Scope) Session() *wire.Session { return sc.session }
