package observe

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// written is a file of one scenario with one exchange for each pair of request
// body and answer.
func written(lines ...string) []byte {
	var b bytes.Buffer
	b.WriteString(`{"esconform_observations":1,"suite":{"version":"1","digest":"d"},"selection":{},"target":{"kind":"embedded","version":"9.5.3","is_elasticsearch":false,"security":false},"verdict":"conformant","reason":"r"}` + "\n")
	b.WriteString(`{"scenario":"s","outcome":"passed","requirements":[]}` + "\n")
	for _, line := range lines {
		b.WriteString(`{"observed":"s","step":"When","request":{"method":"PUT","path":"/x"` + line + "}\n")
	}
	fmt.Fprintf(&b, `{"end":{"requirements":0,"scenarios":1,"observations":%d}}`+"\n", len(lines))
	return b.Bytes()
}

// Differing takes a short way through the lines; it has to come to what the
// long way, Exchanges, comes to.
func TestDifferingReadsWhatExchangesReads(t *testing.T) {
	t.Parallel()
	const same = `},"answer":{"status":200}`
	for name, pair := range map[string][2]string{
		"status":                  {`},"answer":{"status":200}`, `},"answer":{"status":404}`},
		"no answer":               {`},"answer":{"error":"reset \"by\" peer"}`, `},"answer":{"status":200,"text":"a\nb"}`},
		"headers":                 {`},"answer":{"status":200,"headers":{"A":"1","body":"{}"}}`, `},"answer":{"status":200,"headers":{"A":"\u00e9"}}`},
		"bodies":                  {`},"answer":{"status":200,"body":{"a":[1,{"b":null}]}}`, `},"answer":{"status":200,"body":[1.50]}`},
		"an answer in a request":  {`,"body":{"x":1,"answer":{"status":1}}},"answer":{"status":200}`, `,"body":{"x":1,"answer":{"status":1}}},"answer":{"status":201}`},
		"an answer in an answer":  {`},"answer":{"status":200,"body":{"x":1,"answer":{"body":2}}}`, `},"answer":{"status":200,"body":{"x":1,"answer":{"body":3}}}`},
		"a text that looks alike": {`,"text":",\"answer\":{"},"answer":{"status":200}`, `,"text":",\"answer\":{"},"answer":{"status":500}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var all [2][]Observation
			var scenarios [2]*Scenario
			for i, line := range pair {
				set, err := Parse(written(same, line))
				if err != nil {
					t.Fatal(err)
				}
				scenarios[i] = &set.Scenarios[0]
				if all[i], err = scenarios[i].Exchanges(); err != nil {
					t.Fatal(err)
				}
			}
			a, b, ok, err := Differing(scenarios[0], scenarios[1])
			if err != nil || !ok {
				t.Fatalf("ok %v, error %v", ok, err)
			}
			if !reflect.DeepEqual(a, all[0][1:]) || !reflect.DeepEqual(b, all[1][1:]) {
				t.Errorf("got\n%+v\n%+v\nwant\n%+v\n%+v", a, b, all[0][1:], all[1][1:])
			}
		})
	}
}

func TestDifferingRefuses(t *testing.T) {
	t.Parallel()
	right := `},"answer":{"status":200}`
	for name, tc := range map[string]struct{ line, want string }{
		"no JSON":          {`},"answer":{"status":}`, "exchange 1: not JSON"},
		"no answer":        {`}`, "exchange 1: there is no answer"},
		"a wrong question": {`,"method":7},"answer":{"status":201}`, ""}, // another question: all exchanges are needed
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, err := Parse(written(right))
			if err != nil {
				t.Fatal(err)
			}
			b, err := Parse(written(tc.line))
			if err != nil {
				t.Fatal(err)
			}
			_, _, ok, err := Differing(&a.Scenarios[0], &b.Scenarios[0])
			if ok || (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
				t.Errorf("ok %v, error %v, want %q", ok, err, tc.want)
			}
		})
	}
}
