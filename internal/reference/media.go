package reference

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// format is how a body is written.
type format int

const (
	formatNone format = iota // not one that Elasticsearch reads
	formatJSON
	formatYAML
	formatCBOR
	formatSmile
)

// mediaType is a Content-Type or Accept header.
type mediaType struct {
	name    string // type/subtype, lower case
	params  string // as they go behind the name: ";charset=utf-8"
	format  format
	version int // of compatible-with, 0 where it is absent
}

var formats = map[string]format{
	"application/json":                       formatJSON,
	"application/x-ndjson":                   formatJSON,
	"application/*":                          formatJSON,
	"application/vnd.elasticsearch+json":     formatJSON,
	"application/vnd.elasticsearch+x-ndjson": formatJSON,
	"application/yaml":                       formatYAML,
	"application/vnd.elasticsearch+yaml":     formatYAML,
	"application/cbor":                       formatCBOR,
	"application/vnd.elasticsearch+cbor":     formatCBOR,
	"application/smile":                      formatSmile,
	"application/vnd.elasticsearch+smile":    formatSmile,
}

// formatNames are the formats as ?format calls them.
var formatNames = map[string]format{"json": formatJSON, "yaml": formatYAML, "cbor": formatCBOR, "smile": formatSmile}

// json rewrites a body as JSON.
func (f format) json(body []byte) ([]byte, *eserr.Error) {
	switch f {
	case formatYAML:
		return xcontent.FromYAML(body)
	case formatCBOR:
		return xcontent.FromCBOR(body)
	case formatSmile:
		return xcontent.FromSmile(body)
	}
	return body, nil
}

// write writes content.
func (f format) write(content any, pretty bool) []byte {
	switch {
	case f == formatYAML:
		return xcontent.YAML(content)
	case f == formatCBOR:
		return xcontent.CBOR(content)
	case f == formatSmile:
		return xcontent.Smile(content)
	case pretty:
		return xcontent.PrettyJSON(content)
	}
	return xcontent.JSON(content)
}

var (
	mediaName  = regexp.MustCompile(`^[!#$%&'*+.^_|~0-9a-zA-Z-]+/[!#$%&'*+.^_|~0-9a-zA-Z-]+$`)
	mediaParam = regexp.MustCompile(`^[^=\s]+=[^=\s]+$`)
)

// parseMedia reads a header's value. ok is false where it is no media type at
// all; one that nobody knows is fine.
func parseMedia(value string) (m mediaType, ok bool) {
	if strings.TrimSpace(value) == "" || value == "*/*" {
		return m, true
	}
	if strings.Contains(value, ",") { // a browser's list of preferences
		return m, true
	}
	name, params, _ := strings.Cut(strings.ToLower(value), ";")
	m.name = strings.TrimSpace(name)
	if !mediaName.MatchString(m.name) {
		return m, false
	}
	m.format = formats[m.name]
	for param := range strings.SplitSeq(params, ";") {
		param = strings.TrimSpace(param)
		if param == "" {
			continue
		}
		if !mediaParam.MatchString(param) {
			return m, false
		}
		m.params += ";" + param
		if v, is := strings.CutPrefix(param, "compatible-with="); is && strings.HasPrefix(m.name, "application/vnd.elasticsearch+") {
			if m.version, _ = strconv.Atoi(v); m.version == 0 {
				return m, false
			}
		}
	}
	return m, true
}

// readMedia reads the headers that say how bodies are written.
func (c *Call) readMedia() *eserr.Error {
	var badType, bad *eserr.Error
	c.request, badType = c.mediaHeader("Content-Type")
	c.accept, bad = c.mediaHeader("Accept")
	switch {
	case bad == nil:
		bad = badType
	case badType != nil:
		bad.Suppressed = []*eserr.Error{badType}
	}
	if bad == nil {
		cause := c.checkCompatible(c.Header.Get("Content-Type"), c.Header.Get("Accept"))
		if cause == nil {
			return nil
		}
		bad = c.Server.BadMedia(cause)
	}
	c.request, c.accept = mediaType{}, mediaType{}
	return bad
}

// mediaHeader reads a header that holds one media type.
func (c *Call) mediaHeader(name string) (mediaType, *eserr.Error) {
	values := c.Header.Values(name)
	switch {
	case len(values) > 1:
		return mediaType{}, badMedia(name, eserr.IllegalArgument("Incorrect header [%s]. Only one value should be provided", name))
	case len(values) == 1 && strings.TrimSpace(values[0]) == "":
		return mediaType{}, badMedia(name, eserr.IllegalArgument("Header [%s] cannot be empty.", name))
	}
	value := c.Header.Get(name)
	m, ok := parseMedia(value)
	if !ok {
		return m, badMedia(name, eserr.IllegalArgument("invalid media-type [%s]", value))
	}
	return m, nil
}

// BadMedia refuses media types. It names both headers in the order of a set of
// Java's, which is another one at each start.
func (s *Server) BadMedia(cause *eserr.Error) *eserr.Error {
	if s.reversedSets {
		return badMedia("Accept, Content-Type", cause)
	}
	return badMedia("Content-Type, Accept", cause)
}

func badMedia(headers string, cause *eserr.Error) *eserr.Error {
	e := eserr.New(400, "media_type_header_exception", "Invalid media-type value on headers [%s]", headers)
	e.Family = eserr.Java // its own root cause
	return e.CausedBy(cause)
}

// checkCompatible holds compatible-with against the server's own version.
func (c *Call) checkCompatible(contentType, accept string) *eserr.Error {
	current := major(c.Server.version)
	wrong := func(header string, version int, value string) *eserr.Error {
		return eserr.StatusException(400, "%s version must be either version %d or %d, but found %d. %s=%s",
			header, current, current-1, version, header, value)
	}
	supported := func(v int) bool { return v == 0 || v == current || v == current-1 }
	a, b := c.accept.version, c.request.version
	orCurrent := func(v int) int {
		if v == 0 {
			return current
		}
		return v
	}
	switch {
	case !supported(a):
		return wrong("Accept", a, accept)
	case len(c.Body) == 0:
		return nil
	case !supported(b):
		return wrong("Content-Type", b, contentType)
	case orCurrent(a) != orCurrent(b):
		return eserr.StatusException(400, "A compatible version is required on both Content-Type and Accept headers "+
			"if either one has requested a compatible version and the compatible versions must match. Accept=%s, Content-Type=%s",
			orNull(accept), orNull(contentType))
	case (a == 0) != (b == 0):
		return eserr.StatusException(400, "A compatible version is required on both Content-Type and Accept headers "+
			"if either one has requested a compatible version. Accept=%s, Content-Type=%s", orNull(accept), orNull(contentType))
	}
	return nil
}

func orNull(s string) string {
	if s == "" {
		return "null"
	}
	return s
}

// answerType returns how the answer is written: as ?format, as Accept, as the
// request, or as JSON.
func (c *Call) answerType() mediaType {
	json := mediaType{name: "application/json", format: formatJSON}
	asked := strings.ToLower(c.Query["format"])
	if f, known := formatNames[asked]; known {
		return mediaType{name: "application/" + asked, format: f}
	}
	for _, m := range []mediaType{c.accept, c.request} {
		if m.format == formatNone {
			continue
		}
		if m.name == "application/*" || m.name == "application/x-ndjson" {
			return json
		}
		m.params = c.accept.params
		return m
	}
	return json
}
