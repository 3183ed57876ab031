package reference

import (
	"cmp"
	"slices"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/estime"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// firstFiltering reads a connector's first filtering, the only one that there
// should be.
func (s *Server) firstFiltering(d store.Doc) (*xcontent.Object, *eserr.Error) {
	o, err := s.parsers.storedFiltering.Parse(xcontent.NewParser(xcontent.JSON(d.Source)))
	if err != nil {
		return nil, err
	}
	list := o.Get("filtering").([]any)
	if len(list) == 0 { // Elasticsearch fails over it
		return nil, eserr.JavaError("index_out_of_bounds_exception", "Index 0 out of bounds for length 0")
	}
	return list[0].(*xcontent.Object), nil
}

// checkFiltering: either the whole filtering is given or parts of its draft.
func checkFiltering(body *xcontent.Object) string {
	parts := body.Has("rules") || body.Has("advanced_snippet")
	switch {
	case body.Has("filtering") && parts:
		return "If [filtering] is specified, [rules] and [advanced_snippet] should not be present in the request body."
	case !body.Has("filtering") && !parts:
		return "[advanced_snippet] and [rules] cannot be both [null]."
	}
	return ""
}

// changeFiltering replaces the whole filtering, which is written blindly, or
// rules and advanced snippet of the draft, for which the connector is read.
func changeFiltering(s *Server, id string, body *xcontent.Object, d store.Doc) (*xcontent.Object, *eserr.Error) {
	if body.Has("filtering") {
		return body, nil
	}
	if d.Source == nil || isDeleted(d) {
		return nil, connectorNotFound(id)
	}
	filtering, err := s.firstFiltering(d)
	if err != nil {
		return nil, err
	}
	draft := filtering.Object("draft")
	if snippet := body.Get("advanced_snippet"); snippet != nil {
		draft.Set("advanced_snippet", snippet)
	}
	if rules, given := body.Get("rules").([]any); given {
		draft.Set("rules", draftRules(rules, estime.Write(s.Now())))
	}
	draft.Set("validation", xcontent.NewObject("errors", []any{}, "state", "edited"))
	return xcontent.NewObject("filtering", []any{filtering}), nil
}

// draftRules sorts rules, and puts the default rule behind all others: that
// which was given, or a new one.
func draftRules(given []any, now string) []any {
	since := now
	rules := []any{}
	for _, r := range slices.Backward(given) {
		if rule := r.(*xcontent.Object); isDefaultRule(rule) {
			since = rule.String("created_at")
		} else {
			rules = append(rules, rule)
		}
	}
	slices.Reverse(rules)
	order := func(rule any) int64 {
		n, _ := rule.(*xcontent.Object).Get("order").(xcontent.Number).Long() // an int, as it was read
		return n
	}
	slices.SortStableFunc(rules, func(a, b any) int { return cmp.Compare(order(a), order(b)) })
	last := int64(-1)
	if len(rules) > 0 {
		last = order(rules[len(rules)-1])
	}
	return append(rules, defaultRule(since, last+1))
}

// isDefaultRule compares a rule with the default one, but for order and times.
func isDefaultRule(rule *xcontent.Object) bool {
	def := defaultRule("", 0)
	return !slices.ContainsFunc([]string{"id", "field", "policy", "rule", "value"}, func(field string) bool {
		return rule.Get(field) != def.Get(field)
	})
}

// changeValidation says what a connector service found about the draft.
func changeValidation(s *Server, _ string, body *xcontent.Object, d store.Doc) (*xcontent.Object, *eserr.Error) {
	filtering, err := s.firstFiltering(d)
	if err != nil {
		return nil, err
	}
	filtering.Object("draft").Set("validation", body.Get("validation"))
	return xcontent.NewObject("filtering", []any{filtering}), nil
}

// activateFiltering makes a valid draft the active filtering.
func activateFiltering(s *Server, _ string, _ *xcontent.Object, d store.Doc) (*xcontent.Object, *eserr.Error) {
	filtering, err := s.firstFiltering(d)
	if err != nil {
		return nil, err
	}
	draft := filtering.Object("draft")
	if state := draft.Path("validation", "state"); state != "valid" {
		return nil, eserr.StatusException(400, "Filtering draft needs to be validated by the connector service before activation. "+
			"Current filtering draft validation state [%s] is not equal to [valid].", state)
	}
	filtering.Set("active", draft.Clone())
	return xcontent.NewObject("filtering", []any{filtering}), nil
}
