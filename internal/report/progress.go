package report

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/esconform/esconform/internal/cause"
	"github.com/esconform/esconform/internal/result"
)

// progress knows how far a run is. On a terminal it has one line that changes;
// in a log it is quiet.
type progress struct {
	live  bool
	now   func() time.Time
	shown bool // the changing line is on screen

	total, done, bad int
	ran              int // of those that are done, without the ones that were skipped
	began, logged    time.Time
	running          map[string]time.Time
}

const (
	logEvery = time.Minute
	// slow is from when on it is said what takes so long.
	slow = 3 * time.Second
	// enoughToGuess is how many scenarios say how long the others take.
	enoughToGuess = 20
)

func newProgress(opt TerminalOptions) progress {
	return progress{live: opt.Live, now: opt.Now, running: map[string]time.Time{}}
}

func (p *progress) begin(total int) {
	p.total, p.began = total, p.now()
	p.logged = p.began
}

func (p *progress) start(id string) { p.running[id] = p.now() }

func (p *progress) stop(id string) { delete(p.running, id) }

func (p *progress) end(s *result.Scenario) {
	p.done++
	p.total = max(p.total, p.done) // one that is flaky may have run once more
	if s.Outcome != result.Skipped {
		p.ran++
	}
	if cause.Has(s.Outcome) {
		p.bad++
	}
}

// say is the line that is due, or "".
func (p *progress) say(width int) string {
	if p.live {
		p.shown = true
		return within(width-1, p.text())
	}
	if now := p.now(); now.Sub(p.logged) >= logEvery {
		p.logged = now
		return p.text()
	}
	return ""
}

// text says first what matters most: a narrow terminal shows its beginning.
func (p *progress) text() string {
	parts := []string{fmt.Sprintf("%d of %s", p.done, result.Plural(p.total, "scenario"))}
	if p.bad > 0 {
		parts = append(parts, fmt.Sprintf("%d not passed", p.bad))
	}
	now := p.now()
	if left := p.total - p.done; p.ran >= enoughToGuess && left > 0 {
		guess := now.Sub(p.began) / time.Duration(p.ran) * time.Duration(left)
		parts = append(parts, fmt.Sprintf("about %s left", max(guess, time.Second).Round(time.Second)))
	}
	if id, since := p.slowest(now); since >= slow {
		parts = append(parts, fmt.Sprintf("%s for %s", id, since.Round(time.Second)))
	}
	return strings.Join(parts, ", ")
}

// slowest is the scenario that has been running for the longest time.
func (p *progress) slowest(now time.Time) (id string, since time.Duration) {
	for other, at := range p.running {
		if d := now.Sub(at); d > since || d == since && other < id {
			id, since = other, d
		}
	}
	return id, since
}

// within cuts a text to so many columns, and to one line.
func within(columns int, text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) <= columns {
		return text
	}
	return string([]rune(text)[:max(columns-1, 0)]) + "…"
}
