// Package limits holds every time limit of a run in one place.
package limits

import "time"

// Limits are the time limits of one run. Each is positive; zero values are
// replaced by WithDefaults.
type Limits struct {
	// Request bounds one HTTP exchange, from dialling to the last byte read.
	Request time.Duration
	// Scenario bounds the steps of one scenario, cleanup not included.
	Scenario time.Duration
	// Start bounds the wait for a target to come up and answer.
	Start time.Duration
	// Cleanup bounds the deletion of what one scenario created.
	Cleanup time.Duration
	// Sweep bounds the second try, at the end of the run, to delete what could
	// not be deleted in time.
	Sweep time.Duration
	// Run bounds the whole run, start and cleanup included.
	Run time.Duration
}

// Default returns the limits that hold where nobody chose others.
func Default() Limits {
	return Limits{
		Request:  10 * time.Second,
		Scenario: time.Minute,
		Start:    3 * time.Minute,
		Cleanup:  30 * time.Second,
		Sweep:    2 * time.Minute,
		Run:      30 * time.Minute,
	}
}

// WithDefaults returns l with its zero limits replaced by the defaults.
func (l Limits) WithDefaults() Limits {
	def := Default()
	for _, p := range []struct{ have, def *time.Duration }{
		{&l.Request, &def.Request},
		{&l.Scenario, &def.Scenario},
		{&l.Start, &def.Start},
		{&l.Cleanup, &def.Cleanup},
		{&l.Sweep, &def.Sweep},
		{&l.Run, &def.Run},
	} {
		if *p.have <= 0 {
			*p.have = *p.def
		}
	}
	return l
}
