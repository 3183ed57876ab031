package observe

import (
	"bytes"
	"strings"
	"testing"

	"github.com/esconform/esconform/internal/result"
)

// capped is a run whose scenarios were observed as they ended, and capped.
func capped(run *result.Run) *result.Run {
	out := *run
	o := NewObserver(run.RunID, run.Started)
	out.Scenarios = nil
	for _, sc := range run.Scenarios {
		short := sc.Capped()
		if short.Evidence != "" {
			short.Observed = o.Observe(&sc)
		}
		out.Scenarios = append(out.Scenarios, short)
	}
	out.Masked = o.Masked()
	return &out
}

func textOf(t *testing.T, s *Set) string {
	t.Helper()
	var b bytes.Buffer
	if err := s.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func longRun(f fake) *result.Run {
	return f.run(
		f.exchange(0, "Given a", "POST", "/_connector", `{"name":"x"}`, 201, `{"id":"`+f.job(1)+`","took":7}`),
		f.exchange(20, "When b", "PUT", "/_connector/"+f.job(1), `{"text":"`+strings.Repeat("y", 2000)+`"}`, 200, `{"_seq_no":5}`),
		f.exchange(40, "Then c", "GET", "/_connector/"+f.job(1), "", 200, `{"id":"`+f.job(1)+`"}`),
		f.exchange(60, "Then d", "GET", "/_connector/"+f.job(1), "", 404, `{"error":"gone"}`),
	)
}

// What is observed of a scenario as it ends, and what is recalled of a report
// with the file beside it, is what is observed of everything.
func TestCappedIsObservedAsWhole(t *testing.T) {
	t.Parallel()
	run := longRun(newFake(3))
	want := textOf(t, Of(run))
	short := capped(run)
	if short.Scenarios[0].Evidence == "" || len(short.Scenarios[0].Exchanges) != 2 {
		t.Fatalf("nothing was left out: %+v", short.Scenarios[0])
	}
	if got := textOf(t, Of(short)); got != want {
		t.Errorf("observed early\n%s\nobserved late\n%s", got, want)
	}
	set, err := Parse([]byte(want))
	if err != nil {
		t.Fatal(err)
	}
	short.Masked, short.Scenarios[0].Observed = nil, nil
	if !set.Recall(short) {
		t.Fatal("not recalled")
	}
	if got := textOf(t, Of(short)); got != want {
		t.Errorf("recalled\n%s\nobserved\n%s", got, want)
	}
	short.Scenarios[0].ID = "another"
	if set.Recall(short) {
		t.Error("recalled of another run")
	}
}

func TestRedactObserved(t *testing.T) {
	t.Parallel()
	short := capped(longRun(newFake(3)))
	sc := &short.Scenarios[0]
	sc.Observed = Redact(sc.Observed, func(s string) string { return strings.ReplaceAll(s, "gone", "<redacted>") })
	if got := textOf(t, Of(short)); strings.Contains(got, "gone") || !strings.Contains(got, "<redacted>") {
		t.Error("a secret is still there:\n" + got)
	}
}
