package reference

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/estime"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// The hooks of faults are put together from the small parts in this file.

type (
	requestHook = func(*call) *response
	answerHook  = func(*call, *response) *response
	updateHook  = func(*call, store.Doc, *xcontent.Object)
	afterHook   = func(*call, *response)
)

var (
	onStats = []string{"stats"}
)

// editBody changes the body of a request where it is a JSON object.
func editBody(edit func(c *call, body *xcontent.Object)) requestHook {
	return func(c *call) *response {
		if body, err := xcontent.ParseObject(c.body); err == nil {
			edit(c, body)
			c.body = xcontent.JSON(body)
		}
		return nil
	}
}

// editField changes one field of the body where it is given.
func editField(field string, edit func(v any) any) requestHook {
	return editBody(func(_ *call, body *xcontent.Object) {
		if body.Has(field) {
			body.Set(field, edit(body.Get(field)))
		}
	})
}

// editCounts changes each count of the body that is given.
func editCounts(edit func(v any) any) requestHook {
	return editBody(func(_ *call, body *xcontent.Object) {
		for _, f := range allCounts {
			if body.Has(f) {
				body.Set(f, edit(body.Get(f)))
			}
		}
	})
}

// inPlaceOf replaces values for which is holds.
func inPlaceOf(is func(v any) bool, by any) func(any) any {
	return func(v any) any {
		if is(v) {
			return by
		}
		return v
	}
}

func isNull(v any) bool { return v == nil }

func isBoolean(v any) bool {
	_, ok := v.(bool)
	return ok
}

func isWord(v any) bool {
	s, ok := v.(string)
	return ok && strings.Trim(s, "0123456789.-+") != ""
}

func isArray(v any) bool {
	_, ok := v.([]any)
	return ok
}

func isObject(v any) bool {
	_, ok := v.(*xcontent.Object)
	return ok
}

func isNumber(v any) bool {
	_, ok := v.(xcontent.Number)
	return ok
}

func isNegative(v any) bool {
	n, ok := v.(xcontent.Number)
	return ok && strings.HasPrefix(string(n), "-")
}

// without removes a field where its value is such.
func without(field string, is func(v any) bool) requestHook {
	return editBody(func(_ *call, body *xcontent.Object) {
		if body.Has(field) && is(body.Get(field)) {
			body.Delete(field)
		}
	})
}

// refuse answers with an exception where a condition on the body holds.
func refuse(when func(*xcontent.Object) bool, typ, reason string) requestHook {
	return func(c *call) *response {
		body, err := xcontent.ParseObject(c.body)
		if err != nil || !when(body) {
			return nil
		}
		return errorResponse(c, &eserr.Error{Type: typ, Reason: reason, Status: 400, Family: eserr.Java})
	}
}

// lacks holds for bodies without a field.
func lacks(field string) func(*xcontent.Object) bool {
	return func(o *xcontent.Object) bool { return !o.Has(field) }
}

// has holds for bodies in which a field has such a value.
func has(field string, is func(v any) bool) func(*xcontent.Object) bool {
	return func(o *xcontent.Object) bool { return o.Has(field) && is(o.Get(field)) }
}

// change changes a number; what is none stays.
func change(v any, by func(int64) int64) any {
	n, ok := v.(xcontent.Number)
	if !ok {
		return v
	}
	i, ok := n.Long()
	if !ok {
		return v
	}
	return number(by(i))
}

// storeField changes one field of what an update merges, where it is there.
func storeField(field string, edit func(v any) any) updateHook {
	return func(_ *call, _ store.Doc, partial *xcontent.Object) {
		if partial.Has(field) {
			partial.Set(field, edit(partial.Get(field)))
		}
	}
}

// storeCounts changes each count that an update merges.
func storeCounts(edit func(v any) any) updateHook {
	return func(_ *call, _ store.Doc, partial *xcontent.Object) {
		for _, f := range allCounts {
			if partial.Has(f) {
				partial.Set(f, edit(partial.Get(f)))
			}
		}
	}
}

