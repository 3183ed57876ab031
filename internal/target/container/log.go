package container

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"
)

const (
	// tailLines is how many lines of a log are shown.
	tailLines = 20
	// tailLimit is how long reading the log of a dead container may take.
	tailLimit = 10 * time.Second
	// maxLine is how much is shown of a line, in characters.
	maxLine = 600
	// maxWhole is how much of a line is looked at, in bytes.
	maxWhole = 1 << 20
)

// serverLog is what a container's log has to say: its last lines, and what to
// do about the last of all that somebody can do something about.
type serverLog struct {
	lines  []string
	advice string
}

// tail reads the container's log, without the password.
func (i *instance) tail() serverLog {
	ctx, cancel := context.WithTimeout(context.Background(), tailLimit)
	defer cancel()
	logs, err := i.ctr.Logs(ctx)
	if err != nil {
		return serverLog{lines: []string{"(the log cannot be read: " + short(err).Error() + ")"}}
	}
	defer logs.Close() //nolint:errcheck // only read
	return readLog(logs, i.password)
}

func readLog(r io.Reader, secret string) serverLog {
	var log serverLog
	for in := bufio.NewReader(r); ; {
		raw, err := readLine(in)
		if secret != "" {
			raw = strings.ReplaceAll(raw, secret, "<redacted>")
		}
		if line := parseLine(raw); line.text != "" {
			log.add(line)
		}
		if err != nil {
			return log
		}
	}
}

func (l *serverLog) add(line logLine) {
	if line.grave {
		l.advice = cmp.Or(adviceFor(line.whole), l.advice)
	}
	text := []rune(line.text)
	if len(text) > maxLine {
		text = append(text[:maxLine], '…')
	}
	if l.lines = append(l.lines, string(text)); len(l.lines) > tailLines {
		l.lines = slices.Delete(l.lines, 0, 1)
	}
}

// readLine reads a line; what is beyond maxWhole of it is dropped.
func readLine(in *bufio.Reader) (string, error) {
	var line []byte
	for {
		part, more, err := in.ReadLine()
		line = append(line, part[:min(len(part), maxWhole-len(line))]...)
		if err != nil || !more {
			return string(line), err
		}
	}
}

// logLine is one line of a log.
type logLine struct {
	text  string // as it is shown, on one line
	whole string // as it is searched
	// grave: it may say why the server ended. A warning is none: on a single
	// node, failed bootstrap checks are no more than that.
	grave bool
}

// parseLine reads a line of a JSON log, of which it shows what a person looks
// for, or of any other.
func parseLine(raw string) logLine {
	raw = strings.ToValidUTF8(raw, "\uFFFD")
	var entry struct {
		Level   string `json:"log.level"`
		Message string `json:"message"`
		Type    string `json:"error.type"`
		Error   string `json:"error.message"`
	}
	if err := json.Unmarshal([]byte(raw), &entry); err != nil || entry.Message == "" {
		return logLine{text: oneLine(raw), whole: raw, grave: true}
	}
	parts := slices.DeleteFunc([]string{entry.Message, entry.Type, entry.Error}, func(s string) bool { return s == "" })
	level := strings.TrimSpace(entry.Level)
	return logLine{
		text:  oneLine(level + " " + strings.Join(parts, ": ")),
		whole: raw,
		grave: level == "ERROR" || level == "FATAL" || level == "CRITICAL",
	}
}

// oneLine leaves nothing in a text that a terminal would obey.
func oneLine(s string) string {
	harmless := func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return '\uFFFD'
		}
		return r
	}
	return strings.Map(harmless, strings.Join(strings.Fields(s), " "))
}

const (
	moreMemory = "Elasticsearch needs about 2 GB: raise --memory, or give the engine more"
	unwritable = "the image may not write its own data folder: check the engine's storage and security settings (user namespaces, SELinux, rootless mode)"
)

// advices says what to do about a part of a line in a log of Elasticsearch.
// The first that is found holds.
var advices = []struct{ part, advice string }{
	{"vm.max_map_count", "on the engine's host run: sysctl -w vm.max_map_count=262144"},
	{"max file descriptors", "raise the engine's limit of open files (default-ulimits nofile) to 65535"},
	{"max number of threads", "raise the engine's limit of processes (default-ulimits nproc) to 4096"},
	{"memory locking requested", "raise the engine's limit of locked memory (default-ulimits memlock) to unlimited"},
	{"bootstrap check", "the engine's host fails Elasticsearch's bootstrap checks: mend what the log names"},
	{"unknown setting [", "the image does not know a setting that its log names: take it out of the image's configuration, or use an official image of Elasticsearch 8.12 or later"},
	{"OutOfMemoryError", moreMemory},
	{"insufficient memory", moreMemory},
	{"Could not reserve enough space", moreMemory},
	{"exec format error", "the image is for another processor"},
	{"No space left on device", "free some disk space where the engine keeps its data"},
	{"failed to obtain node locks", unwritable},
	{"AccessDeniedException", unwritable},
	{"Read-only file system", unwritable},
}

func adviceFor(line string) string {
	for _, a := range advices {
		if strings.Contains(line, a.part) {
			return a.advice
		}
	}
	return ""
}

// look is what to do where nothing better is known.
func (l serverLog) look(image string) string {
	if len(l.lines) == 0 {
		return "it logged nothing: see by hand what it does (docker run --rm " + image + ")"
	}
	return "look at the log"
}
