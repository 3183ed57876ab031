package asciidoc

import (
	"fmt"
	"regexp"
	"strings"
)

// Marker is a comment that steers Elastic's snippet tests, such as
// // TEST[skip:no cleanup]. The grammar is that of Elasticsearch's
// SnippetParser (build-tools-internal).
type Marker struct {
	Name string // CONSOLE, NOTCONSOLE, TESTSETUP, TEARDOWN, TEST, TESTRESPONSE
	Line int
	Text string // as written

	Skip      string // reason; "" where the snippet is not skipped
	Continued bool
	Catch     string // expected failure: a word or /regex/
	Setup     []string
	Teardown  []string
	Warnings  []string
	NonJSON   bool
	// IgnoreShardFailures is skip_shard_failures.
	IgnoreShardFailures bool
	Substitutions       []Substitution
}

// Substitution is s/PATTERN/REPLACEMENT/ of a marker.
type Substitution struct {
	Pattern     *regexp.Regexp
	Replacement string // in Go's syntax
	Text        string
}

var (
	markerLine = regexp.MustCompile(`^//\s*(CONSOLE|NOTCONSOLE|TESTSETUP|TEARDOWN|TESTRESPONSE|TEST)\s*(?:\[(.*)\])?\s*$`)
	// markerLike is a comment that an author meant as a marker.
	markerLike = regexp.MustCompile(`^//\s*(CONSOLE|NOTCONSOLE|TESTSETUP|TEARDOWN|TESTRESPONSE|TEST)\b`)

	markerItems = []struct {
		re    *regexp.Regexp
		apply func(*Marker, []string) error
		names string // markers it may stand in
	}{
		{regexp.MustCompile(`^s/((?:\\/|[^/])+)/((?:\\/|[^/])*)/`), substitute, "TEST TESTRESPONSE"},
		{regexp.MustCompile(`^non_json`), func(m *Marker, _ []string) error { m.NonJSON = true; return nil }, "TESTRESPONSE"},
		{regexp.MustCompile(`^_cat`), func(m *Marker, _ []string) error { m.NonJSON = true; return nil }, "TESTRESPONSE"},
		{regexp.MustCompile(`^skip:([^\]]+)`), func(m *Marker, s []string) error { m.Skip = strings.TrimSpace(s[1]); return nil }, "TEST TESTRESPONSE"},
		{regexp.MustCompile(`^catch:\s*(/(?:\\/|[^/])+/|[^ \]]+)`), func(m *Marker, s []string) error { m.Catch = s[1]; return nil }, "TEST"},
		{regexp.MustCompile(`^continued`), func(m *Marker, _ []string) error { m.Continued = true; return nil }, "TEST"},
		{regexp.MustCompile(`^setup:([^ \]]+)`), func(m *Marker, s []string) error { m.Setup = strings.Split(s[1], ","); return nil }, "TEST"},
		{regexp.MustCompile(`^teardown:([^ \]]+)`), func(m *Marker, s []string) error { m.Teardown = strings.Split(s[1], ","); return nil }, "TEST"},
		{regexp.MustCompile(`^warning:(.+)`), func(m *Marker, s []string) error { m.Warnings = append(m.Warnings, s[1]); return nil }, "TEST"},
		{regexp.MustCompile(`^skip_shard_failures`), func(m *Marker, _ []string) error { m.IgnoreShardFailures = true; return nil }, "TEST"},
	}
)

// parseMarker reads one marker line. It returns false where the line is an
// ordinary comment.
func parseMarker(l Line) (Marker, bool, error) {
	m := markerLine.FindStringSubmatch(l.Text)
	if m == nil {
		if markerLike.MatchString(l.Text) && strings.Contains(l.Text, "[") {
			return Marker{}, false, fmt.Errorf("test marker that cannot be read: %q: want // NAME or // NAME[items] alone on the line", l.Text)
		}
		return Marker{}, false, nil
	}
	out := Marker{Name: m[1], Line: l.No, Text: l.Text}
	rest := strings.TrimSpace(m[2])
	if rest != "" && !strings.HasPrefix(out.Name, "TEST") || rest != "" && out.Name == "TESTSETUP" {
		return out, true, fmt.Errorf("test marker %s takes no items: %q", out.Name, l.Text)
	}
	for rest != "" {
		n, err := takeItem(&out, rest)
		if err != nil {
			return out, true, fmt.Errorf("test marker %q: %w", l.Text, err)
		}
		rest = strings.TrimLeft(rest[n:], " ,")
	}
	if out.Continued && out.Skip != "" {
		return out, true, fmt.Errorf("test marker %q: continued and skip exclude each other", l.Text)
	}
	return out, true, nil
}

func takeItem(m *Marker, rest string) (int, error) {
	for _, it := range markerItems {
		s := it.re.FindStringSubmatch(rest)
		if s == nil || !strings.Contains(" "+it.names+" ", " "+m.Name+" ") {
			continue
		}
		return len(s[0]), it.apply(m, s)
	}
	return 0, fmt.Errorf("unknown item %q", rest)
}

var javaGroup = regexp.MustCompile(`\$(\d+)`)

// substitute turns a Java regular expression into a Go one. Both read the
// expressions that pages use alike; one that Go cannot compile is a problem of
// the page as far as this reader goes.
func substitute(m *Marker, s []string) error {
	pattern := strings.ReplaceAll(s[1], `\/`, `/`)
	re, err := regexp.Compile(pattern)
	if err != nil {
		return fmt.Errorf("pattern %q: %w", pattern, err)
	}
	repl := strings.NewReplacer(`\/`, `/`, `\n`, "\n").Replace(s[2])
	// $body.x and $_path name parts of the answer; everything but $1 is literal.
	repl = javaGroup.ReplaceAllString(strings.ReplaceAll(repl, "$", "$$"), "$1")
	repl = regexp.MustCompile(`\$\$(\d)`).ReplaceAllString(repl, "$${$1}")
	m.Substitutions = append(m.Substitutions, Substitution{Pattern: re, Replacement: repl, Text: s[0]})
	return nil
}

// Apply runs the substitutions on text in order.
func (m Marker) Apply(text string) string {
	for _, s := range m.Substitutions {
		text = s.Pattern.ReplaceAllString(text, s.Replacement)
	}
	return text
}
