package foreign

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"sync"
)

// Writer is the door to a terminal or a log: whatever is written has its
// secrets replaced, is made visible, and is no command to a CI system. A line
// is written when it is whole; Flush writes what is left. It is safe for
// concurrent use.
type Writer struct {
	mu      sync.Mutex
	out     io.Writer
	secrets *Secrets
	held    []byte // the start of a line

	token string            // what no foreign text has
	own   map[string]string // sequences by what stands for them
	put   *strings.Replacer
}

// NewWriter returns a door to out for texts that may hold these secrets.
func NewWriter(out io.Writer, secrets *Secrets) *Writer {
	return &Writer{out: out, secrets: secrets, token: rand.Text(), own: map[string]string{}, put: strings.NewReplacer()}
}

// Own returns what stands for a control sequence of our own, such as a colour,
// in a text that is written here. A text that ends in one is written at once.
func (w *Writer) Own(sequence string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	mark := fmt.Sprintf("{%s:%x}", w.token, sequence)
	if w.own[mark] == "" {
		w.own[mark] = sequence
		var pairs []string
		for mark, sequence := range w.own {
			pairs = append(pairs, mark, sequence)
		}
		w.put = strings.NewReplacer(pairs...)
	}
	return mark
}

// Write writes a text, or keeps it until its line is whole.
func (w *Writer) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.held = append(w.held, p...)
	end := bytes.LastIndexByte(w.held, '\n') + 1
	if bytes.HasSuffix(w.held, []byte("}")) && bytes.LastIndex(w.held, []byte("{"+w.token)) >= end {
		end = len(w.held)
	}
	return len(p), w.pass(end)
}

// Flush writes what was kept.
func (w *Writer) Flush() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.pass(len(w.held))
}

// pass writes the first bytes of what is held.
func (w *Writer) pass(n int) error {
	if n == 0 {
		return nil
	}
	text := string(w.held[:n])
	w.held = append([]byte(nil), w.held[n:]...)
	_, err := io.WriteString(w.out, w.put.Replace(powerless(w.clean(text))))
	return err
}

func (w *Writer) clean(text string) string { return Block(w.secrets.Redact(text)) }

// Commands returns a writer for commands of our own to a CI system, each a
// line that is written at once. What is foreign in them is escaped by whoever
// writes them; secrets and what cannot be seen are dealt with here as well.
func (w *Writer) Commands() io.Writer { return commands{w} }

type commands struct{ door *Writer }

func (c commands) Write(p []byte) (int, error) {
	c.door.mu.Lock()
	defer c.door.mu.Unlock()
	if err := c.door.pass(len(c.door.held)); err != nil {
		return 0, err
	}
	_, err := io.WriteString(c.door.out, noneWithin(c.door.clean(string(p))))
	return len(p), err
}

// Terminal returns the file behind the door, where there is one.
func (w *Writer) Terminal() (*os.File, bool) {
	f, ok := w.out.(*os.File)
	return f, ok
}

// File returns the door to a file, of text of any kind or of JSON as an encoder
// writes it: nothing that is written there is raw. No character may be divided
// between two calls of Write.
func File(out io.Writer) io.Writer { return fileWriter{out} }

type fileWriter struct{ out io.Writer }

func (f fileWriter) Write(p []byte) (int, error) {
	if _, err := f.out.Write(Escape(p)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// GitHub, and others that run workflows, take a line that begins with :: for a
// command, blanks before it or not; GitHub and Azure find ##[command] and
// ##vso[command] anywhere, and TeamCity ##teamcity[message].
var (
	atStart = regexp.MustCompile(`(?m)^([\t\p{Zs}]*)::`)
	within  = regexp.MustCompile(`#(#\w*\[)`)
)

// Harmless reports whether a text is written to a terminal as it is.
func Harmless(text string) bool { return seen(text, true) && powerless(text) == text }

// powerless takes the power from commands to a CI system. It writes their first
// character as what cannot be seen is written; in JSON that means the same.
func powerless(text string) string { return atStart.ReplaceAllString(noneWithin(text), `${1}\u003a:`) }

func noneWithin(text string) string { return within.ReplaceAllString(text, `\u0023$1`) }
