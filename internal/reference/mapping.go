package reference

import (
	"bytes"
	"strconv"
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
var mappings = map[string]mapping{ConnectorIndex: connectorMapping(), JobIndex: jobMapping()}

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

// CheckMapping refuses a document that does not fit its index.
func (s *Server) CheckMapping(index, id string, source *xcontent.Object) *eserr.Error {
	m, ok := s.mappingOf(index)
	if !ok {
		return nil
	}
	ck := mappingCheck{id: id, source: source}
	return ck.object("", m, source)
}

// mappingCheck holds one document against a mapping.
type mappingCheck struct {
	id     string
	source *xcontent.Object
}

// object checks an object's fields. What the mapping does not know is not
// looked into, as the mapping is not dynamic.
func (ck mappingCheck) object(path string, m mapping, o *xcontent.Object) *eserr.Error {
	for _, key := range o.Keys() {
		name := key
		if path != "" {
			name = path + "." + key
		}
		if err := ck.fieldName(name, key); err != nil {
			return err
		}
		child, ok := m.properties[key]
		if !ok {
			continue
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
			if err := ck.element(path, key, m, e); err != nil {
				return err
			}
		}
		return nil
	case *xcontent.Object:
		if m.isObject() {
			return ck.object(path, m, v)
		}
		return ck.unfit(path, key, m, v, ck.notAValue(key, m.kind, v))
	}
	if m.isObject() {
		return ck.concrete(path, key, key, v)
	}
	if cause := ck.scalar(path, key, m.kind, v); cause != nil {
		return ck.unfit(path, key, m, v, cause)
	}
	return nil
}

// element checks one of a list; those have no name of their own.
func (ck mappingCheck) element(path, key string, m mapping, v any) *eserr.Error {
	switch v.(type) {
	case nil, []any, *xcontent.Object:
		return ck.value(path, key, m, v)
	}
	if m.isObject() {
		return ck.concrete(path, key, "null", v)
	}
	return ck.value(path, key, m, v)
}

// concrete reports a value where an object has to be.
func (ck mappingCheck) concrete(path, key, shown string, v any) *eserr.Error {
	return eserr.New(400, "document_parsing_exception",
		"[1:%d] object mapping for [%s] tried to parse field [%s] as object, but found a concrete value",
		ck.position(key, v), path, shown)
}

func (ck mappingCheck) unfit(path, key string, m mapping, v any, cause *eserr.Error) *eserr.Error {
	return eserr.New(400, "document_parsing_exception",
		"[1:%d] failed to parse field [%s] of type [%s] in document with id '%s'. Preview of field's value: '%s'",
		ck.position(key, v), path, m.kind, ck.id, preview(v)).CausedBy(cause)
}

// notAValue is why an object is no single value.
func (ck mappingCheck) notAValue(key, kind string, v any) *eserr.Error {
	switch kind {
	case kindInteger, kindLong, kindShort:
		return eserr.IllegalArgument("Cannot parse object as number")
	}
	return eserr.IllegalArgument("Expected text at 1:%d but found START_OBJECT", ck.position(key, v))
}

// scalar checks a single value; nil where it fits.
func (ck mappingCheck) scalar(path, key, kind string, v any) *eserr.Error {
	text, isText := v.(string)
	n, isNumber := v.(xcontent.Number)
	switch kind {
	case kindKeyword:
		return immense(path, preview(v))
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

// integer checks a whole number. Short ones are read as ints first.
func (ck mappingCheck) integer(key, kind string, v any) *eserr.Error {
	switch v := v.(type) {
	case string:
		return integerText(kind, v)
	case xcontent.Number:
		n, ok := v.Long()
		switch {
		case !ok && kind == kindLong:
			return ck.outOfRange(key, v, xcontent.LongRange)
		case kind != kindLong && (!ok || n != int64(int32(n))):
			return ck.outOfRange(key, v, xcontent.IntRange)
		case kind == kindShort && n != int64(int16(n)):
			return ck.outOfRange(key, v, "Java short")
		}
		return nil
	}
	return eserr.IllegalArgument("For input string: %q", preview(v))
}

func (ck mappingCheck) outOfRange(key string, v xcontent.Number, of string) *eserr.Error {
	at := xcontent.Location{Line: 1, Col: ck.position(key, v) + len(v)}
	return xcontent.NewParser(xcontent.JSON(ck.source)).OutOfRange(string(v), of, at)
}

// integerText checks the text of a whole number.
func integerText(kind, text string) *eserr.Error {
	p := xcontent.NewParser(xcontent.JSON(text))
	if _, err := p.Next(); err != nil {
		return err
	}
	if kind == kindLong {
		_, err := p.Long()
		return err
	}
	n, err := p.Int()
	if err == nil && kind == kindShort && n != int64(int16(n)) {
		err = eserr.IllegalArgument("Value [%s] is out of range for a short", text)
	}
	return err
}

// position is the column of a field's value in the document, roughly: real
// servers count in their own form of it.
func (ck mappingCheck) position(key string, v any) int {
	source, name := xcontent.JSON(ck.source), append(xcontent.JSON(key), ':')
	i := bytes.Index(source, append(bytes.Clone(name), xcontent.JSON(v)...))
	if i < 0 {
		i = max(bytes.Index(source, name), 0)
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

// maxTerm is how long a keyword can be, in bytes of UTF-8: Lucene's limit.
const maxTerm = 32766

// immense refuses a keyword that is too long, and shows the bytes that it
// begins with as Java does.
func immense(field, text string) *eserr.Error {
	if len(text) <= maxTerm {
		return nil
	}
	begin := make([]string, 30)
	for i := range begin {
		begin[i] = strconv.Itoa(int(int8(text[i])))
	}
	return eserr.IllegalArgument("Document contains at least one immense term in field=%q (whose UTF8 encoding is longer than "+
		"the max length %d), all of which were skipped. Please correct the analyzer to not produce such terms. "+
		"The prefix of the first immense term is: '[%s]...'", field, maxTerm, strings.Join(begin, ", "))
}

// fieldName refuses a name that no field can have; path is the whole name.
func (ck mappingCheck) fieldName(path, name string) *eserr.Error {
	if name != "" && strings.TrimSpace(name) == "" {
		return eserr.New(400, "document_parsing_exception", "[1:%d] Field name cannot contain only whitespace: [%s]",
			ck.position(name, nil), path)
	}
	problem := badFieldName(name)
	if problem == "" {
		return nil
	}
	return eserr.New(400, "document_parsing_exception", "[1:%d] failed to parse: %s", ck.position(name, nil), problem).
		CausedBy(eserr.IllegalArgument("%s", problem))
}

// badFieldName says what is wrong with a name that stands for a path where it
// has dots, "" for nothing. Dots at its end do not count.
func badFieldName(name string) string {
	path := strings.TrimRight(name, ".")
	switch {
	case name == "":
		return "field name cannot be an empty string"
	case path == "":
		return "field name cannot contain only dots"
	case !strings.Contains(path, "."):
		return ""
	}
	for part := range strings.SplitSeq(path, ".") {
		switch {
		case part == "":
			return "field name cannot contain only whitespace: ['" + name + "']"
		case strings.TrimSpace(part) == "":
			return "field name starting or ending with a [.] makes object resolution ambiguous: [" + name + "]"
		}
	}
	return ""
}

// Mapped reports whether the mapping of an index knows a field.
func Mapped(index, field string) bool {
	_, known := mappings[index].properties[field]
	return known
}
