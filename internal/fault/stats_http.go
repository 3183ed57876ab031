package fault

import (
	"net/http"
	"strings"

	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/eserr"
)

const (
	vendor8 = "application/vnd.elasticsearch+json;compatible-with=8"

	compatible8 = "compatible-with=8"
	compatible9 = "compatible-with=9"
)

// routingFaults take methods, paths and parameters wrongly.
func routingFaults() []Fault {
	f := alike("stats.routing.", "stats").fault
	refused := status(http.StatusMethodNotAllowed)
	allowed := func(r *response) bool { return r.Status == 200 && r.Header.Get("Allow") != "" }
	unknown := tells(400, "unrecognized parameter")
	param := func(id, name string) Fault {
		return f(id+"-refused", "The query parameter "+name+" is rejected.", "common-parameters", refuseParameter(name))
	}
	return []Fault{
		f("post-accepted", "POST is taken for PUT.", "methods", as(http.MethodPost, http.MethodPut)),
		f("get-accepted", "GET is taken for PUT.", "methods", as(http.MethodGet, http.MethodPut)),
		f("delete-accepted", "DELETE is taken for PUT.", "methods", as(http.MethodDelete, http.MethodPut)),
		f("delete-deletes", "DELETE is refused, but deletes the sync job.", "methods",
			when(method(http.MethodDelete), after(func(c *call, _ *response) { remove(c.Server, reference.JobIndex, jobID(c)) }))),
		f("post-applies", "POST is refused, but sets the stats.", "methods", when(method(http.MethodPost), after(func(c *call, _ *response) { storeSent(c) }))),
		f("head-accepted", "HEAD is answered with 200.", "methods", when(method(http.MethodHead), request(func(*call) *response { return reference.NewResponse(200, nil) }))),
		f("405-as-404", "A wrong method is answered with 404.", "methods", restatus(405, 404)),
		f("405-as-400", "A wrong method is answered with 400.", "methods", restatus(405, 400)),
		f("allow-missing", "The refusal of a method carries no Allow header.", "allow", sends(refused, "Allow", "")),
		f("allow-post", "The refusal of a method also allows POST.", "allow", sends(refused, "Allow", "POST,PUT")),
		f("allow-wrong", "The refusal of a method allows POST only.", "allow", sends(refused, "Allow", "POST")),
		f("options-405", "OPTIONS is refused.", "options", optionsRefused),
		f("options-allow-missing", "OPTIONS is answered without an Allow header.", "options", sends(allowed, "Allow", "")),
		f("options-allow-wrong", "OPTIONS also allows POST.", "options", sends(allowed, "Allow", "POST,PUT")),
		f("parameter-ignored", "Unknown query parameters are passed over.", "unknown-parameter", ignoreParameters),
		f("refresh-accepted", "The query parameter refresh is accepted.", "unknown-parameter", accept("refresh")),
		f("parameter-unnamed", "The rejection of an unknown query parameter does not name it.", "unknown-parameter",
			reasonOf("unrecognized parameter", func(reason string) string {
				before, _, _ := strings.Cut(reason, "unrecognized parameter")
				return before + "unrecognized parameters"
			})),
		f("parameter-type", "An unknown query parameter is reported as parse_exception.", "unknown-parameter", retypeOf("unrecognized parameter", "parse_exception")),
		stats.fault("routing.parameter-applies", "An unknown query parameter is rejected, but the update is made.", "routing.unknown-parameter atomic",
			after(func(c *call, r *response) {
				if unknown(r) {
					storeSent(c)
				}
			})),
		param("pretty", "pretty"), param("filter-path", "filter_path"), param("human", "human"), param("error-trace", "error_trace"),
		f("trailing-slash-404", "A slash at the end of the path is answered with 404.", "trailing-slash", when(trailingSlash, notFound)),
	}
}

// optionsRefused takes OPTIONS for a method that is not allowed.
var optionsRefused = when(method(http.MethodOptions), restatus(200, 405))

