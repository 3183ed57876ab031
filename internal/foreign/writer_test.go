package foreign

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

func TestWriterIsTheDoor(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		writes []string
		want   string
	}{
		"text":               {[]string{"one\ntwo\n"}, "one\ntwo\n"},
		"control characters": {[]string{"a\x1b[2Jb\n\u202e\n"}, "a\\u001b[2Jb\n\\u202e\n"},
		"a divided letter":   {[]string{"\xc3", "\xa4\n"}, "ä\n"},
		"a divided secret":   {[]string{"it is sec", "ret-0815, you know\n"}, "it is <redacted>, you know\n"},
		"an unfinished line": {[]string{"half a line"}, "half a line"},
		"a command":          {[]string{"::error::x\n"}, "\\u003a:error::x\n"},
		"behind blanks":      {[]string{"fine\n \t\u00a0\u3000::set-output name=a::b\n"}, "fine\n \t\u00a0\u3000\\u003a:set-output name=a::b\n"},
		"a divided command":  {[]string{"ok\n:", ":stop-commands::x\n"}, "ok\n\\u003a:stop-commands::x\n"},
		"within a line":      {[]string{"a ##[error]b ##vso[task.complete]c ###teamcity[x]\n"}, "a \\u0023#[error]b \\u0023#vso[task.complete]c #\\u0023#teamcity[x]\n"},
		"behind a return":    {[]string{"x\r::error::y\n"}, "x\\u000d::error::y\n"},
		"no command":         {[]string{"a::b ##heading [x] #[y]\n"}, "a::b ##heading [x] #[y]\n"},
	} {
		var out bytes.Buffer
		s := &Secrets{}
		s.Add("secret-0815")
		w := NewWriter(&out, s)
		for _, text := range tt.writes {
			if n, err := w.Write([]byte(text)); n != len(text) || err != nil {
				t.Fatal(n, err)
			}
		}
		if err := w.Flush(); err != nil || out.String() != tt.want {
			t.Errorf("%s: got %q, want %q (%v)", name, out.String(), tt.want, err)
		}
		if whole := strings.Join(tt.writes, ""); Harmless(whole) != (tt.want == strings.ReplaceAll(whole, "secret-0815", Redacted)) {
			t.Errorf("%s: harmless is %v", name, Harmless(whole))
		}
	}
}

func TestOurOwnSequencesPass(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	w := NewWriter(&out, &Secrets{})
	red, off, end := w.Own("\x1b[31m"), w.Own("\x1b[0m"), w.Own("\x1b[K")
	fmt.Fprintf(w, "%sFAILED%s \x1b[31mx\n", red, off)
	fmt.Fprint(w, w.Own("\r"), "3 of 4", end)
	if want := "\x1b[31mFAILED\x1b[0m \\u001b[31mx\n\r3 of 4\x1b[K"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
	out.Reset()
	fmt.Fprint(w, "::error::y\n") // what follows may be at the start of a line
	if want := "\\u003a:error::y\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

func TestOurOwnCommandsPass(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	s := &Secrets{}
	s.Add("secret-0815")
	w := NewWriter(&out, s)
	fmt.Fprint(w, "half")
	fmt.Fprint(w.Commands(), "::error title=t::##[group]secret-0815\x1b\n")
	if want := "half::error title=t::\\u0023#[group]<redacted>\\u001b\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}
