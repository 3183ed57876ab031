package claim

import "fmt"

// MaxFields is how many fields or parameters of one part of a request or answer
// are read, and MaxValues how many values of one of them. No reference page comes near; a
// document that does would make reports that nobody can open, and requests
// without end.
const (
	MaxFields = 400
	MaxValues = 60

	maxRoutes     = 20
	maxCodes      = 60
	maxExamples   = 100
	maxRequests   = 50 // of one example
	maxStatements = 200
	maxDefects    = 200
	maxUnread     = 200
	maxName       = 200 // bytes
)

// Bound leaves out what is more than a document of one API can have, and says
// so among what is unread.
func (m *Model) Bound() {
	m.Routes = first(m, m.Routes, maxRoutes, "routes", func(r Route) int { return r.Line })
	m.Fields = named(m, m.Fields)
	if len(m.Fields) > MaxFields {
		var fields []Field
		for _, part := range []Where{InPath, InQuery, InBody, InResponse} {
			fields = append(fields, first(m, m.In(part), MaxFields, "fields and parameters of the "+string(part), func(f Field) int { return f.Line })...)
		}
		m.Fields = fields
	}
	for i := range m.Fields {
		f := &m.Fields[i]
		f.Values = first(m, f.Values, MaxValues, "values of "+f.Name, func(string) int { return f.Line })
	}
	m.Codes = first(m, m.Codes, maxCodes, "response codes", func(c Code) int { return c.Line })
	m.Examples = sendable(m, m.Examples)
	m.Examples = first(m, m.Examples, maxExamples, "examples", func(x Example) int { return x.Line })
	m.Prose = first(m, m.Prose, maxStatements, "statements", func(s Statement) int { return s.Line })
	m.Defects = first(m, m.Defects, maxDefects, "defects of markup", func(d Defect) int { return d.Line })
	if n := len(m.Unread); n > maxUnread {
		line := m.Unread[maxUnread].Line
		m.Unread = m.Unread[:maxUnread:maxUnread]
		m.tooMany(line, n, "places that cannot be read", maxUnread)
	}
}

// first returns the first elements of a list, and notes where it is longer.
func first[T any](m *Model, list []T, limit int, what string, line func(T) int) []T {
	if len(list) <= limit {
		return list
	}
	m.tooMany(line(list[limit]), len(list), what, limit)
	return list[:limit:limit]
}

func (m *Model) tooMany(line, n int, what string, limit int) {
	note := Unread{line, fmt.Sprintf("the document has %d %s: those from here on are not read, since %d are the most that are", n, what, limit)}
	m.Unread = append([]Unread{note}, m.Unread...)
}

// named are the fields whose names are names.
func named(m *Model, fields []Field) []Field {
	out := fields[:0:0]
	for _, f := range fields {
		if len(f.Name) > maxName {
			m.Unread = append(m.Unread, Unread{f.Line, fmt.Sprintf("a field with a name of %d bytes", len(f.Name))})
			continue
		}
		out = append(out, f)
	}
	return out
}

// sendable are the examples that can be run in full.
func sendable(m *Model, examples []Example) []Example {
	out := examples[:0:0]
	for _, x := range examples {
		if len(x.Requests) > maxRequests {
			m.Unread = append(m.Unread, Unread{x.Line, fmt.Sprintf("a snippet of %d requests is not run, since %d are the most that are", len(x.Requests), maxRequests)})
			continue
		}
		out = append(out, x)
	}
	return out
}
