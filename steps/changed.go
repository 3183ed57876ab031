package steps

import (
	"context"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/cucumber/godog"
	messages "github.com/cucumber/messages/go/v34"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

func (t *things) unchanged(ctx context.Context, th *thing) error {
	before, after, err := t.beforeAndNow(ctx, th)
	if err != nil {
		return err
	}
	about, rewritten := CheckUnchanged, CheckRewritten
	if th.bystander {
		about, rewritten = CheckBystander, CheckBystander
	}
	if diff := jsonval.Diff(before.doc, after.doc); len(diff) > 0 {
		return about.failf(after.read, sides(diff, false), sides(diff, true), "the %s was changed", th.res.Name)
	}
	if before.version != "" && after.version != "" && before.version != after.version {
		return rewritten.failf(after.direct, "_version "+before.version.String(), "_version "+after.version.String(), "the %s was written again, though with the same content", th.res.Name)
	}
	return nil
}

// The words that stand for times and the like in tables.
const (
	timeOfUpdate = "the time of the update"
	theInstant   = "the instant "
	whatWasSent  = "what was sent"
)

func (t *things) onlyChanged(ctx context.Context, th *thing, table *godog.Table) error {
	before, after, err := t.beforeAndNow(ctx, th)
	if err != nil {
		return err
	}
	e := expectation{doc: before.doc}
	for _, row := range table.Rows {
		if err := t.expect(&e, row); err != nil {
			return err
		}
	}
	changes := jsonval.Diff(before.doc, after.doc)
	for _, place := range e.moved {
		if !slices.ContainsFunc(changes, func(c jsonval.Change) bool { return within(c.Pointer, place) }) {
			return CheckField(place).failf(after.read, "another value at "+place, "the same value", "the %s has not changed at %s", th.res.Name, place)
		}
	}
	if err := t.holds(th, e.doc, after, slices.Concat(e.moved, e.ofUpdate, th.varying(table))); err != nil {
		return err
	}
	for _, name := range e.ofUpdate {
		if err := th.checkUpdateTime(after, name[1:]); err != nil {
			return err
		}
	}
	return nil
}

// varying are the fields that change by themselves and are not in the table. Of
// what is read where it is stored all is known.
func (th *thing) varying(table *godog.Table) []string {
	if th.res.Stored != "" {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(th.res.Varies), func(pointer string) bool {
		return slices.ContainsFunc(table.Rows, func(row *messages.PickleTableRow) bool {
			return strings.TrimPrefix(row.Cells[0].Value, "/") == strings.TrimPrefix(pointer, "/")
		})
	})
}

// expectation is what a document has to be.
type expectation struct {
	doc      any
	moved    []string // places where it is to have changed
	ofUpdate []string // those that are the time of the update
}

// expect takes over a row of a table: a place, and what it has to hold.
func (t *things) expect(e *expectation, row *messages.PickleTableRow) error {
	place, err := t.expand(row.Cells[0].Value)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(place, "/") {
		place = "/" + place
	}
	if len(row.Cells) == 1 {
		e.moved = append(e.moved, place)
		return nil
	}
	raw := row.Cells[1].Value
	at, isInstant := strings.CutPrefix(raw, theInstant)
	var v any = at
	switch {
	case raw == timeOfUpdate:
		e.ofUpdate = append(e.ofUpdate, place)
		return nil
	case isInstant:
	case raw == whatWasSent:
		var body map[string]any
		body, err = t.sentBody()
		v = body[path.Base(place)]
	default:
		v, err = t.wanted(raw)
	}
	e.doc = put(e.doc, place, v)
	return err
}

// put returns a document with something at a place, to which objects lead, be
// they there or not, and lists.
func put(doc any, place string, v any) any {
	first, rest, nested := strings.Cut(strings.TrimPrefix(place, "/"), "/")
	if list, isList := doc.([]any); isList {
		if i, err := strconv.Atoi(first); err == nil && i >= 0 && i < len(list) {
			list = slices.Clone(list)
			if list[i] = v; nested {
				list[i] = put(doc.([]any)[i], "/"+rest, v)
			}
			return list
		}
	}
	fields, _ := doc.(map[string]any)
	out := shallow(fields)
	first = jsonval.Unescape(first)
	if nested {
		v = put(out[first], "/"+rest, v)
	}
	out[first] = v
	return out
}

// within reports whether a pointer leads to a place or into it.
func within(pointer, place string) bool {
	return pointer == place || strings.HasPrefix(pointer, place+"/")
}

// holds demands that a thing is what it has to be, but at some places.
func (t *things) holds(th *thing, expected any, after *state, but []string) error {
	diff := jsonval.Diff(expected, after.doc)
	if alike := t.alike[th.res.Kind]; alike != nil {
		want, _ := expected.(map[string]any)
		diff = alike(want, after.fields())
	}
	diff = slices.DeleteFunc(diff, func(c jsonval.Change) bool {
		return slices.ContainsFunc(but, func(place string) bool { return within(c.Pointer, place) })
	})
	if len(diff) == 0 {
		return nil
	}
	return CheckField(diff[0].Pointer).failf(after.read, sides(diff, false), sides(diff, true), "the %s is not what it has to be after the update", th.res.Name)
}

func (t *things) versionRisen(ctx context.Context, th *thing, n int) error {
	before, after, err := t.beforeAndNow(ctx, th)
	if err != nil {
		return err
	}
	return risen(th, before, after, n)
}

func risen(th *thing, before, after *state, n int) error {
	if err := after.needDirect(th); err != nil {
		return err
	}
	was, err1 := before.version.Int64()
	is, err2 := after.version.Int64()
	if err1 != nil || err2 != nil || is != was+int64(n) {
		return CheckVersion.failf(after.direct, fmt.Sprint("_version ", was+int64(n)), "_version "+after.version.String(), "the stored %s was written another number of times", th.res.Name)
	}
	return nil
}

func (t *things) answeredAsStored(ctx context.Context, th *thing, res *wire.Response) error {
	what := "reading the " + th.res.Name
	doc, err := t.document(res, what, http.StatusOK, "")
	if err != nil {
		return err
	}
	if th.res.Schema != "" && !th.foreign {
		if err := t.matches(res, th.res.Schema, doc); err != nil {
			return err
		}
	}
	s := &state{shown: doc, doc: doc, read: res}
	if err := s.takeID(th); err != nil {
		return err
	}
	th.current = nil
	return t.shownAsStored(ctx, th, res, "the API", s.doc)
}

// shownAsStored demands that something that was shown is what is stored.
func (t *things) shownAsStored(ctx context.Context, th *thing, res *wire.Response, where string, shown any) error {
	after, err := t.now(ctx, th)
	if err != nil {
		return err
	}
	if diff := jsonval.Diff(after.doc, shown); len(diff) > 0 {
		return failf(res, sides(diff, false), sides(diff, true), "%s shows something else than what is stored", where)
	}
	return nil
}

// sentBody decodes the body of the last request.
func (r *requests) sentBody() (map[string]any, error) {
	doc, err := jsonval.Decode(r.sent)
	if err != nil {
		return nil, fmt.Errorf("read the body of the update: %w", err)
	}
	body, ok := doc.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("read the body of the update: it is not an object")
	}
	return body, nil
}