// storeNumber changes one count as a number.
func storeNumber(field string, by func(int64) int64) updateHook {
	return storeField(field, func(v any) any { return change(v, by) })
}

// storeNumbers changes each count as a number.
func storeNumbers(by func(int64) int64) updateHook {
	return storeCounts(func(v any) any { return change(v, by) })
}

// drop keeps a field from being stored.
func drop(field string) updateHook {
	return func(_ *call, _ store.Doc, partial *xcontent.Object) { partial.Delete(field) }
}

// always stores a value, whatever was sent.
func always(field string, value any) updateHook {
	return func(_ *call, _ store.Doc, partial *xcontent.Object) { partial.Set(field, value) }
}

// sent is a field of the request's body, nil where it was not given.
func sent(c *call, field string) any {
	body, err := xcontent.ParseObject(c.body)
	if err != nil {
		return nil
	}
	return body.Get(field)
}

// lastSeen changes the instant that an update stores where the request gives
// one (given) or where it does not.
func lastSeen(given bool, edit func(c *call, old store.Doc, instant string) any) updateHook {
	return func(c *call, old store.Doc, partial *xcontent.Object) {
		if v := partial.String("last_seen"); v != "" && (sent(c, "last_seen") != nil) == given {
			switch next := edit(c, old, v).(type) {
			case nil:
				partial.Delete("last_seen")
			case jsonNull:
				partial.Set("last_seen", nil)
			default:
				partial.Set("last_seen", next)
			}
		}
	}
}

// moved moves an instant by so many seconds.
func moved(instant string, seconds int) string {
	t, err := estime.Parse(instant)
	if err != nil {
		return instant
	}
	return estime.Write(t.Add(secondsOf(seconds)))
}

// metadata changes the metadata that an update merges.
func metadata(edit func(old, given *xcontent.Object) any) updateHook {
	return func(_ *call, old store.Doc, partial *xcontent.Object) {
		given := partial.Object("metadata")
		if given == nil {
			return
		}
		stored := old.Source.Object("metadata")
		if stored == nil {
			stored = xcontent.NewObject()
		}
		partial.Set("metadata", edit(stored, given))
	}
}

// walk changes every value in a tree, leaves first.
func walk(v any, edit func(v any) any) any {
	switch t := v.(type) {
	case *xcontent.Object:
		out := xcontent.NewObject()
		for _, k := range t.Keys() {
			out.Set(k, walk(t.Get(k), edit))
		}
		return edit(out)
	case []any:
		out := make([]any, len(t))
		for i := range t {
			out[i] = walk(t[i], edit)
		}
		return edit(out)
	}
	return edit(v)
}

// respond makes an answer hook for answers of one status.
func respond(status int, edit answerHook) answerHook {
	return func(c *call, r *response) *response {
		if r.status != status {
			return r
		}
		return edit(c, r)
	}
}

// restatus changes the status of an answer, in its body, too.
func restatus(from, to int) answerHook {
	return respond(from, func(_ *call, r *response) *response {
		r.status = to
		if o, ok := r.body.(*xcontent.Object); ok && o.Has("status") {
			o.Set("status", number(to))
		}
		return r
	})
}

// rebody replaces the body of answers of one status.
func rebody(status int, body any) answerHook {
	return respond(status, func(_ *call, r *response) *response {
		r.body = xcontent.CloneValue(body)
		return r
	})
}

// editError changes the error object of answers of one status.
func editError(status int, edit func(e *xcontent.Object)) answerHook {
	return respond(status, func(_ *call, r *response) *response {
		if body, ok := r.body.(*xcontent.Object); ok && body.Object("error") != nil {
			edit(body.Object("error"))
		}
		return r
	})
}

// retype changes the type of an error, in its root cause, too. An empty from
// stands for any type.
func retype(status int, from, to string) answerHook {
	return editError(status, func(e *xcontent.Object) {
		if from != "" && e.String("type") != from {
			return
		}
		e.Set("type", to)
		for _, root := range rootCauses(e) {
			root.Set("type", to)
		}
	})
}

