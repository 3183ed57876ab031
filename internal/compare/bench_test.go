package compare

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/esconform/esconform/internal/observe"
)

// BenchmarkCompare compares runs of 100,000 exchanges, all of which differ.
func BenchmarkCompare(b *testing.B) {
	run := func(n int) []byte {
		body := fmt.Sprintf(`{"id":"<sync job 1>","connector":{"id":"<name 1>","filtering":{"rules":[{"created_at":"<instant>","field":"_","id":"DEFAULT","order":0,"value":".*"}],"validation":{"errors":[],"state":"valid"}}},"created_at":"<instant>","count":%d,"status":"pending"}`, n)
		answers := make([]answer, 100)
		for i := range answers {
			answers[i] = ok(body)
		}
		var out bytes.Buffer
		if err := set(1000, answers...).Write(&out); err != nil {
			b.Fatal(err)
		}
		return out.Bytes()
	}
	first, second := run(1), run(2)
	b.ReportAllocs()
	for b.Loop() {
		old, err := observe.Parse(first)
		if err != nil {
			b.Fatal(err)
		}
		now, err := observe.Parse(second)
		if err != nil {
			b.Fatal(err)
		}
		if c, err := Compare(old, now, Options{}); err != nil || len(c.Entries) != 1 {
			b.Fatal(err, c)
		}
	}
}
