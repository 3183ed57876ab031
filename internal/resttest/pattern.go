package resttest

import (
	"fmt"
	"strings"
	"time"

	"github.com/dlclark/regexp2"
)

// matchLimit ends expressions that would take for ever.
const matchLimit = 5 * time.Second

// pattern is a regular expression between slashes. The expressions of the tests
// look ahead and behind, which Go's own do not.
type pattern struct {
	source string
	exp    *regexp2.Regexp
}

// slashed returns what stands between slashes.
func slashed(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if len(s) < 3 || s[0] != '/' || s[len(s)-1] != '/' {
		return "", false
	}
	return s[1 : len(s)-1], true
}

// spaced compiles an expression in which white space and comments mean nothing.
func spaced(source string) (*pattern, error) {
	return compile(source, regexp2.IgnorePatternWhitespace)
}

// literal compiles an expression in which they do.
func literal(source string) (*pattern, error) { return compile(source, regexp2.None) }

func compile(source string, options regexp2.RegexOptions) (*pattern, error) {
	exp, err := regexp2.Compile(source, options)
	if err != nil {
		return nil, fmt.Errorf("the regular expression /%s/: %w", source, err)
	}
	exp.MatchTimeout = matchLimit
	return &pattern{source, exp}, nil
}

func (p *pattern) in(s string) (bool, error) {
	ok, err := p.exp.MatchString(s)
	if err != nil {
		return false, fmt.Errorf("match /%s/: %w", p.source, err)
	}
	return ok, nil
}
