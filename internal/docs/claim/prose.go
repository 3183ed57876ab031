package claim

import (
	"regexp"
	"strings"
)

var (
	verbRE      = regexp.MustCompile(`(?i)\b(sets|set|updates|update|setting|updating)\b`)
	nowRE       = regexp.MustCompile(`(?i)\bto the (?:current (?:date and )?time|time (?:right before|of the|at which|when))`)
	valueRE     = regexp.MustCompile("(?i)`?\\b([a-z][a-z0-9_.]*)`?(?: field| property| timestamp)?((?: of [\\w ]+?)?) to `([^`\\s]+)`")
	orderRE     = regexp.MustCompile(`(?i)\b(?:ordered|sorted|listed|returned)\b.*\bcreat\w+.*\b(ascending|descending)\b`)
	existsRE    = regexp.MustCompile("(?i)^(?:the )?`<?([\\w.-]+)>?` (?:parameter |field )?(?:should|must) reference an existing\\b")
	removesRE   = regexp.MustCompile(`(?i)^(?:removes|deletes)\b`)
	listsRE     = regexp.MustCompile(`(?i)\b(?:include|includes|consist of|are):\s*` + "`")
	alsoRE      = regexp.MustCompile("(?i)^`([\\w.]+)` can also be (?:updated|set)\\b")
	otherActor  = regexp.MustCompile(`(?i)\b(?:service|user|operator|you)\b.*\b(?:responsible|should|must|will)\b`)
	notRecorded = regexp.MustCompile(`(?i)\bnot recoverable\b`)
)

// statements reads the checkable statements of one paragraph.
func statements(text string, line int) []Statement {
	var out []Statement
	for _, s := range sentences(Plain(text)) {
		out = append(out, statement(s, At{Line: line, Quote: s})...)
	}
	return out
}

func statement(s string, at At) []Statement {
	switch {
	case existsRE.MatchString(s):
		return []Statement{{At: at, Kind: Exists, Field: existsRE.FindStringSubmatch(s)[1]}}
	case orderRE.MatchString(s):
		return []Statement{{At: at, Kind: Ordered, Value: strings.ToLower(orderRE.FindStringSubmatch(s)[1])}}
	case notRecorded.MatchString(s):
		return []Statement{{At: at, Kind: Elsewhere}}
	case removesRE.MatchString(s):
		return []Statement{{At: at, Kind: Removes}}
	case alsoRE.MatchString(s):
		return []Statement{{At: at, Kind: Lists, Field: alsoRE.FindStringSubmatch(s)[1]}}
	case listsRE.MatchString(s):
		var out []Statement
		for _, f := range code(s[listsRE.FindStringIndex(s)[0]:]) {
			out = append(out, Statement{At: at, Kind: Lists, Field: f})
		}
		return out
	}
	return append(nowStatements(s, at), valueStatements(s, at)...)
}

// nowStatements finds "updates `a` and `b` … to the current time": the names
// between the last verb before those words and the words.
func nowStatements(s string, at At) []Statement {
	var out []Statement
	from := 0
	for _, hit := range nowRE.FindAllStringIndex(s, -1) {
		before := s[from:hit[0]]
		from = hit[1]
		verbs := verbRE.FindAllStringIndex(before, -1)
		if verbs == nil {
			continue
		}
		for _, f := range code(before[verbs[len(verbs)-1][0]:]) {
			out = append(out, Statement{At: at, Kind: SetsNow, Field: f})
		}
	}
	return out
}

func valueStatements(s string, at At) []Statement {
	if !verbRE.MatchString(s) {
		return nil
	}
	var out []Statement
	for _, m := range valueRE.FindAllStringSubmatch(s, -1) {
		kind := SetsValue
		if otherActor.MatchString(s) || m[2] != "" {
			kind = NamesValue
		}
		out = append(out, Statement{At: at, Kind: kind, Field: m[1], Value: m[3]})
	}
	return out
}
