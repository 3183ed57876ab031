package reference

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/esconform/esconform/internal/reference/eserr"
)

// format is how a body is written.
type format int

const (
	formatNone format = iota // not one that Elasticsearch reads
	formatJSON
	formatYAML
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
func (c *call) readMedia() *eserr.Error {
	contentType, accept := c.header.Get("Content-Type"), c.header.Get("Accept")
	var ok bool
	var bad []string
	var cause *eserr.Error
	if c.request, ok = parseMedia(contentType); !ok {
		bad, cause = append(bad, "Content-Type"), eserr.IllegalArgument("invalid media-type [%s]", contentType)
	}
	if c.accept, ok = parseMedia(accept); !ok {
		bad, cause = append(bad, "Accept"), eserr.IllegalArgument("invalid media-type [%s]", accept)
	}
	if cause == nil {
		bad, cause = []string{"Content-Type", "Accept"}, c.checkCompatible(contentType, accept)
	}
	if cause == nil {
		return nil
	}
	c.request, c.accept = mediaType{}, mediaType{}
	return badMedia(bad).CausedBy(cause)
}

func badMedia(headers []string) *eserr.Error {
	e := eserr.New(400, "media_type_header_exception", "Invalid media-type value on headers [%s]", strings.Join(headers, ", "))
	e.Family = eserr.Java // its own root cause
	return e
}

// checkCompatible holds compatible-with against the server's own version.
func (c *call) checkCompatible(contentType, accept string) *eserr.Error {
	current := major(c.server.version)
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
	case len(c.body) == 0:
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
func (c *call) answerType() mediaType {
	json := mediaType{name: "application/json", format: formatJSON}
	switch c.query["format"] {
	case "json":
		return json
	case "yaml":
		return mediaType{name: "application/yaml", format: formatYAML}
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
