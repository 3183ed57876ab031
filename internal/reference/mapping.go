package reference

import (
	"bytes"
	"strings"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/estime"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// kinds of mapped fields.
const (
	kindKeyword = "keyword"
	kindText    = "text"
	kindDate    = "date"
	kindInteger = "integer"
	kindLong    = "long"
	kindShort   = "short"
	kindBoolean = "boolean"
	kindObject  = "object"
)

// mapping is the mapping of an index: fields that are objects have properties.
type mapping struct {
	kind       string
	properties map[string]mapping
}

func leaf(kind string) mapping { return mapping{kind: kind} }

func fields(properties map[string]mapping) mapping { return mapping{properties: properties} }

// leaves maps several names to the same kind.
func leaves(into map[string]mapping, kind string, names ...string) map[string]mapping {
	for _, n := range names {
		into[n] = leaf(kind)
	}
	return into
}

// mappings are those of the connector API's indices. Others map whatever they
// are given.
var mappings = map[string]mapping{connectorIndex: connectorMapping(), jobIndex: jobMapping()}

func jobMapping() mapping {
	m := map[string]mapping{}
	leaves(m, kindDate, "cancelation_requested_at", "canceled_at", "completed_at", "created_at", "last_seen", "started_at")
	leaves(m, kindKeyword, "error", "job_type", "status", "trigger_method", "worker_hostname")
	leaves(m, kindInteger, allCounts...)
	leaves(m, kindObject, "metadata")
	c := leaves(map[string]mapping{}, kindKeyword, "id", "index_name", "language", "service_type")
	leaves(c, kindObject, "configuration", "sync_cursor")
	c["pipeline"] = pipelineMapping()
	filtering := map[string]mapping{
		"advanced_snippet": snippetMapping(), "domain": leaf(kindKeyword), "rules": rulesMapping(),
		"warnings": fields(map[string]mapping{"ids": leaf(kindKeyword), "messages": leaf(kindText)}),
	}
	c["filtering"] = fields(filtering)
	m["connector"] = fields(c)
	return fields(m)
}

func connectorMapping() mapping {
	m := map[string]mapping{}
	leaves(m, kindKeyword, "api_key_id", "error", "index_name", "language", "last_access_control_sync_error",
		"last_access_control_sync_status", "last_sync_error", "last_sync_status", "name", "service_type", "status")
	leaves(m, kindText, "description")
	leaves(m, kindObject, "configuration", "custom_scheduling", "sync_cursor")
	leaves(m, kindBoolean, "is_native", "sync_now")
	leaves(m, kindLong, "last_deleted_document_count", "last_indexed_document_count")
	leaves(m, kindDate, "last_access_control_sync_scheduled_at", "last_incremental_sync_scheduled_at", "last_seen",
		"last_sync_scheduled_at", "last_synced")
	enabled := fields(leaves(map[string]mapping{}, kindBoolean, "enabled"))
	m["features"] = fields(map[string]mapping{
		"filtering_advanced_config": leaf(kindBoolean), "filtering_rules": leaf(kindBoolean), "incremental_sync": enabled,
		"sync_rules": fields(map[string]mapping{"advanced": enabled, "basic": enabled}),
	})
	rules := fields(map[string]mapping{
		"advanced_snippet": snippetMapping(), "rules": rulesMapping(),
		"validation": fields(map[string]mapping{
			"errors": fields(map[string]mapping{"ids": leaf(kindKeyword), "messages": leaf(kindText)}), "state": leaf(kindKeyword),
		}),
	})
	m["filtering"] = fields(map[string]mapping{"active": rules, "domain": leaf(kindKeyword), "draft": rules})
	m["pipeline"] = pipelineMapping()
	schedule := fields(map[string]mapping{"enabled": leaf(kindBoolean), "interval": leaf(kindText)})
	m["scheduling"] = fields(map[string]mapping{"access_control": schedule, "full": schedule, "incremental": schedule})
	return fields(m)
}

func pipelineMapping() mapping {
	m := leaves(map[string]mapping{}, kindBoolean, "extract_binary_content", "reduce_whitespace", "run_ml_inference")
	return fields(leaves(m, kindKeyword, "name"))
}

func snippetMapping() mapping {
	return fields(leaves(leaves(map[string]mapping{}, kindDate, "created_at", "updated_at"), kindObject, "value"))
}

func rulesMapping() mapping {
	m := leaves(map[string]mapping{}, kindDate, "created_at", "updated_at")
	leaves(m, kindKeyword, "field", "id", "policy", "rule", "value")
	return fields(leaves(m, kindShort, "order"))
}

// isObject reports whether a field holds an object.
func (m mapping) isObject() bool { return m.properties != nil || m.kind == kindObject }

// describe writes a mapping as GET _mapping does.
func (m mapping) describe() *xcontent.Object {
	if m.properties == nil {
		return xcontent.NewObject("type", m.kind)
	}
	properties := xcontent.NewObject()
	for _, name := range sortedKeys(m.properties) {
		properties.Set(name, m.properties[name].describe())
	}
	return xcontent.NewObject("properties", properties)
}

// checkMapping refuses a document that does not fit its index.
func (s *Server) checkMapping(index, id string, source *xcontent.Object) *eserr.Error {
	m, ok := s.mappingOf(index)
	if !ok {
		return nil
	}
	ck := mappingCheck{id: id, source: xcontent.JSON(source)}
	return ck.object("", m, source)
}

// mappingCheck holds one document against a mapping.
type mappingCheck struct {
	id     string
	source []byte
}

// object checks an object's fields. What the mapping does not know is not
// looked into, as the mapping is not dynamic.
func (ck mappingCheck) object(path string, m mapping, o *xcontent.Object) *eserr.Error {
	for _, key := range o.Keys() {
		if problem := badFieldName(key); problem != "" {
			at := ck.position(key, nil)
			return eserr.New(400, "document_parsing_exception", "[1:%d] failed to parse: %s", at, problem).
				CausedBy(eserr.IllegalArgument("%s", problem))
		}
		child, ok := m.properties[key]
		if !ok {
			continue
		}
		name := key
		if path != "" {
			name = path + "." + key
		}
		if err := ck.value(name, key, child, o.Get(key)); err != nil {
			return err
		}
	}
	return nil
}

// value checks a field's value; a list stands for each of its elements.
func (ck mappingCheck) value(path, key string, m mapping, v any) *eserr.Error {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		for _, e := range v {
			if err := ck.value(path, key, m, e); err != nil {
				return err
			}
		}
		return nil
	case *xcontent.Object:
		if m.isObject() {
			return ck.object(path, m, v)
		}
		return ck.unfit(path, key, m, v, ck.notAValue(key, v))
	}
	if m.isObject() {
		return eserr.New(400, "document_parsing_exception",
			"[1:%d] object mapping for [%s] tried to parse field [%s] as object, but found a concrete value",
			ck.position(key, v), path, key)
	}
	if cause := ck.scalar(key, m.kind, v); cause != nil {
		return ck.unfit(path, key, m, v, cause)
	}
	return nil
}

