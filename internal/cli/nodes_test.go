package cli_test

import (
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/esconform/esconform/internal/testkit/doors"
)

// openNodes opens three doors before $URL, of which the last may lag behind, and
// puts their addresses into $NODES and the host and port of the last into $LAST.
func openNodes(ts *testscript.TestScript, _ bool, args []string) {
	behind := ts.Getenv("URL")
	all, err := doors.Open(behind, behind, behind)
	ts.Check(err)
	ts.Defer(func() { doors.Shut(all) })
	last := all[len(all)-1]
	if len(args) > 0 && args[0] == "stale" {
		last.Lag()
	}
	ts.Setenv("NODES", doors.URLs(all))
	ts.Setenv("LAST", last.Host())
}
