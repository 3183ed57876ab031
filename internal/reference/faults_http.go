package reference

import (
	"net/http"
	"strings"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// routingFaults take methods, paths and parameters wrongly.
func routingFaults() []Fault {
	as := func(method string) requestHook {
		return func(c *call) *response {
			if c.method == method {
				c.method = http.MethodPut
			}
			return nil
		}
	}
	refused := func(r *response) bool { return r.status == 405 }
	param := func(id, name string) Fault {
		return Fault{ID: "stats.routing." + id + "-refused", Sentence: "The query parameter " + name + " is rejected.",
			Requirements: req("stats.routing.common-parameters"), ops: onStats, request: func(c *call) *response {
				if _, given := c.query[name]; given {
					return errorResponse(c, c.unrecognized([]string{name}))
				}
				return nil
			}}
	}
	return []Fault{
		{ID: "stats.routing.post-accepted", Sentence: "POST is taken for PUT.", Requirements: req("stats.routing.methods"), ops: onStats, request: as(http.MethodPost)},
		{ID: "stats.routing.get-accepted", Sentence: "GET is taken for PUT.", Requirements: req("stats.routing.methods"), ops: onStats, request: as(http.MethodGet)},
		{ID: "stats.routing.delete-accepted", Sentence: "DELETE is taken for PUT.", Requirements: req("stats.routing.methods"), ops: onStats, request: as(http.MethodDelete)},
		{ID: "stats.routing.delete-deletes", Sentence: "DELETE is refused, but deletes the sync job.", Requirements: req("stats.routing.methods"), ops: onStats,
			after: func(c *call, _ *response) {
				if c.method == http.MethodDelete {
					_, _, _ = c.server.store.Delete(jobIndex, c.vars[jobParam], store.Any)
				}
			}},
		{ID: "stats.routing.post-applies", Sentence: "POST is refused, but sets the stats.", Requirements: req("stats.routing.methods"), ops: onStats,
			after: func(c *call, _ *response) {
				if c.method == http.MethodPost {
					storeSent(c)
				}
			}},
		{ID: "stats.routing.head-accepted", Sentence: "HEAD is answered with 200.", Requirements: req("stats.routing.methods"), ops: onStats, request: func(c *call) *response {
			if c.method == http.MethodHead {
				return newResponse(200, nil)
			}
			return nil
		}},
		{ID: "stats.routing.405-as-404", Sentence: "A wrong method is answered with 404.", Requirements: req("stats.routing.methods"), ops: onStats, answer: restatus(405, 404)},
		{ID: "stats.routing.405-as-400", Sentence: "A wrong method is answered with 400.", Requirements: req("stats.routing.methods"), ops: onStats, answer: restatus(405, 400)},
		{ID: "stats.routing.allow-missing", Sentence: "The refusal of a method carries no Allow header.", Requirements: req("stats.routing.allow"), ops: onStats,
			answer: setHeader(refused, "Allow", "")},
		{ID: "stats.routing.allow-post", Sentence: "The refusal of a method also allows POST.", Requirements: req("stats.routing.allow"), ops: onStats,
			answer: setHeader(refused, "Allow", "POST,PUT")},
		{ID: "stats.routing.allow-wrong", Sentence: "The refusal of a method allows POST only.", Requirements: req("stats.routing.allow"), ops: onStats,
			answer: setHeader(refused, "Allow", "POST")},
		{ID: "stats.routing.options-405", Sentence: "OPTIONS is refused.", Requirements: req("stats.routing.options"), ops: onStats,
			answer: func(c *call, r *response) *response {
				if c.method == http.MethodOptions {
					return restatus(200, 405)(c, r)
				}
				return r
			}},
		{ID: "stats.routing.options-allow-missing", Sentence: "OPTIONS is answered without an Allow header.", Requirements: req("stats.routing.options"), ops: onStats,
			answer: setHeader(func(r *response) bool { return r.status == 200 && r.header.Get("Allow") != "" }, "Allow", "")},
		{ID: "stats.routing.options-allow-wrong", Sentence: "OPTIONS also allows POST.", Requirements: req("stats.routing.options"), ops: onStats,
			answer: setHeader(func(r *response) bool { return r.status == 200 && r.header.Get("Allow") != "" }, "Allow", "POST,PUT")},
		{ID: "stats.routing.parameter-ignored", Sentence: "Unknown query parameters are passed over.", Requirements: req("stats.routing.unknown-parameter"), ops: onStats,
			request: func(c *call) *response {
				for name := range c.query {
					c.consumed[name] = true
				}
				return nil
			}},
		{ID: "stats.routing.refresh-accepted", Sentence: "The query parameter refresh is accepted.", Requirements: req("stats.routing.unknown-parameter"), ops: onStats,
			request: func(c *call) *response {
				c.param("refresh")
				return nil
			}},
		{ID: "stats.routing.parameter-unnamed", Sentence: "The rejection of an unknown query parameter does not name it.", Requirements: req("stats.routing.unknown-parameter"),
			ops: onStats, answer: editReason(400, func(reason string) string {
				before, _, _ := strings.Cut(reason, "unrecognized parameter")
				if before != reason {
					return before + "unrecognized parameters"
				}
				return reason
			})},
		{ID: "stats.routing.parameter-type", Sentence: "An unknown query parameter is reported as parse_exception.", Requirements: req("stats.routing.unknown-parameter"),
			ops: onStats, answer: editError(400, func(e *xcontent.Object) {
				if strings.Contains(e.String("reason"), "unrecognized parameter") {
					e.Set("type", "parse_exception")
				}
			})},
		{ID: "stats.routing.parameter-applies", Sentence: "An unknown query parameter is rejected, but the update is made.",
			Requirements: req("stats.routing.unknown-parameter", "stats.atomic"), ops: onStats, after: func(c *call, r *response) {
				if body, ok := r.body.(*xcontent.Object); ok && r.status == 400 && strings.Contains(preview(body), "unrecognized parameter") {
					storeSent(c)
				}
			}},
		param("pretty", "pretty"), param("filter-path", "filter_path"), param("human", "human"), param("error-trace", "error_trace"),
		{ID: "stats.routing.trailing-slash-404", Sentence: "A slash at the end of the path is answered with 404.", Requirements: req("stats.routing.trailing-slash"),
			ops: onStats, request: func(c *call) *response {
				if strings.HasSuffix(c.path, "/") {
					return errorResponse(c, jobNotFound(c.vars[jobParam]))
				}
				return nil
			}},
	}
}

// headerFaults send or read headers wrongly.
func headerFaults() []Fault {
	product := func(id, sentence, value string, when func(*response) bool) Fault {
		return Fault{ID: "stats.headers." + id, Sentence: sentence, Requirements: req("stats.headers.product"), ops: onStats,
			answer: setHeader(when, "X-Elastic-Product", value)}
	}
	contentType := func(id, sentence, value string, when func(*response) bool) Fault {
		return Fault{ID: "stats.headers." + id, Sentence: sentence, Requirements: req("stats.headers.content-type"), ops: onStats,
			answer: setHeader(func(r *response) bool { return r.body != nil && when(r) }, "Content-Type", value)}
	}
	isType := func(c *call, name string) bool { return strings.HasPrefix(c.header.Get("Content-Type"), name) }
	readsAs := func(id, sentence string, when func(c *call) bool) Fault {
		return Fault{ID: "stats.headers." + id, Sentence: sentence, Requirements: req("stats.headers.unsupported-media-type"), ops: onStats,
			request: func(c *call) *response {
				if when(c) {
					c.header = c.header.Clone()
					c.header.Set("Content-Type", "application/json")
				}
				return nil
			}}
	}
	accepts := func(c *call, part string) bool { return strings.Contains(c.header.Get("Accept"), part) }
	return []Fault{
		product("product-missing", "Answers carry no product header.", "", anyAnswer),
		product("product-missing-on-errors", "Rejections carry no product header.", "", unsuccessful),
		product("product-missing-on-success", "Successful updates carry no product header.", "", successful),
		product("product-missing-on-404", "The report of an unknown sync job carries no product header.", "", func(r *response) bool { return r.status == 404 }),
		product("product-missing-on-405", "The refusal of a method carries no product header.", "", func(r *response) bool { return r.status == 405 }),
		product("product-missing-on-406", "The refusal of a media type carries no product header.", "", func(r *response) bool { return r.status == 406 }),
		product("product-missing-on-options", "The answer to OPTIONS carries no product header.", "", func(r *response) bool { return r.raw && r.status == 200 }),
		product("product-other", "The product header names another product.", "OpenSearch", anyAnswer),
		product("product-lower-case", "The product header is written in lower case.", "elasticsearch", anyAnswer),
		contentType("type-text", "Answers are sent as text/plain.", "text/plain; charset=UTF-8", anyAnswer),
		contentType("type-text-on-errors", "Rejections are sent as text/plain.", "text/plain; charset=UTF-8", unsuccessful),
		contentType("type-missing", "Answers carry no content type.", "", anyAnswer),
		contentType("type-html-on-404", "The report of an unknown sync job is sent as text/html.", "text/html", func(r *response) bool { return r.status == 404 }),
		contentType("type-versioned", "Answers carry the media type of compatibility where nobody asked for it.",
			"application/vnd.elasticsearch+json;compatible-with=8", anyAnswer),
		readsAs("text-accepted", "A body of text/plain is read as JSON.", func(c *call) bool { return isType(c, "text/plain") }),
		readsAs("form-accepted", "A body of a form is read as JSON.", func(c *call) bool { return isType(c, "application/x-www-form") }),
		readsAs("untyped-accepted", "A body of no type is read as JSON.", func(c *call) bool { return len(c.body) > 0 && c.header.Get("Content-Type") == "" }),
		{ID: "stats.headers.charset-refused", Sentence: "A body of JSON with a charset is taken for one of an unknown media type.",
			Requirements: req("stats.headers.charset"), ops: onStats, request: func(c *call) *response {
				if kind := c.header.Get("Content-Type"); strings.Contains(kind, "charset") {
					return plainError(http.StatusNotAcceptable, "Content-Type header ["+kind+"] is not supported")
				}
				return nil
			}},
		{ID: "stats.headers.406-as-415", Sentence: "A body of an unknown media type is answered with 415.",
			Requirements: req("stats.headers.unsupported-media-type"), ops: onStats, answer: restatus(406, 415)},
		{ID: "stats.headers.406-as-400", Sentence: "A body of an unknown media type is answered with 400.",
			Requirements: req("stats.headers.unsupported-media-type"), ops: onStats, answer: restatus(406, 400)},
		{ID: "stats.headers.406-applies", Sentence: "A body of an unknown media type is refused, but the update is made.",
			Requirements: req("stats.headers.unsupported-media-type"), ops: onStats, after: func(c *call, r *response) {
				if r.status == 406 {
					storeSent(c)
				}
			}},
		{ID: "stats.headers.compatible-8-refused", Sentence: "Compatibility with 8 is rejected.", Requirements: req("stats.headers.compatible-8"), ops: onStats,
			request: refuseAccept("compatible-with=8", 7)},
		{ID: "stats.headers.compatible-8-plain", Sentence: "Compatibility with 8 is accepted, but answered as plain JSON.",
			Requirements: req("stats.headers.compatible-8"), ops: onStats, answer: func(c *call, r *response) *response {
				if accepts(c, "compatible-with=8") {
					r.header.Set("Content-Type", "application/json")
				}
				return r
			}},
		{ID: "stats.headers.compatible-9-refused", Sentence: "Compatibility with 9 is rejected.", Requirements: req("stats.headers.compatible-9"), ops: onStats,
			request: refuseAccept("compatible-with=9", 9)},
		{ID: "stats.headers.compatible-9-as-8", Sentence: "Compatibility with 9 is answered as that with 8.", Requirements: req("stats.headers.compatible-9"), ops: onStats,
			answer: func(c *call, r *response) *response {
				if accepts(c, "compatible-with=9") {
					r.header.Set("Content-Type", "application/vnd.elasticsearch+json;compatible-with=8")
				}
				return r
			}},
		{ID: "stats.headers.compatible-9-accepted", Sentence: "Compatibility with 9 is accepted before 9.", Requirements: req("stats.headers.rejects-compatible-9"),
			Emulate: "8.19.21", ops: onStats, request: func(c *call) *response {
				c.header = c.header.Clone()
				for _, name := range []string{"Accept", "Content-Type"} {
					if v := c.header.Get(name); v != "" {
						c.header.Set(name, strings.ReplaceAll(v, "compatible-with=9", "compatible-with=8"))
					}
				}
				return nil
			}},
		{ID: "stats.headers.compatible-9-type", Sentence: "Compatibility with 9 is reported before 9 as status_exception.",
			Requirements: req("stats.headers.rejects-compatible-9"), Emulate: "8.19.21", ops: onStats,
			answer: retype(400, "media_type_header_exception", "status_exception")},
		{ID: "stats.headers.yaml-refused", Sentence: "A body in YAML is refused.", Requirements: req("stats.headers.yaml"), ops: onStats,
			request: func(c *call) *response {
				if isType(c, "application/yaml") {
					return plainError(406, "Content-Type header [application/yaml] is not supported")
				}
				return nil
			}},
		{ID: "stats.headers.yaml-as-json", Sentence: "Whoever asks for YAML is given JSON.", Requirements: req("stats.headers.yaml"), ops: onStats,
			request: func(c *call) *response {
				if accepts(c, "yaml") || isType(c, "application/yaml") {
					c.query["format"] = "json"
				}
				return nil
			}},
		{ID: "stats.headers.warning", Sentence: "Successful updates carry a warning.", Requirements: req("stats.headers.product", "stats.headers.content-type"), ops: onStats,
			answer: setHeader(successful, "Warning", `299 Elasticsearch "this API is deprecated"`)},
	}
}

// refuseAccept rejects requests that ask for a compatibility.
func refuseAccept(asked string, current int) requestHook {
	return func(c *call) *response {
		if !strings.Contains(c.header.Get("Accept"), asked) {
			return nil
		}
		return errorResponse(c, c.server.badMedias(
			eserr.StatusException(400, "Accept version must be either version %d or %d.", current, current-1)))
	}
}

// versionFaults behave like another version than the one that is named.
func versionFaults() []Fault {
	fault := func(id, sentence, emulate string, change func(f *features), requirements ...string) Fault {
		return Fault{ID: "version." + id, Sentence: sentence, Requirements: requirements, Emulate: emulate, features: change}
	}
	metadata := func(on bool) func(*features) { return func(f *features) { f.metadata = on } }
	dates := func(on bool) func(*features) { return func(f *features) { f.dateFormats = on } }
	return []Fault{
		fault("8.12-takes-metadata", "8.12 takes metadata, as 8.15 does.", "8.12.0", metadata(true), "stats.metadata.unknown-before-8-15"),
		fault("8.14-takes-metadata", "8.14 takes metadata, as 8.15 does.", "8.14.0", metadata(true), "stats.metadata.unknown-before-8-15"),
		fault("8.12-takes-dates", "8.12 takes the date formats of 8.13.", "8.12.0", dates(true), "stats.last-seen.instant-only"),
		fault("8.13-takes-instants", "8.13 takes only full instants, as 8.12 does.", "8.13.0", dates(false),
			"stats.last-seen.no-zone-is-utc", "stats.last-seen.epoch-millis-string", "stats.last-seen.rejects-lower-case"),
		fault("9.5-takes-instants", "The newest version takes only full instants, as 8.12 does.", "", dates(false),
			"stats.last-seen.no-zone-is-utc", "stats.last-seen.epoch-millis-string", "stats.last-seen.rejects-lower-case"),
		fault("8.15-knows-no-metadata", "8.15 knows no metadata, as 8.14 does.", "8.15.0", metadata(false),
			"stats.field.metadata"),
		fault("9.5-knows-no-metadata", "The newest version knows no metadata, as 8.14 does.", "", metadata(false),
			"stats.field.metadata"),
	}
}
