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
	// Those of stored documents: a connector, and the filtering of one.
	storedConnector, storedFiltering *xcontent.ObjectParser
}

// The counts of a sync job, in the order in which they are checked.
var requiredCounts = []string{"deleted_document_count", "indexed_document_count", "indexed_document_volume"}

const totalCount = "total_document_count"

// allCounts are the required ones and the optional one.
var allCounts = append(slices.Clone(requiredCounts), totalCount)

func parser(name string, fields ...xcontent.Field) *xcontent.ObjectParser {
	return &xcontent.ObjectParser{Name: name, Fields: fields}
}

func newParsers(f Features, now func() time.Time) *parsers {
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
	p.connectorParsers(newConnectorParts(f, now))
	return p
}

// statsParser reads the body of a stats update; before 8.15 it knows no
// metadata, before 8.13 only one date format.
func statsParser(f Features) *xcontent.ObjectParser {
	p := parser("connector_sync_job_update_ingestion_stats")
	for _, count := range requiredCounts {
		p.Fields = append(p.Fields, xcontent.Long(count).NeedsIt())
	}
	read := readDate("last_seen")
	if !f.DateFormats {
		read = readInstant
	}
	p.Fields = append(p.Fields, xcontent.Long(totalCount), xcontent.MapOrText("last_seen", read))
	if f.Metadata {
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

// readEnum reads a value of an enum, in any case.
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

// readExactEnum reads a value of an enum in its own case, or null.
func readExactEnum(values []string, name string) func(*xcontent.Parser) (any, *eserr.Error) {
	return func(p *xcontent.Parser) (any, *eserr.Error) {
		if p.Token() == xcontent.Null {
			return nil, nil
		}
		text, err := p.Text()
		if err == nil && !slices.Contains(values, text) {
			err = eserr.IllegalArgument("Unknown %s [%s].", name, text)
		}
		if err != nil {
			return nil, err
		}
		return text, nil
	}
}

// lenient makes a parser that passes over fields it does not know.
func lenient(name string, fields ...xcontent.Field) *xcontent.ObjectParser {
	p := parser(name, fields...)
	p.Lenient = true
	return p
}
