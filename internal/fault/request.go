package fault

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// The effects in this file read a request wrongly, or answer it before the
// server does.

// request looks at a call before the server does, and may answer it.
func request(answer func(*call) *response) effect {
	return step{serve: func(c *call, plain func() *response) *response {
		if r := answer(c); r != nil {
			return r
		}
		return plain()
	}}.effect
}

// edit changes a call.
func edit(change func(*call)) effect {
	return step{serve: func(c *call, plain func() *response) *response {
		change(c)
		return plain()
	}}.effect
}

// says answers every call alike, without doing anything.
func says(status int, namesAndValues ...any) effect {
	return request(func(*call) *response { return reference.NewResponse(status, xcontent.NewObject(namesAndValues...)) })
}

// saysUpdated answers every call as an update, without doing anything.
var saysUpdated = says(200, "result", "updated")

// failsWith answers every call with the same error.
func failsWith(err *failure) effect { return fails(func(*call) *failure { return err }) }

// fails answers calls with an error, where there is one.
func fails(err func(*call) *failure) effect {
	return request(func(c *call) *response {
		if e := err(c); e != nil {
			return reference.ErrorResponse(c, e)
		}
		return nil
	})
}

// failsPlainly answers every call with an error that is a text.
func failsPlainly(status int, text string) effect {
	return request(func(*call) *response { return reference.PlainError(status, text) })
}

// unsupported refuses every call for its media type.
func unsupported(status int) effect {
	return request(func(c *call) *response {
		return reference.PlainError(status, "Content-Type header ["+c.Header.Get("Content-Type")+"] is not supported")
	})
}

// notFound takes the sync job of every call for one that does not exist.
var notFound = fails(func(c *call) *failure { return jobNotFound(c.Vars[reference.JobParam]) })

func jobNotFound(id string) *failure { return eserr.NotFound("connector sync job [%s] not found", id) }

// forbiddenFrom refuses a change from a status.
func forbiddenFrom(status string) *failure { return reference.CheckTransition("error", status) }

// Conditions on calls.

func method(is string) cond { return func(c *call) bool { return c.Method == is } }
func op(is string) cond     { return func(c *call) bool { return c.Op == is } }
func given(param string) cond {
	return func(c *call) bool { _, is := c.Query[param]; return is }
}
func trailingSlash(c *call) bool { return strings.HasSuffix(c.Path, "/") }
func emptyID(c *call) bool       { return jobID(c) == "" }
func noBody(c *call) bool        { return len(c.Body) == 0 }
func not(is cond) cond           { return func(c *call) bool { return !is(c) } }

// header holds where a header contains a text.
func header(name, part string) cond {
	return func(c *call) bool { return strings.Contains(c.Header.Get(name), part) }
}

// all holds where each of several conditions does.
func all(are ...cond) cond {
	return func(c *call) bool { return !slices.ContainsFunc(are, func(is cond) bool { return !is(c) }) }
}

// asks holds where a field of the request's body has a value.
func asks(field, value string) cond {
	return func(c *call) bool { return sent(c, field) == value }
}

// jobID is the id of the sync job that a call is about.
func jobID(c *call) string { return c.Vars[reference.JobParam] }

// job is the sync job that a call is about.
func job(c *call) (doc, bool) { return c.Server.Store().Get(reference.JobIndex, jobID(c)) }

func jobExists(c *call) bool {
	_, found := job(c)
	return found
}

// jobIs holds where there is a sync job, and one that is such.
func jobIs(is docs) cond {
	return func(c *call) bool {
		d, found := job(c)
		return found && is(d)
	}
}

// in holds for documents in one of several statuses.
func in(statuses ...string) docs {
	return func(d doc) bool { return slices.Contains(statuses, d.Source.String("status")) }
}

// connectorOf is the id of the connector of a sync job.
func connectorOf(d doc) string {
	id, _ := d.Source.Path("connector", "id").(string)
	return id
}

// bodyOf is the body of a request that is an object, nil where it is none.
func bodyOf(c *call) *object {
	if o, err := xcontent.ParseObject(c.Body); err == nil {
		return o
	}
	return nil
}

// sent is a field of the request's body, nil where it was not given.
func sent(c *call, field string) any {
	if body := bodyOf(c); body != nil {
		return body.Get(field)
	}
	return nil
}

func sentText(c *call, field string) string {
	s, _ := sent(c, field).(string)
	return s
}

// Edits of methods, paths and headers.

// as takes one method for another.
func as(from, to string) effect { return when(method(from), edit(func(c *call) { c.Method = to })) }

// toJob turns an update of stats to another sync job.
func toJob(c *call, id string) { c.Path = "/_connector/_sync_job/" + id + "/_stats" }

