package reference

import (
	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/estime"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// firstFiltering returns a copy of a connector's first filtering, which is
// the only one that there is.
func firstFiltering(d store.Doc) *xcontent.Object {
	if list, ok := d.Source.Get("filtering").([]any); ok && len(list) > 0 {
		if first, ok := list[0].(*xcontent.Object); ok {
			return first.Clone()
		}
	}
	return xcontent.NewObject()
}

// changeFiltering replaces the whole filtering, or rules and advanced snippet
// of the draft.
func changeFiltering(s *Server, _ string, body *xcontent.Object, d store.Doc) (*xcontent.Object, *eserr.Error) {
	rules, snippet := body.Get("rules"), body.Get("advanced_snippet")
	full := body.Get("filtering")
	switch {
	case full != nil && (rules != nil || snippet != nil):
		return nil, eserr.Validation("If [filtering] is specified, [rules] and [advanced_snippet] should not be present in the request body.")
	case full != nil:
		return xcontent.NewObject("filtering", full), nil
	case rules == nil && snippet == nil:
		return nil, eserr.Validation("[advanced_snippet] and [rules] cannot be both [null].")
	}
	now := estime.Write(s.now())
	filtering := firstFiltering(d)
	draft := filtering.Object("draft")
	if draft == nil {
		draft = defaultFiltering(now)
	}
	if sn, ok := snippet.(*xcontent.Object); ok {
		draft.Set("advanced_snippet", xcontent.NewObject("created_at", orNow(sn.Get("created_at"), now),
			"updated_at", orNow(sn.Get("updated_at"), now), "value", sn.Get("value")))
	}
	if list, ok := rules.([]any); ok {
		draft.Set("rules", draftRules(list, now))
	}
	draft.Set("validation", xcontent.NewObject("errors", []any{}, "state", "edited"))
	filtering.Set("draft", draft)
	return xcontent.NewObject("filtering", []any{filtering}), nil
}

func orNow(v any, now string) any {
	if v == nil {
		return now
	}
	return v
}

// draftRules puts the default rule behind all others; one that was sent along
// keeps its dates.
func draftRules(list []any, now string) []any {
	rules := []any{}
	var last *xcontent.Object
	for _, r := range list {
		rule := r.(*xcontent.Object)
		full := xcontent.NewObject("created_at", orNow(rule.Get("created_at"), now))
		for _, k := range []string{"field", "id", "order", "policy", "rule"} {
			full.Set(k, rule.Get(k))
		}
		full.Set("updated_at", orNow(rule.Get("updated_at"), now)).Set("value", rule.Get("value"))
		if full.String("id") == "DEFAULT" {
			last = full
			continue
		}
		rules = append(rules, full)
	}
	if last == nil {
		last = defaultRule(now, len(rules))
	}
	return append(rules, last)
}

// changeValidation says what a connector service found about the draft.
func changeValidation(_ *Server, _ string, body *xcontent.Object, d store.Doc) (*xcontent.Object, *eserr.Error) {
	filtering := firstFiltering(d)
	draft := filtering.Object("draft")
	if draft == nil {
		draft = xcontent.NewObject()
	}
	draft.Set("validation", body.Get("validation"))
	filtering.Set("draft", draft)
	return xcontent.NewObject("filtering", []any{filtering}), nil
}

// activateFiltering makes a valid draft the active filtering.
func activateFiltering(_ *Server, _ string, _ *xcontent.Object, d store.Doc) (*xcontent.Object, *eserr.Error) {
	filtering := firstFiltering(d)
	draft := filtering.Object("draft")
	state := ""
	if draft != nil {
		state, _ = draft.Path("validation", "state").(string)
	}
	if state != "valid" {
		return nil, eserr.StatusException(400, "Filtering draft needs to be validated by the connector service before activation. "+
			"Current filtering draft validation state [%s] is not equal to [valid].", state)
	}
	filtering.Set("active", draft.Clone())
	return xcontent.NewObject("filtering", []any{filtering}), nil
}