func (ck mappingCheck) unfit(path, key string, m mapping, v any, cause *eserr.Error) *eserr.Error {
	return eserr.New(400, "document_parsing_exception",
		"[1:%d] failed to parse field [%s] of type [%s] in document with id '%s'. Preview of field's value: '%s'",
		ck.position(key, v), path, m.kind, ck.id, preview(v)).CausedBy(cause)
}

func (ck mappingCheck) notAValue(key string, v any) *eserr.Error {
	return eserr.JavaError("illegal_state_exception", "Can't get text on a START_OBJECT at 1:%d", ck.position(key, v))
}

// scalar checks a single value; nil where it fits.
func (ck mappingCheck) scalar(key, kind string, v any) *eserr.Error {
	text, isText := v.(string)
	n, isNumber := v.(xcontent.Number)
	switch kind {
	case kindDate:
		if isNumber {
			text, isText = string(n), true
		}
		if !isText {
			text = preview(v)
		}
		if _, err := estime.Parse(text); err != nil && err.Type == "illegal_argument_exception" {
			return err
		}
	case kindBoolean:
		if s := preview(v); s != "true" && s != "false" && s != "" {
			return eserr.IllegalArgument("Failed to parse value [%s] as only [true] or [false] are allowed.", s)
		}
	case kindInteger, kindLong, kindShort:
		return ck.integer(key, kind, v)
	}
	return nil
}

// bounds of the integer kinds, and how errors name their types.
var bounds = map[string]struct {
	min, max int64
	typ      string
}{
	kindShort:   {-1 << 15, 1<<15 - 1, "short"},
	kindInteger: {-1 << 31, 1<<31 - 1, "int"},
	kindLong:    {-1 << 63, 1<<63 - 1, "long"},
}

func (ck mappingCheck) integer(key, kind string, v any) *eserr.Error {
	b := bounds[kind]
	if text, ok := v.(string); ok {
		p := xcontent.NewParser(xcontent.JSON(text))
		if _, err := p.Next(); err != nil {
			return err
		}
		n, err := p.Long()
		if err == nil && (n < b.min || n > b.max) {
			err = eserr.IllegalArgument("Value [%s] is out of range for an %s", text, kind)
		}
		return err
	}
	number, ok := v.(xcontent.Number)
	if !ok {
		return eserr.IllegalArgument("For input string: %q", preview(v))
	}
	n, ok := number.Long()
	if ok && n >= b.min && n <= b.max {
		return nil
	}
	p := xcontent.NewParser(ck.source)
	at := xcontent.Location{Line: 1, Col: ck.position(key, v) + len(number)}
	return p.OutOfRange(string(number), b.typ, b.min, b.max, at)
}

// position is the column of a field's value in the document, roughly: real
// servers count in their own form of it.
func (ck mappingCheck) position(key string, v any) int {
	name := append(xcontent.JSON(key), ':')
	i := bytes.Index(ck.source, append(bytes.Clone(name), xcontent.JSON(v)...))
	if i < 0 {
		i = max(bytes.Index(ck.source, name), 0)
	}
	return i + len(name) + 1
}

// preview shows a value in an error.
func preview(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return string(xcontent.JSON(v))
}

// badFieldName says what is wrong with a field's name, "" for nothing.
func badFieldName(name string) string {
	switch {
	case name == "":
		return "field name cannot be an empty string"
	case !strings.Contains(name, "."):
		return ""
	case strings.Trim(name, ".") == "":
		return "field name cannot contain only dots"
	}
	for part := range strings.SplitSeq(name, ".") {
		switch {
		case part == "":
			return "field name starting or ending with a [.] makes object resolution ambiguous: [" + name + "]"
		case strings.TrimSpace(part) == "":
			return "field name cannot contain only whitespace: ['" + name + "']"
		}
	}
	return ""
}
