package result

import (
	"strings"
	"testing"
	"time"
)

func exchange(ms int, body string) Exchange {
	return Exchange{
		Started: time.Unix(0, 0).Add(time.Duration(ms) * time.Millisecond), DurationMS: 10,
		Request: Message{Method: "PUT", Path: "/x", Body: body}, Response: &Message{Status: 200, Body: body},
	}
}

func TestCapped(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", cappedBody) // two bytes each
	for name, tc := range map[string]struct {
		outcome   Outcome
		exchanges []Exchange
		kept      int
		evidence  string
	}{
		"passed":            {Passed, []Exchange{exchange(0, "a"), exchange(1, "b"), exchange(2, "c")}, 2, EvidenceCapped},
		"passed, long":      {Passed, []Exchange{exchange(0, long)}, 1, EvidenceCapped},
		"passed, and short": {Passed, []Exchange{exchange(0, "a"), exchange(1, "b")}, 2, ""},
		"passed, silent":    {Passed, nil, 0, ""},
		"failed":            {Failed, []Exchange{exchange(0, long), exchange(1, "b"), exchange(2, "c")}, 3, ""},
		"error":             {Error, []Exchange{exchange(0, long), exchange(1, "b"), exchange(2, "c")}, 3, ""},
		"flaky":             {Flaky, []Exchange{exchange(0, long), exchange(1, "b"), exchange(2, "c")}, 3, ""},
		"waived":            {Waived, []Exchange{exchange(0, long), exchange(1, "b"), exchange(2, "c")}, 3, ""},
	} {
		whole := Scenario{Outcome: tc.outcome, Exchanges: tc.exchanges, Sent: Sent{len(tc.exchanges), 0}}
		got := whole.Capped()
		if len(got.Exchanges) != tc.kept || got.Evidence != tc.evidence || got.Sent != whole.Sent {
			t.Errorf("%s: %d exchanges are kept, evidence %q, %+v", name, len(got.Exchanges), got.Evidence, got.Sent)
		}
		if again := got.Capped(); len(again.Exchanges) != tc.kept || again.Evidence != tc.evidence {
			t.Errorf("%s: capping twice is another thing: %+v", name, again)
		}
		if n := len(tc.exchanges); n > 0 && (got.Exchanges[0].Started != tc.exchanges[0].Started || got.Exchanges[tc.kept-1].Started != tc.exchanges[n-1].Started) {
			t.Errorf("%s: other exchanges than the first and the last are kept", name)
		}
		for _, e := range got.Exchanges {
			for _, m := range []*Message{&e.Request, e.Response} {
				cut := tc.evidence != "" && len(long) > cappedBody && m.CutFrom > 0
				if cut && (m.CutFrom != len(long) || len(m.Body) > cappedBody || !strings.HasPrefix(long, m.Body)) {
					t.Errorf("%s: %d bytes, cut from %d", name, len(m.Body), m.CutFrom)
				}
				if tc.outcome == Passed && len(m.Body) > cappedBody || tc.outcome != Passed && m.CutFrom > 0 {
					t.Errorf("%s: %d bytes of a body, cut from %d", name, len(m.Body), m.CutFrom)
				}
			}
		}
		if len(whole.Exchanges) > 0 && whole.Exchanges[0].Request.CutFrom+whole.Exchanges[0].Response.CutFrom > 0 {
			t.Errorf("%s: the original was changed", name)
		}
	}
}

// Of headers, what tells how the bytes went is left out of every scenario that
// passed, and most of an answer's where evidence is capped; of others nothing.
func TestCappedHeaders(t *testing.T) {
	t.Parallel()
	with := func(body string) Exchange {
		e := exchange(0, body)
		e.Request.Headers = map[string][]string{"User-Agent": {"x"}, "Accept": {"y"}}
		e.Response.Headers = map[string][]string{"Content-Length": {"1"}, "Content-Type": {"z"}, "X-Elastic-Product": {"Elasticsearch"}}
		return e
	}
	for name, tc := range map[string]struct {
		outcome         Outcome
		body            string
		request, answer int
	}{
		"passed": {Passed, "a", 1, 2}, "capped": {Passed, strings.Repeat("a", cappedBody+1), 1, 1}, "failed": {Failed, "a", 2, 3},
	} {
		whole := Scenario{Outcome: tc.outcome, Exchanges: []Exchange{with(tc.body)}, Steps: []Step{{}}, Tags: []string{"@x"}}
		got := whole.Capped()
		if e := got.Exchanges[0]; len(e.Request.Headers) != tc.request || len(e.Response.Headers) != tc.answer || e.Response.Headers["Content-Type"] == nil {
			t.Errorf("%s: headers are %v and %v", name, e.Request.Headers, e.Response.Headers)
		}
		if len(whole.Exchanges[0].Response.Headers) != 3 || len(whole.Exchanges[0].Request.Headers) != 2 {
			t.Errorf("%s: the original was changed", name)
		}
		if w := got.Written(); (len(w.Steps)+len(w.Tags) == 0) != (name == "capped") || len(got.Steps) != 1 {
			t.Errorf("%s: written with %d steps and %d tags", name, len(w.Steps), len(w.Tags))
		}
	}
}

// Requests that wait at the same time wait once.
func TestServerTime(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		at   []int
		want float64
	}{
		"none": {nil, 0}, "one": {[]int{0}, 10}, "apart": {[]int{0, 20}, 20}, "at once": {[]int{5, 0}, 15}, "the same": {[]int{0, 0, 0}, 10},
	} {
		var list []Exchange
		for _, ms := range tc.at {
			list = append(list, exchange(ms, ""))
		}
		if got := ServerTime(list); got != tc.want {
			t.Errorf("%s: got %v ms, want %v", name, got, tc.want)
		}
	}
}

func TestTraffic(t *testing.T) {
	t.Parallel()
	var all Traffic
	for range 2 {
		part := Traffic{Outside: Sent{200, 100}}
		part.Add(Scenario{Sent: Sent{1000, 41}, DurationMS: 100, ServerMS: 71})
		part.Add(Scenario{}) // skipped
		part.Sent = part.Plus(part.Outside)
		all.Join(part)
	}
	want := "2,400 (400 of them for set-up and cleanup), of which 282 writes (141.0 a scenario); the server took 71 % of the scenarios' time"
	if got := all.String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := (Traffic{Sent: Sent{1234567, 1}}).String(); !strings.HasPrefix(got, "1,234,567 (0 of") || strings.Contains(got, "NaN") {
		t.Errorf("got %s", got)
	}
}
