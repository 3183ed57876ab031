// Package race tells tests that the race detector is on. Under it everything
// takes several times the memory and ten times as long.
package race

import "testing"

// Brief reports whether tests run under the race detector with -short: a long
// table of which each row takes the same path then tries a few. All rows are
// tried without the detector.
func Brief() bool { return Enabled && testing.Short() }
