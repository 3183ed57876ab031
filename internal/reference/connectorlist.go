package reference

import (
	"slices"
	"strings"
	"unicode"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
	"github.com/rivo/uniseg"
	"github.com/tidwall/match"
)

// connectorFilter says which connectors a list holds.
type connectorFilter struct {
	values         map[string][]string // by field; none for any
	query          string              // a part of name, index name or description
	includeDeleted bool
}

func (s *Server) listConnectors(c *Call) (action, *eserr.Error) {
	page, err := readPage(c)
	if err != nil {
		return nil, err
	}
	f := connectorFilter{values: map[string][]string{
		"index_name": c.listParam("index_name"), "name": c.listParam("connector_name"), "service_type": c.listParam("service_type"),
	}}
	f.query, _ = c.Param("query")
	if f.includeDeleted, err = s.softParam(c, "include_deleted"); err == nil {
		err = page.check()
	}
	if err != nil {
		return nil, err
	}
	for _, name := range f.values["index_name"] {
		c.validate(indexNameProblems(name)...)
	}
	return func() (*Response, *eserr.Error) {
		if _, exists := s.store.Resolve(ConnectorIndex); !exists {
			return ok("count", number(0), "results", []any{}), nil
		}
		if err := page.checkWindow(ConnectorIndex); err != nil {
			return nil, err
		}
		found := slices.DeleteFunc(s.searchConnectors(), func(d store.Doc) bool { return !f.matches(d) })
		slices.SortStableFunc(found, byIndexName)
		results := []any{}
		for _, d := range page.cut(found) {
			results = append(results, jobView(d))
		}
		return ok("count", number(len(found)), "results", results), nil
	}, nil
}

// byIndexName puts those without an index last.
func byIndexName(a, b store.Doc) int {
	na, nb := a.Source.String("index_name"), b.Source.String("index_name")
	if (na == "") != (nb == "") {
		return strings.Compare(nb, na)
	}
	return strings.Compare(na, nb)
}

func (f connectorFilter) matches(d store.Doc) bool {
	if isDeleted(d) && !f.includeDeleted {
		return false
	}
	for field, values := range f.values {
		if len(values) > 0 && !slices.Contains(values, d.Source.String(field)) {
			return false
		}
	}
	return f.query == "" || matchesQuery(d.Source, "*"+f.query+"*")
}

// matchesQuery holds a wildcard against names as they are, and against each
// word of the description, which is indexed as a text.
func matchesQuery(source *xcontent.Object, pattern string) bool {
	texts := append(words(source.String("description")), source.String("index_name"), source.String("name"))
	return slices.ContainsFunc(texts, func(text string) bool { return text != "" && match.Match(text, pattern) })
}

// words are what the standard analyzer makes of a text.
func words(text string) []string {
	var out []string
	for rest, state := text, -1; rest != ""; {
		var word string
		word, rest, state = uniseg.FirstWordInString(rest, state)
		if strings.ContainsFunc(word, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			out = append(out, strings.ToLower(word))
		}
	}
	return out
}
