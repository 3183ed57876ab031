package container

import (
	"bufio"
	"context"
	"io"
	"strings"
	"time"
)

const (
	// tailLines is how many lines of a log are shown.
	tailLines = 20
	// tailLimit is how long reading the log of a dead container may take.
	tailLimit = 10 * time.Second
	maxLine   = 400
)

// tail returns the last lines of the container's log, without the password.
func (i *instance) tail() []string {
	ctx, cancel := context.WithTimeout(context.Background(), tailLimit)
	defer cancel()
	logs, err := i.ctr.Logs(ctx)
	if err != nil {
		return []string{"(the log cannot be read: " + short(err).Error() + ")"}
	}
	defer logs.Close() //nolint:errcheck // only read
	return lastLines(logs, i.password)
}

func lastLines(r io.Reader, secret string) []string {
	var lines []string
	scanner := bufio.NewScanner(r)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		line := strings.ToValidUTF8(strings.TrimSpace(scanner.Text()), "\uFFFD")
		if line == "" {
			continue
		}
		if secret != "" {
			line = strings.ReplaceAll(line, secret, "<redacted>")
		}
		if runes := []rune(line); len(runes) > maxLine {
			line = string(runes[:maxLine]) + "…"
		}
		if lines = append(lines, line); len(lines) > tailLines {
			lines = lines[1:]
		}
	}
	return lines
}

// advices says what to do about a line in a log of Elasticsearch.
var advices = []struct{ part, advice string }{
	{"vm.max_map_count", "on the engine's host run: sysctl -w vm.max_map_count=262144"},
	{"max file descriptors", "raise the engine's limit of open files (default-ulimits nofile) to 65535"},
	{"OutOfMemoryError", "Elasticsearch needs about 2 GB: give the engine more memory"},
	{"insufficient memory", "Elasticsearch needs about 2 GB: give the engine more memory"},
	{"exec format error", "the image is for another processor"},
	{"No space left on device", "free some disk space where the engine keeps its data"},
	{"AccessDeniedException", "the image may not write its own data folder: check the engine's storage and security settings"},
}

func adviceFor(log []string) string {
	for _, a := range advices {
		for _, line := range log {
			if strings.Contains(line, a.part) {
				return a.advice
			}
		}
	}
	return ""
}