func rootCauses(e *xcontent.Object) []*xcontent.Object {
	var causes []*xcontent.Object
	list, _ := e.Get("root_cause").([]any)
	for _, v := range list {
		if o, ok := v.(*xcontent.Object); ok {
			causes = append(causes, o)
		}
	}
	return causes
}

// reword replaces a text in everything that an answer says.
func reword(status int, from, to string) answerHook {
	return respond(status, func(_ *call, r *response) *response {
		r.body = walk(r.body, func(v any) any {
			if s, ok := v.(string); ok {
				return strings.ReplaceAll(s, from, to)
			}
			return v
		})
		return r
	})
}

// both runs one answer hook after the other.
func both(first, second answerHook) answerHook {
	return func(c *call, r *response) *response { return second(c, first(c, r)) }
}

// setHeader sets a header of answers; an empty value removes it.
func setHeader(when func(*response) bool, name, value string) answerHook {
	return func(_ *call, r *response) *response {
		switch {
		case !when(r):
		case value == "":
			r.header[http.CanonicalHeaderKey(name)] = nil
		default:
			r.header.Set(name, value)
		}
		return r
	}
}

func anyAnswer(*response) bool      { return true }
func successful(r *response) bool   { return r.status < 400 }
func unsuccessful(r *response) bool { return r.status >= 400 }

// force changes a stored document behind everybody's back.
func (s *Server) force(index, id string, edit func(o *xcontent.Object)) {
	d, found := s.store.Get(index, id)
	if !found {
		return
	}
	next := d.Source.Clone()
	edit(next)
	_, _ = s.store.Put(index, id, next, store.Any) // without a condition nothing can fail
}

// onJob changes the job of a call after answers of one kind.
func onJob(when func(*response) bool, edit func(c *call, o *xcontent.Object)) afterHook {
	return func(c *call, r *response) {
		if when(r) {
			c.server.force(jobIndex, c.vars[jobParam], func(o *xcontent.Object) { edit(c, o) })
		}
	}
}

// onOthers changes what is stored beside the job of a call after a success.
func onOthers(index string, is func(job, other store.Doc) bool, edit func(o *xcontent.Object)) afterHook {
	return func(c *call, r *response) {
		job, found := c.server.store.Get(jobIndex, c.vars[jobParam])
		if !found || !successful(r) {
			return
		}
		for _, d := range c.server.store.All(index) {
			if (index != jobIndex || d.ID != job.ID) && is(job, d) {
				c.server.force(index, d.ID, edit)
				return
			}
		}
	}
}

func connectorOf(d store.Doc) string {
	id, _ := d.Source.Path("connector", "id").(string)
	return id
}

// rawFields reads a body leniently, the last of several values of a key.
func rawFields(body []byte) (map[string]any, bool) {
	dec := json.NewDecoder(strings.NewReader(string(body)))
	dec.UseNumber()
	var o map[string]any
	return o, dec.Decode(&o) == nil && o != nil
}

// reencode puts what a lenient reader made of a body in its place.
func reencode(c *call) *response {
	if o, ok := rawFields(c.body); ok {
		if b, err := json.Marshal(o); err == nil {
			c.body = b
		}
	}
	return nil
}

// integers parses a whole number of any size for faults that cut it.
func integers(v any) (int64, bool) {
	n, ok := v.(xcontent.Number)
	if !ok {
		return 0, false
	}
	i, err := strconv.ParseInt(string(n), 10, 64)
	return i, err == nil
}

// listIn returns the names in a reason that begins with prefix and goes on
// with a list in brackets.
func listIn(reason, prefix string) ([]string, bool) {
	rest, ok := strings.CutPrefix(reason, prefix)
	if !ok {
		return nil, false
	}
	return strings.Split(strings.TrimSuffix(rest, "]"), ", "), true
}

func joinNames(names []string) string { return strings.Join(names, ", ") }
