package resource

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

// New says how something is created that differs from what its catalogue says.
type New struct {
	// ID is its id, made up where it is empty.
	ID string
	// Of are the ids of what it needs before, by their kinds. What is not among
	// them is created, too.
	Of map[string]string
	// Body replaces the least that it takes: text, bytes or a JSON value. Extra
	// are members beside that.
	Body  any
	Extra map[string]any
}

// Create creates a resource of this kind by the first call that its catalogue
// has for it, and returns its id. An answer other than the one that the
// catalogue promises is a *SetupError.
func (sc *Scope) Create(ctx context.Context, kind string, n New) (string, error) {
	k := sc.registry.know.kind(kind)
	if k == nil || k.res == nil {
		return "", fmt.Errorf("create %s: no catalogue of APIs has a resource of this kind", kind)
	}
	values, err := sc.needed(ctx, k.res, n.Of)
	if err != nil {
		return "", err
	}
	how := &k.creations[0]
	if n.ID == "" && !how.toldByAnswer() {
		n.ID = sc.NewID()
	}
	values["id"] = n.ID
	action := "create " + k.res.Name + " " + n.ID
	if n.ID == "" {
		action = "create " + k.res.Name + ofWhat(k.res, sc.registry.know.set, values)
	}
	call, _ := k.res.Verb("created")
	body, err := n.body(call.Body, values)
	if err != nil {
		return "", fmt.Errorf("%s: %w", action, err)
	}
	res, err := sc.Do(ctx, wire.Request{Method: call.Request.Method(), Path: family.Fill(call.Request.Path, values), Body: body})
	if err != nil {
		return "", &SetupError{Action: action, Err: err}
	}
	return sc.created(how, action, values, res)
}

// Needs creates what a resource of this kind needs before, and returns the ids
// by their kinds.
func (sc *Scope) Needs(ctx context.Context, kind string) (map[string]string, error) {
	r, ok := sc.registry.know.set.Kind(kind)
	if !ok {
		return nil, fmt.Errorf("create what %s needs: no catalogue of APIs has a resource of this kind", kind)
	}
	return sc.needed(ctx, r, nil)
}

// needed returns the ids of what a resource needs before, by their kinds.
func (sc *Scope) needed(ctx context.Context, r *family.Resource, given map[string]string) (map[string]string, error) {
	values := maps.Clone(given)
	if values == nil {
		values = map[string]string{}
	}
	for _, name := range r.Needs {
		need, _ := sc.registry.know.set.Resource(name)
		if values[need.Kind] != "" {
			continue
		}
		id, err := sc.Create(ctx, need.Kind, New{})
		if err != nil {
			return nil, err
		}
		values[need.Kind] = id
	}
	return values, nil
}

// ofWhat names what something belongs to that has no name of its own yet.
func ofWhat(r *family.Resource, set family.Set, values map[string]string) string {
	var of strings.Builder
	for _, name := range r.Needs {
		need, _ := set.Resource(name)
		of.WriteString(" of " + need.Name + " " + values[need.Kind])
	}
	return of.String()
}

// body is what the request carries.
func (n New) body(least string, values map[string]string) ([]byte, error) {
	if n.Body != nil {
		return encode(n.Body), nil
	}
	least = family.FillBody(least, values)
	if len(n.Extra) == 0 {
		return []byte(least), nil
	}
	doc, err := jsonval.Decode([]byte(cmp.Or(least, "{}")))
	if err != nil {
		return nil, fmt.Errorf("read the body of its catalogue: %w", err)
	}
	members, ok := doc.(map[string]any)
	if !ok {
		return nil, errors.New("the body of its catalogue is no object")
	}
	maps.Copy(members, n.Extra)
	return jsonval.Encode(members), nil
}

// created returns the id of what an answer says was created.
func (sc *Scope) created(how *creation, action string, values map[string]string, res *wire.Response) (string, error) {
	told := ""
	if res.Status < http.StatusMultipleChoices && how.Answer != "" {
		told = textAt(res.Body, how.Answer)
	}
	right := how.Status == 0 && res.Status < http.StatusMultipleChoices || res.Status == how.Status
	want := fmt.Sprint(cmp.Or(how.Status, http.StatusOK))
	switch {
	case how.toldByAnswer():
		if right && told != "" {
			return told, nil
		}
		return "", sc.unexpected(action, res, want+" with an id", told)
	case how.Answer != "":
		right, want = right && told == values["id"], want+" with its id"
	default:
		told = values["id"]
	}
	if right {
		return family.Fill(how.ID, values), nil
	}
	if !how.made(res) {
		told = ""
	}
	return "", sc.unexpected(action, res, want, told)
}

// made reports whether something new was made, for all that an answer says.
func (how *creation) made(res *wire.Response) bool {
	fresh, told := valueAt(res.Body, how.Fresh.At)
	return res.Status == how.Status || res.Status < http.StatusMultipleChoices && told && fresh == how.Fresh.Is
}

func encode(body any) []byte {
	switch body := body.(type) {
	case []byte:
		return body
	case string:
		return []byte(body)
	}
	return jsonval.Encode(body)
}