// notDecoded leaves the percent-encoding of a path as it is.
var notDecoded = edit(func(c *call) { c.Path = strings.ReplaceAll(c.Path, "%", "%25") })

// typedAs takes a body for one of another media type.
func typedAs(media string) effect {
	return edit(func(c *call) { setRequestHeader(c, "Content-Type", media) })
}

func setRequestHeader(c *call, name, value string) {
	c.Header = c.Header.Clone()
	c.Header.Set(name, value)
}

const jsonType = "application/json"

// anyTypeAsJSON reads a body whatever its media type.
var anyTypeAsJSON = when(not(noBody), typedAs(jsonType))

// Edits of parameters.

// ignoreParameters passes over parameters that nobody knows.
var ignoreParameters = edit(func(c *call) {
	for name := range c.Query {
		c.Param(name)
	}
})

// accept takes a parameter that nobody knows.
func accept(param string) effect { return edit(func(c *call) { c.Param(param) }) }

// refuseParameter takes a parameter for one that nobody knows.
func refuseParameter(name string) effect {
	return when(given(name), fails(func(c *call) *failure { return c.Unrecognized([]string{name}) }))
}

// query changes a parameter where it is given; "" takes it away.
func query(name string, change func(v string) string) effect {
	return when(given(name), setQuery(name, change))
}

// setQuery changes a parameter, also where it is not given.
func setQuery(name string, change func(v string) string) effect {
	return edit(func(c *call) {
		if c.Query[name] = change(c.Query[name]); c.Query[name] == "" {
			delete(c.Query, name)
		}
	})
}

func to(value string) func(string) string { return func(string) string { return value } }

// Edits of bodies.

// setBody replaces the body.
func setBody(body string) effect { return edit(func(c *call) { c.Body = []byte(body) }) }

var (
	ignoreBody  = setBody("")
	noneAsEmpty = when(noBody, setBody("{}"), typedAs(jsonType))
)

// editBody changes a body that is an object.
func editBody(do change) effect {
	return edit(func(c *call) {
		if body := bodyOf(c); body != nil {
			do(body)
			c.Body = xcontent.JSON(body)
		}
	})
}

// editField changes a field of the body where it is given.
func editField(field string, by mapping) effect { return editBody(turnAny(by, field)) }

// orElse gives a field a value where it has none.
func orElse(field string, value any) effect {
	return editBody(func(body *object) {
		if !body.Has(field) {
			body.Set(field, value)
		}
	})
}

// without removes a field of the body where its value is such.
func without(field string, is kind) effect { return editBody(unsetIf(is, field)) }

// dropUnknown removes what is none of the known fields.
func dropUnknown(known ...string) effect {
	return editBody(keep(func(k string, _ any) bool { return slices.Contains(known, k) }))
}

// refuse answers with an exception where a condition on the body holds.
func refuse(holds func(*object) bool, typ, reason string) effect {
	err := &eserr.Error{Type: typ, Reason: reason, Status: http.StatusBadRequest, Family: eserr.Java}
	return when(func(c *call) bool { body := bodyOf(c); return body != nil && holds(body) }, failsWith(err))
}

// lacks holds for objects without one of several fields.
func lacks(fields ...string) func(*object) bool {
	return func(o *object) bool { return slices.ContainsFunc(fields, func(f string) bool { return !o.Has(f) }) }
}

// has holds for objects in which one of several fields has such a value.
func has(is kind, fields ...string) func(*object) bool {
	return func(o *object) bool {
		return slices.ContainsFunc(fields, func(f string) bool { return o.Has(f) && is(o.Get(f)) })
	}
}

// The following make JSON of what is none.

// arrayAsFirst takes an array for its first element.
var arrayAsFirst = edit(func(c *call) {
	if b := bytes.TrimSpace(c.Body); len(b) > 2 && b[0] == '[' {
		c.Body = b[1 : len(b)-1]
	}
})

// completeBody closes an object that was not closed.
var completeBody = edit(func(c *call) {
	if b := bytes.TrimRight(bytes.TrimSpace(c.Body), ","); len(b) > 0 && b[0] == '{' && !isJSON(c.Body) {
		c.Body = append(bytes.Clone(b), '}')
	}
})

// lastOfTwo has the last of several values of a key count.
var lastOfTwo = edit(func(c *call) {
	if o, ok := rawFields(c.Body); ok {
		if b, err := json.Marshal(o); err == nil {
			c.Body = b
		}
	}
})

// rawFields reads an object leniently: what follows it is passed over, and the
// last of several values of a key counts.
func rawFields(body []byte) (map[string]any, bool) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var o map[string]any
	return o, dec.Decode(&o) == nil && o != nil
}

// isJSON reports whether a body begins with a complete object.
func isJSON(body []byte) bool {
	_, ok := rawFields(body)
	return ok
}
