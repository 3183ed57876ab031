package compare

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/esconform/esconform/internal/result"
)

// Requirements that nobody could decide for one reason are told once; what fails
// newly is told one by one, and nothing is lost.
func TestGather(t *testing.T) {
	t.Parallel()
	c := &Comparison{}
	add := func(n int, change, why string) {
		for range n {
			id := fmt.Sprintf("r.%d", len(c.Outcomes))
			c.Outcomes = append(c.Outcomes, OutcomeChange{
				Requirement: id, Change: change, Class: Behaviour, Old: result.Passed, New: result.NotRun,
				Reason: strings.ReplaceAll(why, "ID", "s."+id),
			})
		}
	}
	add(5, NewlyFailing, "")
	add(90, Undecided, "not proven: ID failed at what a requires")
	add(3, Undecided, "not proven: ID failed at what a, b require")
	add(4, NewlySkipped, "needs x")
	c.Outcomes[97].Expected = "expected: it holds until 9"
	var told int
	var lines []string
	for _, g := range c.gather() {
		told += 1 + len(g.others)
		lines = append(lines, fmt.Sprintf("%s %d", g.Change, len(g.others)))
	}
	want := strings.Repeat("newly_failing 0, ", 5) + "undecided 89, undecided 0, undecided 0, newly_skipped 3"
	if got := strings.Join(lines, ", "); got != want || told != len(c.Outcomes)-1 {
		t.Errorf("got %s, %d in all, want %s", got, told, want)
	}
	for name, write := range map[string]func(*Comparison, *bytes.Buffer) error{
		"text":     func(c *Comparison, b *bytes.Buffer) error { return c.Text(b) },
		"markdown": func(c *Comparison, b *bytes.Buffer) error { return c.Markdown(b) },
	} {
		var b bytes.Buffer
		if err := write(c, &b); err != nil || !strings.Contains(b.String(), "89 more requirements: r.6, r.7, r.8, r.9 and 85 more") || strings.Contains(b.String(), "r.50") {
			t.Errorf("%s: %v\n%s", name, err, b.String())
		}
	}
}
