package reference

import (
	"slices"
	"sync"
	"time"
)

// Faults returns the catalogue: one small deviation each, with the
// requirements that have to catch it.
func Faults() []Fault { return slices.Clone(catalogue()) }

var catalogue = sync.OnceValue(func() []Fault {
	return slices.Concat(
		answerFaults(), requiredFaults(), countFaults(), coercionFaults(), lastSeenFaults(), dateFormatFaults(),
		metadataFaults(), bodyFaults(), atomicityFaults(), notFoundFaults(), readFaults(), sideEffectFaults(),
		routingFaults(), headerFaults(), concurrencyFaults(), versionFaults(), lifecycleFaults(), sporadicFaults(),
		securityFaults(), jobCallFaults(), jobStateFaults(), jobCreateFaults(), jobReadFaults(), jobListFaults(),
		otherWriterFaults(), clientFaults(), sizeFaults(), kindFaults(), goneFaults(), serviceFaults(),
	)
})

// req lists requirement ids.
func req(ids ...string) []string { return ids }

func secondsOf(n int) time.Duration { return time.Duration(n) * time.Second }

// slug writes a field's name as it stands in ids.
func slug(field string) string {
	b := []byte(field)
	for i := range b {
		if b[i] == '_' {
			b[i] = '-'
		}
	}
	return string(b)
}
