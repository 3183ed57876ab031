package observe

import (
	"bytes"
	"compress/flate"
	"io"
	"regexp"
	"sync"
	"time"

	"github.com/esconform/esconform/internal/result"
)

// Observer observes scenarios as they end, while all of their exchanges are
// there. It is safe for concurrent use.
type Observer struct {
	names   *regexp.Regexp
	started time.Time

	mu    sync.Mutex
	found masks
}

// NewObserver returns an observer of the scenarios of a run.
func NewObserver(runID string, started time.Time) *Observer {
	return &Observer{names: namesOf(runID), started: started, found: masks{}}
}

// Observe returns what Scenario.Observed holds: the lines that the scenario has
// in a file of observations, compressed, for they are many.
func (o *Observer) Observe(sc *result.Scenario) []byte {
	found := masks{}
	seen := o.scenario(sc, found)
	o.mu.Lock()
	o.found.join(found.list())
	o.mu.Unlock()
	return packed(seen.encoded())
}

// Texts returns what replaces in texts about a scenario, such as those of its
// failure, what is another one the next time.
func (o *Observer) Texts(sc *result.Scenario) func(string) string {
	n := newNormaliser(o.names, o.startOf(sc), read(sc.Exchanges), masks{})
	return func(text string) string {
		return word.ReplaceAllStringFunc(n.text(text, "", false), func(w string) string { return n.unlessMadeUp(w, "") })
	}
}

// word is what could be an id that the target made up.
var word = regexp.MustCompile(`[\w-]{20,}`)

// Masked is what Run.Masked holds: where the rules replaced something in what
// was observed.
func (o *Observer) Masked() map[string][]string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return byRule(o.found.list())
}

func byRule(list []Mask) map[string][]string {
	rules := map[string][]string{}
	for _, m := range list {
		rules[m.Rule] = m.Pointers
	}
	return rules
}

// Redact removes secrets from what was observed.
func Redact(observed []byte, redact func(string) string) []byte {
	text := string(bytes.Join(unpacked(observed), []byte("\n")))
	if clean := redact(text); clean != text {
		return packed([][]byte{[]byte(clean)})
	}
	return observed
}

// Recall gives the scenarios of a run that was read from a report what a file of
// the same run says of them. It reports whether the file has all that were
// capped.
func (s *Set) Recall(run *result.Run) bool {
	byID := map[string]*Scenario{}
	for i := range s.Scenarios {
		byID[s.Scenarios[i].ID] = &s.Scenarios[i]
	}
	for i := range run.Scenarios {
		sc := &run.Scenarios[i]
		if sc.Evidence != result.EvidenceCapped {
			continue
		}
		seen := byID[sc.ID]
		if seen == nil || seen.Outcome != sc.Outcome {
			return false
		}
		sc.Observed = packed(seen.lines)
	}
	run.Masked = byRule(s.Header.Masked)
	return true
}

// encoded are the lines of the scenario's exchanges in a file.
func (s *Scenario) encoded() [][]byte {
	if s.lines != nil {
		return s.lines
	}
	lines := make([][]byte, len(s.Observations))
	for i := range lines {
		lines[i] = encode(s.Observations[i])
	}
	return lines
}

var compressors = sync.Pool{New: func() any {
	w, _ := flate.NewWriter(nil, flate.BestSpeed) // the level is one that there is
	return w
}}

var decompressors = sync.Pool{New: func() any { return flate.NewReader(nil) }}

func packed(lines [][]byte) []byte {
	w := compressors.Get().(*flate.Writer)
	defer compressors.Put(w)
	var b bytes.Buffer
	w.Reset(&b)
	_, _ = w.Write(bytes.Join(lines, []byte("\n"))) // into memory
	_ = w.Close()
	return bytes.Clone(b.Bytes())
}

func unpacked(observed []byte) [][]byte {
	r := decompressors.Get().(io.Reader)
	defer decompressors.Put(r)
	_ = r.(flate.Resetter).Reset(bytes.NewReader(observed), nil)
	text, _ := io.ReadAll(r) // packed wrote it
	if len(text) == 0 {
		return [][]byte{}
	}
	return bytes.Split(text, []byte("\n"))
}
