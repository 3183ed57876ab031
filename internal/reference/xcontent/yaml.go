package xcontent

import (
	"fmt"
	"strings"

	"github.com/esconform/esconform/internal/reference/eserr"
)

// FromYAML rewrites a YAML document as JSON. It reads what request bodies are
// made of: block mappings and lists of them, plain and quoted scalars, and
// flow values that are JSON; no anchors, tags or multi-line strings.
func FromYAML(src []byte) ([]byte, *eserr.Error) {
	r := &yamlReader{}
	for i, line := range strings.Split(string(src), "\n") {
		line = strings.TrimRight(line, " \t\r")
		body := strings.TrimLeft(line, " ")
		if body == "" || body == "---" || body == "..." || strings.HasPrefix(body, "#") {
			continue
		}
		r.lines = append(r.lines, yamlLine{number: i + 1, indent: len(line) - len(body), body: body})
	}
	if len(r.lines) == 0 {
		return nil, nil
	}
	v, err := r.block(r.lines[0].indent)
	if err != nil {
		return nil, err
	}
	if r.at < len(r.lines) {
		return nil, r.problem("bad indentation")
	}
	return JSON(v), nil
}

type yamlLine struct {
	number, indent int
	body           string
}

type yamlReader struct {
	lines []yamlLine
	at    int
}

func (r *yamlReader) problem(what string) *eserr.Error {
	l := r.lines[min(r.at, len(r.lines)-1)]
	at := Location{l.number, l.indent + 1}
	return ParseError(at, "%s", what).CausedBy(
		&eserr.Error{Type: "json_parse_exception", Reason: fmt.Sprintf("%s in line %d", what, l.number), Status: 400, Family: eserr.Java})
}

// block reads the mapping, list or scalar that begins at the current line.
func (r *yamlReader) block(indent int) (any, *eserr.Error) {
	if body := r.lines[r.at].body; body == "-" || strings.HasPrefix(body, "- ") {
		return r.list(indent)
	}
	if _, _, ok := cutKey(r.lines[r.at].body); ok {
		return r.mapping(indent)
	}
	r.at++
	return r.scalar(r.lines[r.at-1].body)
}

func (r *yamlReader) mapping(indent int) (any, *eserr.Error) {
	o := NewObject()
	for r.at < len(r.lines) && r.lines[r.at].indent == indent {
		key, rest, ok := cutKey(r.lines[r.at].body)
		if !ok {
			return nil, r.problem("expected a mapping entry")
		}
		if o.Has(key) {
			return nil, r.problem("Duplicate field '" + key + "'")
		}
		v, err := r.entry(rest, indent)
		if err != nil {
			return nil, err
		}
		o.Set(key, v)
	}
	return o, nil
}

// entry reads the value of a mapping entry whose line goes on with rest.
func (r *yamlReader) entry(rest string, indent int) (any, *eserr.Error) {
	r.at++
	if rest != "" {
		return r.scalar(rest)
	}
	if r.at < len(r.lines) {
		next := r.lines[r.at]
		if next.indent > indent || (next.indent == indent && strings.HasPrefix(next.body, "-")) {
			return r.block(next.indent)
		}
	}
	return nil, nil
}

func (r *yamlReader) list(indent int) (any, *eserr.Error) {
	list := []any{}
	for r.at < len(r.lines) && r.lines[r.at].indent == indent && strings.HasPrefix(r.lines[r.at].body, "-") {
		l := &r.lines[r.at]
		item := strings.TrimLeft(l.body[1:], " ")
		if item == "" {
			r.at++
			list = append(list, nil)
			continue
		}
		l.indent += len(l.body) - len(item)
		l.body = item
		v, err := r.block(l.indent)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

// cutKey splits "key: value".
func cutKey(body string) (key, rest string, ok bool) {
	if body[0] == '{' || body[0] == '[' {
		return "", "", false
	}
	if body[0] == '"' || body[0] == '\'' {
		end := strings.IndexByte(body[1:], body[0])
		if end < 0 || !strings.HasPrefix(body[end+2:], ":") {
			return "", "", false
		}
		return body[1 : end+1], strings.TrimLeft(body[end+3:], " "), true
	}
	if strings.HasSuffix(body, ":") && !strings.Contains(body, ": ") {
		return body[:len(body)-1], "", true
	}
	key, rest, ok = strings.Cut(body, ": ")
	return key, strings.TrimLeft(rest, " "), ok
}

// scalar reads a value that fills the rest of a line.
func (r *yamlReader) scalar(s string) (any, *eserr.Error) {
	switch {
	case strings.HasPrefix(s, "'") && strings.HasSuffix(s, "'") && len(s) > 1:
		return strings.ReplaceAll(s[1:len(s)-1], "''", "'"), nil
	case strings.ContainsAny(s[:1], `"{[`):
		p := NewParser([]byte(s))
		if _, err := p.Next(); err != nil {
			return nil, err
		}
		return p.Value()
	}
	if i := strings.Index(s, " #"); i >= 0 {
		s = strings.TrimRight(s[:i], " ")
	}
	switch s {
	case "null", "~", "":
		return nil, nil
	case "true", "false":
		return s == "true", nil
	}
	p := NewParser([]byte(s))
	if t, err := p.Next(); err == nil && t == Num && p.raw == s {
		return Number(s), nil
	}
	return s, nil
}