// headerFaults send or read headers wrongly.
func headerFaults() []Fault {
	f := alike("stats.headers.", "stats").fault
	product := func(id, what, value string, when test) Fault {
		return f("product-"+id, what, "product", productIs(when, value))
	}
	contentType := func(id, what, value string, when test) Fault {
		return f("type-"+id, what, "content-type", typeIs(func(r *response) bool { return r.Body != nil && when(r) }, value))
	}
	readsAs := func(id, what string, is func(c *call) bool) Fault {
		return f(id+"-accepted", what, "unsupported-media-type", when(is, typedAs(jsonType)))
	}
	isType := func(name string) func(c *call) bool { return header("Content-Type", name) }
	untyped := func(c *call) bool { return c.Header.Get("Content-Type") == "" }
	isYAML := isType("application/yaml")
	asksYAML := func(c *call) bool { return header("Accept", "yaml")(c) || isYAML(c) }
	return []Fault{
		product("missing", "Answers carry no product header.", "", anyAnswer),
		product("missing-on-errors", "Rejections carry no product header.", "", unsuccessful),
		product("missing-on-success", "Successful updates carry no product header.", "", successful),
		product("missing-on-404", "The report of an unknown sync job carries no product header.", "", status(404)),
		product("missing-on-405", "The refusal of a method carries no product header.", "", status(405)),
		product("missing-on-406", "The refusal of a media type carries no product header.", "", status(406)),
		product("missing-on-options", "The answer to OPTIONS carries no product header.", "", func(r *response) bool { return r.Body == nil && r.Status == 200 }),
		product("other", "The product header names another product.", "OpenSearch", anyAnswer),
		product("lower-case", "The product header is written in lower case.", "elasticsearch", anyAnswer),
		contentType("text", "Answers are sent as text/plain.", plainText, anyAnswer),
		contentType("text-on-errors", "Rejections are sent as text/plain.", plainText, unsuccessful),
		contentType("missing", "Answers carry no content type.", "", anyAnswer),
		contentType("html-on-404", "The report of an unknown sync job is sent as text/html.", "text/html", status(404)),
		contentType("versioned", "Answers carry the media type of compatibility where nobody asked for it.", vendor8, anyAnswer),
		readsAs("text", "A body of text/plain is read as JSON.", isType("text/plain")),
		readsAs("form", "A body of a form is read as JSON.", isType("application/x-www-form")),
		readsAs("untyped", "A body of no type is read as JSON.", all(untyped, not(noBody))),
		f("charset-refused", "A body of JSON with a charset is taken for one of an unknown media type.", "charset", when(isType("charset"), unsupported(406))),
		f("406-as-415", "A body of an unknown media type is answered with 415.", "unsupported-media-type", restatus(406, 415)),
		f("406-as-400", "A body of an unknown media type is answered with 400.", "unsupported-media-type", restatus(406, 400)),
		f("406-applies", "A body of an unknown media type is refused, but the update is made.", "unsupported-media-type",
			respond(406, func(c *call, _ *response) { storeSent(c) })),
		f("compatible-8-refused", "Compatibility with 8 is rejected.", "compatible-8", when(header("Accept", compatible8), acceptRefused(7, 6))),
		f("compatible-8-plain", "Compatibility with 8 is accepted, but answered as plain JSON.", "compatible-8", when(header("Accept", compatible8), typeIs(anyAnswer, jsonType))),
		f("compatible-9-refused", "Compatibility with 9 is rejected.", "compatible-9", when(header("Accept", compatible9), acceptRefused(9, 8))),
		f("compatible-9-as-8", "Compatibility with 9 is answered as that with 8.", "compatible-9", when(header("Accept", compatible9), typeIs(anyAnswer, vendor8))),
		f("compatible-9-accepted", "Compatibility with 9 is accepted before 9.", "rejects-compatible-9", edit(func(c *call) {
			for _, name := range []string{"Accept", "Content-Type"} {
				if v := c.Header.Get(name); v != "" {
					setRequestHeader(c, name, strings.ReplaceAll(v, compatible9, compatible8))
				}
			}
		})).emulating("8.19.21"),
		f("compatible-9-type", "Compatibility with 9 is reported before 9 as status_exception.", "rejects-compatible-9",
			retype(400, "media_type_header_exception", "status_exception")).emulating("8.19.21"),
		f("yaml-refused", "A body in YAML is refused.", "yaml", when(isYAML, unsupported(406))),
		f("yaml-as-json", "Whoever asks for YAML is given JSON.", "yaml", when(asksYAML, edit(func(c *call) { c.Query["format"] = "json" }))),
		f("warning", "Successful updates carry a warning.", "product content-type", sends(successful, "Warning", `299 Elasticsearch "this API is deprecated"`)),
	}
}

// acceptRefused refuses a compatibility as versions do that do not know it.
func acceptRefused(version, previous int) effect {
	return fails(func(c *call) *failure {
		return c.Server.BadMedia(eserr.StatusException(400, "Accept version must be either version %d or %d.", version, previous))
	})
}

// versionFaults behave like another version than the one that is named.
func versionFaults() []Fault {
	f := func(id, what, emulate string, believes func(f *reference.Features), reqs string) Fault {
		return group{"version.", "stats.", nil}.fault(id, what, reqs).emulating(emulate).believing(believes)
	}
	metadata := func(on bool) func(*reference.Features) { return func(f *reference.Features) { f.Metadata = on } }
	dates := func(on bool) func(*reference.Features) { return func(f *reference.Features) { f.DateFormats = on } }
	const formats = "last-seen.no-zone-is-utc last-seen.epoch-millis-string last-seen.rejects-lower-case"
	return []Fault{
		f("8.12-takes-metadata", "8.12 takes metadata, as 8.15 does.", "8.12.0", metadata(true), "metadata.unknown-before-8-15"),
		f("8.14-takes-metadata", "8.14 takes metadata, as 8.15 does.", "8.14.0", metadata(true), "metadata.unknown-before-8-15"),
		f("8.12-takes-dates", "8.12 takes the date formats of 8.13.", "8.12.0", dates(true), "last-seen.instant-only"),
		f("8.13-takes-instants", "8.13 takes only full instants, as 8.12 does.", "8.13.0", dates(false), formats),
		f("9.5-takes-instants", "The newest version takes only full instants, as 8.12 does.", "", dates(false), formats),
		f("8.15-knows-no-metadata", "8.15 knows no metadata, as 8.14 does.", "8.15.0", metadata(false), "field.metadata"),
		f("9.5-knows-no-metadata", "The newest version knows no metadata, as 8.14 does.", "", metadata(false), "field.metadata"),
	}
}
