package reference

import (
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// The values of the enums of a configuration's fields.
var (
	displayTypes    = []string{"textbox", "textarea", "numeric", "toggle", "dropdown", "text"}
	fieldTypes      = []string{"str", "int", "list", "bool"}
	validationTypes = []string{"less_than", "greater_than", "list_type", "included_in", "regex"}
)

// configurationParser reads one field of a connector's configuration: how it is
// shown and what its value is. Nothing holds the value against the rest.
func configurationParser() *xcontent.ObjectParser {
	dependency := lenient("connector_configuration_dependency", xcontent.Text("field").NeedsIt(),
		xcontent.Scalar("value", xcontent.String, xcontent.Num, xcontent.Bool, xcontent.Null).NeedsIt())
	option := lenient("connector_configuration_select_option", xcontent.Text("label").NeedsIt(),
		xcontent.Scalar("value", xcontent.String, xcontent.Num).NeedsIt())
	validation := lenient("connector_configuration_validation",
		xcontent.Some("constraint", xcontent.String, xcontent.Num, xcontent.StartArray).NeedsIt(),
		xcontent.TextAs("type", readEnum(validationTypes, "ConfigurationValidationType")).NeedsIt())
	p := lenient("connector_configuration",
		xcontent.Text("category"),
		xcontent.Scalar("default_value", xcontent.String, xcontent.Num, xcontent.Bool, xcontent.Null),
		xcontent.NestedList("depends_on", dependency),
		xcontent.TextOrNull("display").As(readEnum(displayTypes, "ConfigurationDisplayType")),
		xcontent.Text("label").NeedsIt(),
		xcontent.NestedList("options", option),
		xcontent.Int("order"),
		xcontent.TextOrNull("placeholder"),
		xcontent.Boolean("required"),
		xcontent.Boolean("sensitive"),
		xcontent.TextOrNull("tooltip"),
		xcontent.TextOrNull("type").As(readExactEnum(fieldTypes, "ConfigurationFieldType")),
		xcontent.TextList("ui_restrictions"),
		xcontent.NestedList("validations", validation),
		xcontent.Some("value", xcontent.String, xcontent.Num, xcontent.Bool, xcontent.Null, xcontent.StartObject))
	p.Build = fillConfiguration
	return p
}

// fillConfiguration adds what every field has, and drops what is null beside.
func fillConfiguration(o *xcontent.Object) *eserr.Error {
	for _, field := range []string{"placeholder", "tooltip", "type"} {
		if o.Get(field) == nil {
			o.Delete(field)
		}
	}
	for _, d := range []struct {
		field string
		value any
	}{{"default_value", nil}, {"required", false}, {"sensitive", false}, {"value", nil}} {
		if !o.Has(d.field) {
			o.Set(d.field, d.value)
		}
	}
	return nil
}

// checkConfiguration: either the whole configuration is given or values of it.
func checkConfiguration(body *xcontent.Object) string {
	switch {
	case !body.Has("configuration") && !body.Has("values"):
		return "[configuration] and [values] cannot both be null."
	case body.Has("configuration") && body.Has("values"):
		return "[configuration] and [values] cannot both be provided in the same request."
	}
	return ""
}

// changeConfiguration replaces the configuration, or sets values of it.
func changeConfiguration(_ *Server, _ string, body *xcontent.Object, d store.Doc) (*xcontent.Object, *eserr.Error) {
	partial := xcontent.NewObject("status", "configured")
	if full := body.Object("configuration"); full != nil {
		return partial.Set("configuration", xcontent.Replace{Value: full}), nil
	}
	values, have := body.Object("values"), d.Source.Object("configuration")
	unknown := slices.DeleteFunc(slices.Clone(values.Keys()), func(k string) bool { return have != nil && have.Has(k) })
	if len(unknown) > 0 {
		return nil, eserr.StatusException(400, "Unknown [configuration] fields in the request payload: [%s]. "+
			"Remove them from request or register their schema first.", strings.Join(inJavaOrder(unknown), ", "))
	}
	changes := xcontent.NewObject()
	for _, k := range values.Keys() {
		if values.Get(k) == nil { // Elasticsearch fails over it
			return nil, nullPointer()
		}
		changes.Set(k, xcontent.NewObject("value", values.Get(k)))
	}
	return partial.Set("configuration", changes), nil
}

// inJavaOrder sorts names as a HashSet of Java hands them out.
func inJavaOrder(names []string) []string {
	buckets := 16
	for len(names) > buckets*3/4 {
		buckets *= 2
	}
	slices.SortStableFunc(names, func(a, b string) int { return javaBucket(a, buckets) - javaBucket(b, buckets) })
	return names
}

func javaBucket(name string, buckets int) int {
	var h uint32
	for _, c := range utf16.Encode([]rune(name)) {
		h = 31*h + uint32(c)
	}
	return int((h ^ h>>16) & uint32(buckets-1))
}
