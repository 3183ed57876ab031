//go:build race

package hostile

// raceEnabled says that the race detector is on, which takes several times the
// memory.
const raceEnabled = true
