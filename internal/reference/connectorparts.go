package reference

import (
	"time"

	"github.com/esconform/esconform/internal/reference/cron"
	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/estime"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// connectorParts read what connectors are made of, in requests as in stored
// documents. What they read is filled in as it is stored: with what was not
// given, and without what nobody knows.
type connectorParts struct {
	configuration                        *xcontent.ObjectParser // of one field
	pipeline, features                   *xcontent.ObjectParser
	scheduling, customSchedule           *xcontent.ObjectParser
	filtering, rule, snippet, validation *xcontent.ObjectParser
}

func newConnectorParts(f Features, now func() time.Time) *connectorParts {
	p := &connectorParts{
		configuration: configurationParser(),
		pipeline: lenient("connector_ingest_pipeline", xcontent.Boolean("extract_binary_content").NeedsIt(),
			xcontent.Text("name").NeedsIt(), xcontent.Boolean("reduce_whitespace").NeedsIt(), xcontent.Boolean("run_ml_inference").NeedsIt()),
		features: featuresParser(),
	}
	p.schedules(func(expression string) string {
		return cron.Check(expression, cron.Java{Newer: f.NewerJava, Year: now().Year()})
	})
	p.filterings(func() any { return estime.Write(now()) })
	return p
}

// featuresParser reads which features a connector has. That enabled is missing
// shows only when it is used.
func featuresParser() *xcontent.ObjectParser {
	flag := lenient("connector_feature_enabled", xcontent.Boolean("enabled"))
	flag.Build = func(o *xcontent.Object) *eserr.Error {
		if o.Has("enabled") {
			return nil
		}
		return eserr.JavaError("null_pointer_exception",
			`Cannot invoke "java.lang.Boolean.booleanValue()" because "<parameter1>[0]" is null`)
	}
	return lenient("connector_features", xcontent.Nested("document_level_security", flag), xcontent.Nested("incremental_sync", flag),
		xcontent.Nested("native_connector_api_keys", flag),
		xcontent.Nested("sync_rules", lenient("sync_rules_features", xcontent.Nested("advanced", flag), xcontent.Nested("basic", flag))))
}

// schedules reads when a connector syncs; check says what is wrong with a cron
// expression.
func (p *connectorParts) schedules(check func(string) string) {
	checkInterval := func(o *xcontent.Object) *eserr.Error {
		interval := o.String("interval")
		if problem := check(interval); problem != "" {
			return eserr.IllegalArgument("invalid cron expression [%s]", interval).CausedBy(eserr.IllegalArgument("%s", problem))
		}
		return nil
	}
	config := lenient("schedule_config", xcontent.Boolean("enabled").NeedsIt(), xcontent.Text("interval").NeedsIt())
	config.Build = checkInterval
	p.scheduling = lenient("connector_scheduling", xcontent.Nested("access_control", config), xcontent.Nested("full", config),
		xcontent.Nested("incremental", config))
	overrides := lenient("configuration_override", xcontent.Int("max_crawl_depth"), xcontent.Boolean("sitemap_discovery_disabled"),
		xcontent.TextList("domain_allowlist"), xcontent.TextList("sitemap_urls"), xcontent.TextList("seed_urls"))
	p.customSchedule = lenient("connector_custom_schedule", xcontent.Nested("configuration_overrides", overrides).NeedsIt(),
		xcontent.Boolean("enabled").NeedsIt(), xcontent.Text("interval").NeedsIt(),
		xcontent.TextOrNullAs("last_synced", readDate("last_synced")), xcontent.Text("name").NeedsIt())
	p.customSchedule.Build = checkInterval
}

// filterings reads which documents a connector syncs.
func (p *connectorParts) filterings(now func() any) {
	timed := func(o *xcontent.Object) *eserr.Error {
		for _, field := range []string{"created_at", "updated_at"} {
			if !o.Has(field) {
				o.Set(field, now())
			}
		}
		return nil
	}
	date := func(name string) xcontent.Field { return xcontent.TextAs(name, readDate(name)) }
	p.validation = lenient("filtering_validation_info",
		xcontent.NestedList("errors", lenient("filtering_validation", xcontent.TextList("ids").NeedsIt(),
			xcontent.TextList("messages").NeedsIt())).NeedsIt(),
		xcontent.TextAs("state", readEnum([]string{"edited", "invalid", "valid"}, "FilteringValidationState")).NeedsIt())
	p.snippet = lenient("connector_filtering_advanced_snippet", date("created_at"), date("updated_at"),
		xcontent.MapOrList("value").NeedsIt())
	p.snippet.Build = timed
	p.rule = lenient("connector_filtering_rule", date("created_at"), xcontent.Text("field").NeedsIt(), xcontent.Text("id").NeedsIt(),
		xcontent.Int("order").NeedsIt(),
		xcontent.TextAs("policy", readEnum([]string{"exclude", "include"}, "FilteringPolicy")).NeedsIt(),
		xcontent.TextAs("rule", readExactEnum(ruleConditions, "FilteringRuleCondition")).NeedsIt(),
		date("updated_at"), xcontent.Text("value").NeedsIt())
	p.rule.Build = timed
	rules := lenient("connector_filtering_rules", xcontent.Nested("advanced_snippet", p.snippet).NeedsIt(),
		xcontent.NestedList("rules", p.rule).NeedsIt(), xcontent.Nested("validation", p.validation).NeedsIt())
	p.filtering = lenient("connector_filtering", xcontent.Nested("active", rules).NeedsIt(), xcontent.Nested("draft", rules).NeedsIt())
	p.filtering.Build = func(o *xcontent.Object) *eserr.Error {
		o.Set("domain", "DEFAULT")
		return nil
	}
}

var ruleConditions = []string{"contains", "ends_with", "equals", ">", "<", "regex", "starts_with"}
