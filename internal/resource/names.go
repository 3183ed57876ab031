package resource

import "github.com/esconform/esconform/internal/wire"

// RunID returns the id of the run, which is part of every name it makes up.
func (sc *Scope) RunID() string { return sc.registry.runID }

// Session returns the session that the scope's requests go through.
func (sc *Scope) Session() *wire.Session { return sc.session }
