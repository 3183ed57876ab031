package claim

import (
	"regexp"
	"strings"
)

var (
	backtick  = regexp.MustCompile("`([^`]+)`")
	defaultRE = regexp.MustCompile("(?i)\\bdefaults?(?: value)?(?: is| to|:)+\\s+(?:`([^`]+)`|\"([^\"]+)\"|(-?\\d+(?:\\.\\d+)?|true|false)\\b)")
	valuesRE  = regexp.MustCompile(`(?i)\b(available|valid|allowed|possible|supported|accepted|one of|must be (?:either )?` + "`" + `|either ` + "`" + `)`)
	orRE      = regexp.MustCompile("`[^`]+`(?:, `[^`]+`)* or `[^`]+`")
	onlyRE    = regexp.MustCompile(`(?i)\breturned (?:only )?when using an? (GET|PUT|POST|DELETE)\b`)
	xrefRE    = regexp.MustCompile(`<<([^,>]+)(?:,\s*([^>]*))?>>`)
	linkRE    = regexp.MustCompile(`(?:https?://|link:|\{[\w-]+\}/)\S*\[([^\]]*)\]`)
)

// code returns the words in backticks.
func code(s string) []string {
	var out []string
	for _, m := range backtick.FindAllStringSubmatch(s, -1) {
		out = append(out, strings.TrimSpace(m[1]))
	}
	return out
}

// Plain replaces cross references and links by their text.
func Plain(s string) string {
	s = xrefRE.ReplaceAllStringFunc(s, func(x string) string {
		m := xrefRE.FindStringSubmatch(x)
		if m[2] != "" {
			return m[2]
		}
		return m[1]
	})
	return linkRE.ReplaceAllString(s, "$1")
}

// sentences splits at full stops outside of backticks.
func sentences(s string) []string {
	var out []string
	start, quoted := 0, false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '`':
			quoted = !quoted
		case !quoted && (s[i] == '.' || s[i] == '!' || s[i] == '?') && (i+1 == len(s) || s[i+1] == ' '):
			if t := strings.TrimSpace(s[start : i+1]); t != "" {
				out = append(out, t)
			}
			start = i + 1
		}
	}
	if t := strings.TrimSpace(s[start:]); t != "" {
		out = append(out, t)
	}
	return out
}

var (
	openRE = regexp.MustCompile(`(?i)^\((required|optional)\b,?\s*`)
	typeRE = regexp.MustCompile(`^\((?:(?i:required|optional),\s*)?<<[^,>]+,\s*([^>]*)>>`)
)

// signature reads "(Required, int) text": the words in the first parentheses.
// Where those are never closed, what can be told apart is.
func signature(text string) (required *bool, typ, rest string, unclosed bool) {
	plain := Plain(strings.TrimSpace(text))
	if !strings.HasPrefix(plain, "(") {
		return nil, "", plain, false
	}
	depth, end := 0, -1
	for i, r := range plain {
		if r == '(' {
			depth++
		}
		if r == ')' {
			depth--
			if depth == 0 {
				end = i
				break
			}
		}
	}
	if end < 0 {
		if m := openRE.FindStringSubmatch(plain); m != nil {
			is := strings.EqualFold(m[1], "required")
			required, rest = &is, plain[len(m[0]):]
		}
		if m := typeRE.FindStringSubmatch(strings.TrimSpace(text)); m != nil {
			typ, rest = m[1], strings.TrimSpace(strings.TrimPrefix(rest, m[1]))
		}
		return required, typ, rest, true
	}
	var words []string
	for _, w := range strings.Split(plain[1:end], ",") {
		w = strings.Trim(strings.TrimSpace(w), "*_`")
		switch strings.ToLower(w) {
		case "required":
			yes := true
			required = &yes
		case "optional":
			no := false
			required = &no
		case "":
		default:
			words = append(words, w)
		}
	}
	return required, strings.Join(words, ", "), strings.TrimSpace(plain[end+1:]), false
}

// onCondition finds defaults that hold under a condition, other than that the
// field is left out.
var (
	onCondition = regexp.MustCompile(`(?i)^(?:if|when|for|otherwise)\b|\botherwise\b`)
	leftOut     = regexp.MustCompile(`(?i)^(?:if|when)\b[^,]*\b(?:not|omitted|unset|left out|absent|no)\b`)
)

func defaultOf(text string) *string {
	for _, s := range sentences(text) {
		m := defaultRE.FindStringSubmatch(s)
		if m == nil || onCondition.MatchString(s) && !leftOut.MatchString(s) {
			continue
		}
		v := m[1] + m[2] + m[3]
		return &v
	}
	return nil
}

