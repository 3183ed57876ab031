package reference

import (
	"slices"
	"strings"
	"time"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/estime"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// parsers read the bodies of requests. They differ between versions.
type parsers struct {
	stats, claim, jobError, createJob                       *xcontent.ObjectParser
	connector                                               *xcontent.ObjectParser
	name, indexName, serviceType, status, connError, native *xcontent.ObjectParser
	apiKey, pipeline, scheduling, features, lastSync        *xcontent.ObjectParser
	configuration, filtering, validation                    *xcontent.ObjectParser
}

// The counts of a sync job, in the order in which they are checked.
var requiredCounts = []string{"deleted_document_count", "indexed_document_count", "indexed_document_volume"}

const totalCount = "total_document_count"

// allCounts are the required ones and the optional one.
var allCounts = append(slices.Clone(requiredCounts), totalCount)

func parser(name string, fields ...xcontent.Field) *xcontent.ObjectParser {
	return &xcontent.ObjectParser{Name: name, Fields: fields}
}

func newParsers(f features) *parsers {
	p := &parsers{
		stats:    statsParser(f),
		claim:    parser("claim_connector_sync_job", xcontent.Text("worker_hostname").NeedsIt(), xcontent.Map("sync_cursor")),
		jobError: parser("connector_sync_job_error_request", xcontent.Text("error").NeedsIt()),
		createJob: parser("connector_sync_job_post_request",
			xcontent.Text("id").NeedsIt(), xcontent.Text("job_type"), xcontent.Text("trigger_method")),
	}
	p.createJob.Build = func(o *xcontent.Object) *eserr.Error {
		if o.Has("job_type") {
			v, err := enum(jobTypes, "ConnectorSyncJobType", o.String("job_type"))
			if err != nil {
				return err
			}
			o.Set("job_type", v)
		}
		if o.Has("trigger_method") {
			v, err := enum(triggerMethods, "ConnectorSyncJobTriggerMethod", o.String("trigger_method"))
			if err != nil {
				return err
			}
			o.Set("trigger_method", v)
		}
		return nil
	}
	p.connectorParsers()
	return p
}

// statsParser reads the body of a stats update; before 8.15 it knows no
// metadata, before 8.13 only one date format.
func statsParser(f features) *xcontent.ObjectParser {
	p := parser("connector_sync_job_update_ingestion_stats")
	for _, count := range requiredCounts {
		p.Fields = append(p.Fields, xcontent.Long(count).NeedsIt())
	}
	read := readDate("last_seen")
	if !f.dateFormats {
		read = readInstant
	}
	p.Fields = append(p.Fields, xcontent.Long(totalCount), xcontent.MapOrText("last_seen", read))
	if f.metadata {
		p.Fields = append(p.Fields, xcontent.Map("metadata"))
	}
	return p
}

// readDate reads a date in Elasticsearch's default format.
func readDate(field string) func(*xcontent.Parser) (any, *eserr.Error) {
	return func(p *xcontent.Parser) (any, *eserr.Error) {
		if p.Token() != xcontent.String {
			return nil, eserr.IllegalArgument("unexpected token [%s] for [%s]", p.Token(), field)
		}
		text, err := p.Text()
		if err != nil {
			return nil, err
		}
		return asDate(estime.Parse(text))
	}
}

// readInstant reads a date as Java's Instant.parse does.
func readInstant(p *xcontent.Parser) (any, *eserr.Error) {
	text, err := p.Text()
	if err != nil {
		return nil, err
	}
	return asDate(estime.ParseInstant(text))
}

// asDate returns an instant in the form in which it is stored.
func asDate(t time.Time, err *eserr.Error) (any, *eserr.Error) {
	if err != nil {
		return nil, err
	}
	return estime.Write(t), nil
}

// The values of enums.
var (
	jobTypes          = []string{"full", "incremental", "access_control"}
	triggerMethods    = []string{"on_demand", "scheduled"}
	syncStatuses      = []string{"canceling", "canceled", "completed", "error", "in_progress", "pending", "suspended"}
	connectorStatuses = []string{"created", "needs_configuration", "configured", "connected", "error"}
)

// enum reads a value of a Java enum, in any case.
func enum(values []string, name, text string) (string, *eserr.Error) {
	for _, v := range values {
		if strings.EqualFold(v, text) {
			return v, nil
		}
	}
	return "", eserr.IllegalArgument("Unknown %s [%s].", name, text)
}

// connectorParsers are those of the connector routes.
func (p *parsers) connectorParsers() {
	date := func(name string) xcontent.Field { return xcontent.TextOrNullAs(name, readDate(name)) }
	syncStatus := func(name string) xcontent.Field {
		return xcontent.TextOrNullAs(name, readEnum(syncStatuses, "ConnectorSyncStatus"))
	}
	p.connector = parser("connector_put_request", xcontent.Text("description"), xcontent.TextOrNull("index_name"),
		xcontent.Boolean("is_native"), xcontent.Text("language"), xcontent.Text("name"), xcontent.Text("service_type"))
	p.name = parser("connector_update_name_request", xcontent.TextOrNull("name"), xcontent.TextOrNull("description"))
	p.indexName = parser("connector_update_index_name_request", xcontent.TextOrNull("index_name").NeedsIt())
	p.serviceType = parser("connector_update_service_type_request", xcontent.Text("service_type").NeedsIt())
	p.status = parser("connector_update_status_request",
		xcontent.TextAs("status", readEnum(connectorStatuses, "ConnectorStatus")).NeedsIt())
	p.connError = parser("connector_update_error_request", xcontent.TextOrNull("error").NeedsIt())
	p.native = parser("connector_update_native_request", xcontent.Boolean("is_native").NeedsIt())
	p.apiKey = parser("connector_update_api_key_id_request", xcontent.TextOrNull("api_key_id"), xcontent.TextOrNull("api_key_secret_id"))
	p.pipeline = parser("connector_update_pipeline_request", xcontent.Nested("pipeline",
		lenient("connector_ingest_pipeline", xcontent.Boolean("extract_binary_content").NeedsIt(), xcontent.Text("name").NeedsIt(),
			xcontent.Boolean("reduce_whitespace").NeedsIt(), xcontent.Boolean("run_ml_inference").NeedsIt())).NeedsIt())
	schedule := func(name string) xcontent.Field {
		return xcontent.Nested(name, lenient("schedule_config", xcontent.Boolean("enabled").NeedsIt(),
			xcontent.TextAs("interval", readCron).NeedsIt()))
	}
	p.scheduling = parser("connector_update_scheduling_request", xcontent.Nested("scheduling",
		lenient("connector_scheduling", schedule("access_control"), schedule("full"), schedule("incremental"))).NeedsIt())
	enabled := func(name string) xcontent.Field {
		return xcontent.Nested(name, lenient("connector_feature_enabled", xcontent.Boolean("enabled").NeedsIt()))
	}
	p.features = parser("connector_update_features_request", xcontent.Nested("features",
		lenient("connector_features", enabled("document_level_security"), enabled("incremental_sync"),
			enabled("native_connector_api_keys"),
			xcontent.Nested("sync_rules", lenient("sync_rules_features", enabled("advanced"), enabled("basic"))))))
	p.lastSync = parser("connector_update_last_sync_stats_request",
		xcontent.TextOrNull("last_access_control_sync_error"), date("last_access_control_sync_scheduled_at"),
		syncStatus("last_access_control_sync_status"), xcontent.Long("last_deleted_document_count"),
		date("last_incremental_sync_scheduled_at"), xcontent.Long("last_indexed_document_count"),
		xcontent.TextOrNull("last_sync_error"), date("last_sync_scheduled_at"), syncStatus("last_sync_status"),
		date("last_synced"), xcontent.MapOrNull("sync_cursor"))
	p.configuration = parser("connector_update_configuration_request", xcontent.Map("configuration"), xcontent.Map("values"))
	p.validation = parser("connector_update_filtering_validation", xcontent.Nested("validation", filteringValidation).NeedsIt())
	p.filtering = parser("connector_update_filtering_request",
		xcontent.NestedList("filtering", lenient("connector_filtering",
			xcontent.Nested("active", filteringRules).NeedsIt(), xcontent.Text("domain"), xcontent.Nested("draft", filteringRules).NeedsIt())),
		xcontent.NestedList("rules", filteringRule), xcontent.Nested("advanced_snippet", advancedSnippet))
}

func lenient(name string, fields ...xcontent.Field) *xcontent.ObjectParser {
	p := parser(name, fields...)
	p.Lenient = true
	return p
}

func readEnum(values []string, name string) func(*xcontent.Parser) (any, *eserr.Error) {
	return func(p *xcontent.Parser) (any, *eserr.Error) {
		text, err := p.Text()
		if err != nil {
			return nil, err
		}
		v, err := enum(values, name, text)
		if err != nil {
			return nil, err
		}
		return v, nil
	}
}

// The parts of a connector's filtering.
var (
	filteringValidation = lenient("filtering_validation_info",
		xcontent.NestedList("errors", lenient("filtering_validation", xcontent.Any("ids").NeedsIt(), xcontent.Any("messages").NeedsIt())).NeedsIt(),
		xcontent.TextAs("state", readEnum([]string{"edited", "invalid", "valid"}, "FilteringValidationState")).NeedsIt())
	advancedSnippet = lenient("connector_filtering_advanced_snippet",
		xcontent.TextOrNullAs("created_at", readDate("created_at")), xcontent.TextOrNullAs("updated_at", readDate("updated_at")),
		xcontent.Any("value").NeedsIt())
	filteringRule = lenient("connector_filtering_rule",
		xcontent.TextOrNullAs("created_at", readDate("created_at")), xcontent.Text("field").NeedsIt(), xcontent.Text("id").NeedsIt(),
		xcontent.Int("order").NeedsIt(),
		xcontent.TextAs("policy", readEnum([]string{"exclude", "include"}, "FilteringPolicy")).NeedsIt(),
		xcontent.TextAs("rule", readRule).NeedsIt(),
		xcontent.TextOrNullAs("updated_at", readDate("updated_at")), xcontent.Text("value").NeedsIt())
	filteringRules = lenient("connector_filtering_rules",
		xcontent.Nested("advanced_snippet", advancedSnippet).NeedsIt(), xcontent.NestedList("rules", filteringRule).NeedsIt(),
		xcontent.Nested("validation", filteringValidation).NeedsIt())
)

var ruleNames = []string{"contains", "ends_with", "equals", ">", "<", "regex", "starts_with"}

func readRule(p *xcontent.Parser) (any, *eserr.Error) {
	return readEnum(ruleNames, "FilteringRuleCondition")(p)
}

// readCron reads a cron expression: six or seven fields.
func readCron(p *xcontent.Parser) (any, *eserr.Error) {
	text, err := p.Text()
	if err != nil {
		return nil, err
	}
	if n := len(strings.Fields(text)); n < 6 || n > 7 || strings.Trim(strings.ToUpper(text), "0123456789*?/,-# ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return nil, eserr.IllegalArgument("invalid cron expression [%s]", text)
	}
	return text, nil
}
