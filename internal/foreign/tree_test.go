package foreign

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type verdict string

type part struct {
	Text    string
	Body    string `text:"block"`
	ID      string `text:"own"`
	Raw     []byte
	When    time.Time
	Verdict verdict
	Any     any
	Next    *part
	Parts   []part
	Headers map[string][]string

	secret string
}

func TestShown(t *testing.T) {
	t.Parallel()
	in := &part{
		Text: "a\nb", Body: "a\nb\x1b", ID: "i\x00", Raw: []byte{1}, When: time.Unix(1, 0), Verdict: "v\a", Any: "\x1b", secret: "s\x1b",
		Next: &part{Text: "fine"}, Parts: []part{{Text: "fine"}, {Text: "\u202e"}}, Headers: map[string][]string{"A\x1b": {"\x1b"}, "B": {"b"}},
	}
	next := in.Next
	got := Shown(in)
	want := &part{
		Text: `a\u000ab`, Body: "a\nb\\u001b", ID: `i\u0000`, Raw: []byte{1}, When: time.Unix(1, 0), Verdict: `v\u0007`, Any: `\u001b`, secret: "s\x1b",
		Next: &part{Text: "fine"}, Parts: []part{{Text: "fine"}, {Text: `\u202e`}}, Headers: map[string][]string{`A\u001b`: {`\u001b`}, "B": {"b"}},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(part{})); diff != "" {
		t.Error(diff)
	}
	if in.Text != "a\nb" || in.Parts[1].Text != "\u202e" || in.Headers["A\x1b"][0] != "\x1b" {
		t.Error("what was given has changed")
	}
	if got.Next != next {
		t.Error("what needs no change is copied")
	}
	if clean := Shown(next); clean != next {
		t.Error("what needs no change is copied")
	}
}

func TestRedactLeavesOurOwnWordsAlone(t *testing.T) {
	t.Parallel()
	s := &Secrets{}
	in := part{Text: "documented", ID: "documented", Verdict: "documented", Headers: map[string][]string{"X": {"documented"}}}
	if got := Redact(s, in); got.Text != "documented" {
		t.Error("something is redacted though nothing is secret")
	}
	s.Add("documented")
	want := part{Text: Redacted, ID: "documented", Verdict: "documented", Headers: map[string][]string{"X": {Redacted}}}
	if diff := cmp.Diff(want, Redact(s, in), cmp.AllowUnexported(part{})); diff != "" {
		t.Error(diff)
	}
}