var (
	exclusiveRE = regexp.MustCompile(`(?i)\bonly one of\b|\bexactly one of\b|\bnot both\b|\bmutually exclusive\b`)
	neededRE    = regexp.MustCompile(`(?i)\bat least one\b|\bexactly one of\b|\bone of\b.*\bmust be (?:specified|set|provided|given)\b`)
)

// relates reports whether a sentence says how fields depend on each other: what
// it has in backticks are fields then, and no values.
func relates(s string) bool { return exclusiveRE.MatchString(s) || neededRE.MatchString(s) }

// relationsOf returns what a text says of how fields with one parent depend on
// each other.
func relationsOf(text, parent string, at At) []Relation {
	var out []Relation
	for _, s := range sentences(text) {
		names := code(s)
		if !relates(s) || len(names) < 2 {
			continue
		}
		for i := range names {
			names[i] = strings.TrimPrefix(parent+"."+names[i], ".")
		}
		out = append(out, Relation{At: At{Line: at.Line, End: at.End, Quote: s}, Fields: names,
			Exclusive: exclusiveRE.MatchString(s), Needed: neededRE.MatchString(s)})
	}
	return out
}

// valuesOf returns the values that a text lists as allowed. A default is not
// such a list, and neither is one backticked word.
func valuesOf(text string) []string {
	for _, s := range sentences(text) {
		at := valuesRE.FindStringIndex(s)
		if at == nil || relates(s) {
			continue
		}
		if vs := code(s[at[0]:]); len(vs) >= 2 {
			return vs
		}
	}
	// "The result of the operation, `created` or `updated`."
	for _, s := range sentences(text) {
		if vs := code(s); len(vs) >= 2 && !relates(s) && orRE.MatchString(s) && len(vs) <= 8 {
			return vs
		}
	}
	return nil
}

var missingRE = regexp.MustCompile(`(?i)\b(?:was|is|were|are) (?:not provided|missing|omitted|not given|not specified)\b`)

// AboutMissing reports whether a response code is said to come from a
// parameter that was left out.
func AboutMissing(text string) bool { return missingRE.MatchString(text) && len(code(text)) > 0 }

// OnlyMissing is AboutMissing where the text gives no other reason.
func OnlyMissing(text string) bool {
	return AboutMissing(text) && !regexp.MustCompile(`(?i)\bor\b`).MatchString(text)
}

// MissingName returns the parameter that such a text names.
func MissingName(text string) string { return strings.Trim(code(text)[0], "<>") }

// Words returns the words in backticks.
func Words(s string) []string { return code(s) }

var listRE = regexp.MustCompile(`(?i)\bcomma[- ](?:separated|delimited)\b|\bseparated by (?:a )?commas?\b`)

var noListRE = regexp.MustCompile(`(?i)\b(?:not|no|never|cannot)\b[^.]*\bcomma`)

// TakesList reports whether a document says that a parameter takes several
// values at once.
func (f Field) TakesList() bool {
	for _, alt := range Alternatives(f.Type) {
		if _, isList := ItemType(alt); isList {
			return true
		}
	}
	return listRE.MatchString(f.Type+" "+f.Text) && !noListRE.MatchString(f.Text)
}

// Alternatives splits the name of a type at "or" and "|", outside of
// parentheses.
func Alternatives(typ string) []string {
	var out []string
	depth, start := 0, 0
	for i := 0; i < len(typ); i++ {
		width := 0
		switch {
		case typ[i] == '(':
			depth++
		case typ[i] == ')':
			depth--
		case depth == 0 && typ[i] == '|':
			width = 1
		case depth == 0 && strings.HasPrefix(typ[i:], " or "):
			width = len(" or ")
		}
		if width > 0 {
			out = append(out, strings.TrimSpace(typ[start:i]))
			start = i + width
			i = start - 1
		}
	}
	return append(out, strings.TrimSpace(typ[start:]))
}

var itemTypeRE = regexp.MustCompile(`(?i)^(?:array|list)(?: of (.*))?$|^(.*)\[\]$`)

// ItemType is the type of the items, where a type is a list.
func ItemType(typ string) (item string, isList bool) {
	m := itemTypeRE.FindStringSubmatch(strings.TrimSpace(typ))
	if m == nil {
		return "", false
	}
	item = strings.TrimSpace(m[1] + m[2])
	if strings.HasPrefix(item, "(") && strings.HasSuffix(item, ")") {
		item = item[1 : len(item)-1]
	}
	return item, true
}
