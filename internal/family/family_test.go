package family

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/esconform/esconform/schemas"
)

func TestEmbedded(t *testing.T) {
	t.Parallel()
	set, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	if len(set) < 6 {
		t.Errorf("%d families, want at least 6", len(set))
	}
	for _, f := range set {
		for i := range f.Resources {
			r := &f.Resources[i]
			for _, verb := range r.Verbs() {
				if c, ok := r.Verb(verb); !ok || c.Request.Method() == "" {
					t.Errorf("%s: %s: there is no call %q", f.Name, r.Name, verb)
				}
			}
		}
	}
}

const good = `
api: things
title: Things
route: PUT /_thing/{id}
resources:
  - name: thing
    plural: things
    kind: thing
    read: {request: "GET /_thing/{id}"}
    create: [{request: "PUT /_thing/{id}"}]
    delete: [{request: "DELETE /_thing/{id}"}]
    calls: [{verb: shaken, request: "POST /_thing/{id}/_shake"}]
    states: [{name: shaken, by: [shaken]}]
`

// What is wrong with a catalogue is said in one line when it is read.
func TestParse(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ old, new, want string }{
		"right":           {"", "", ""},
		"nothing":         {good, "", "the file is empty"},
		"no YAML":         {good, "a: [", "yaml"},
		"two documents":   {"api: things", "api: things\n---\napi: b", ""},
		"unknown key":     {"title: Things", "titel: Things", "does not match the schema api"},
		"no method":       {`request: "GET /_thing/{id}"`, `request: "/_thing/{id}"`, "/resources/0/read/request"},
		"no deletion":     {`    delete: [{request: "DELETE /_thing/{id}"}]` + "\n", "", "delete"},
		"unknown state":   {"by: [shaken]", "by: [stirred]", `there is no call "stirred"`},
		"unknown need":    {"    kind: thing", "    kind: thing\n    needs: [bond]", `there is no resource "bond"`},
		"needs itself":    {"    kind: thing", "    kind: thing\n    needs: [thing]", "it needs itself"},
		"foreign kind":    {"    kind: thing", "    kind: change", "means something else in journals"},
		"one name":        {"    plural: things", "    plural: thing", "have to be names that nothing else has"},
		"kind twice":      {"resources:", "resources:\n  - {name: other, plural: others, kind: thing, read: {request: 'GET /_o/{id}'}, create: [{request: 'PUT /_o/{id}'}], delete: [{request: 'DELETE /_o/{id}'}]}", "another one of the kind thing"},
		"name twice":      {"resources:", "resources:\n  - {name: thing, plural: others, kind: other, read: {request: 'GET /_o/{id}'}, create: [{request: 'PUT /_o/{id}'}], delete: [{request: 'DELETE /_o/{id}'}]}", "have to be names that nothing else has"},
		"unknown name":    {`create: [{request: "PUT /_thing/{id}"}]`, `create: [{request: "PUT /_thing/{of}/{id}"}]`, "{of} stands for nothing"},
		"untold id":       {`create: [{request: "PUT /_thing/{id}"}]`, `create: [{request: "PUT /_thing/{id}", id: "{name}"}]`, "nothing tells {name}"},
		"untold answer":   {`create: [{request: "PUT /_thing/{id}"}]`, `create: [{request: "POST /_thing", id: "{answer}"}]`, "nothing tells {answer}"},
		"unknown parts":   {"    kind: thing", "    kind: thing\n    parts: bits", `there is no kind "bits"`},
		"unknown trial":   {"title: Things", "title: Things\nready: {try: bond}", `there is no resource "bond"`},
		"unknown touch":   {"    kind: thing", "    kind: thing\n    touch: {by: stirred, field: at}", `there is no call "stirred"`},
		"reserved name":   {"name: thing\n", "name: response\n", "steps use that name"},
		"reserved tag":    {"api: things", "api: security", "a tag with another meaning"},
		"reserved verb":   {"verb: shaken", "verb: gone", "steps use that word"},
		"strange version": {"title: Things", "title: Things\nsince: '8'", "does not match"},
	} {
		text := good
		if tt.old != "" {
			text = strings.Replace(good, tt.old, tt.new, 1)
		}
		f, err := Parse([]byte(text))
		if err == nil {
			_, err = Set{}.With(Set{f})
		}
		switch {
		case name == "two documents" && err == nil:
			t.Errorf("%s: no error", name)
		case name == "two documents":
		case (tt.want == "") != (err == nil), err != nil && !strings.Contains(err.Error(), tt.want):
			t.Errorf("%s: got %v, want one with %q", name, err, tt.want)
		case err != nil && strings.Contains(err.Error(), "\n"):
			t.Errorf("%s: more than one line: %q", name, err)
		}
	}
}

// Two families cannot speak of one thing.
func TestWith(t *testing.T) {
	t.Parallel()
	for _, change := range [][2]string{{"", ""}, {"api: things", "api: others"}, {"name: thing\n    plural: things", "name: other\n    plural: others"}} {
		a, err := Parse([]byte(good))
		if err != nil {
			t.Fatal(err)
		}
		b, err := Parse([]byte(strings.Replace(good, change[0], change[1], 1)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := (Set{a}).With(Set{b}); err == nil || !strings.Contains(err.Error(), "already known") {
			t.Errorf("%v: %v", change, err)
		}
	}
}

// What needs each other is found across families.
func TestNeedsInACircle(t *testing.T) {
	t.Parallel()
	other := strings.NewReplacer("api: things", "api: others", "name: thing", "name: other", "plural: things", "plural: others", "    kind: thing", "    kind: other\n    needs: [thing]")
	var set Set
	for _, text := range []string{strings.Replace(good, "    kind: thing", "    kind: thing\n    needs: [other]", 1), other.Replace(good)} {
		f, err := Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		set = append(set, f)
	}
	if _, err := (Set{}).With(set); err == nil || !strings.Contains(err.Error(), "it needs itself") {
		t.Error(err)
	}
}

// A family may need what another one has, in whatever folder that is.
func TestReferences(t *testing.T) {
	t.Parallel()
	needing := fstest.MapFS{"things.yaml": {Data: []byte(strings.Replace(good, "    kind: thing", "    kind: thing\n    needs: [index]", 1))}}
	own, err := Load(needing, "own")
	if err != nil {
		t.Fatal(err)
	}
	set, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := set.With(own); err != nil {
		t.Error(err)
	}
	if _, err := (Set{}).With(own); err == nil || !strings.Contains(err.Error(), `there is no resource "index"`) {
		t.Errorf("without what it needs: %v", err)
	}
}

func TestRequestIs(t *testing.T) {
	t.Parallel()
	set, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ resource, request, id string }{
		{"index template", "PUT /_index_template/a", "a"},
		{"index template", "POST /_index_template/a/", "a"},
		{"index template", "POST /_index_template/_simulate", ""},
		{"index template", "GET /_index_template/a", ""},
		{"index template", "PUT /_index_template/a/b", ""},
		{"document", "PUT /a/_doc/_b", "_b"},
		{"document", "PUT /_a/_doc/b", ""},
	} {
		r, ok := set.Resource(tt.resource)
		if !ok {
			t.Fatalf("there is no %s", tt.resource)
		}
		method, path, _ := strings.Cut(tt.request, " ")
		if values, _ := r.Create[0].Request.Is(method, path); values["id"] != tt.id {
			t.Errorf("%s: id %q, want %q", tt.request, values["id"], tt.id)
		}
	}
}

// Whoever writes a catalogue reads in its schema what each key is for, and the
// schema has no key that nothing reads.
func TestEveryKeyIsDescribed(t *testing.T) {
	t.Parallel()
	raw, err := schemas.FS.ReadFile("api.json")
	if err != nil {
		t.Fatal(err)
	}
	type object struct {
		Properties map[string]struct {
			Description string
		}
	}
	var doc struct {
		object
		Definitions map[string]object
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	for name, of := range map[string]any{
		"": Family{}, "ready": Ready{}, "resource": Resource{}, "call": Call{}, "view": View{}, "creation": Creation{}, "each": Each{},
		"listing": Listing{}, "setting": Setting{}, "explored": Explored{}, "privilege": Privilege{},
	} {
		d := doc.object
		if name != "" {
			d = doc.Definitions[name]
		}
		clear(keys)
		addKeys(keys, reflect.TypeOf(of))
		for key, p := range d.Properties {
			if p.Description == "" {
				t.Errorf("%s: %s is not described", name, key)
			}
			if !keys[key] {
				t.Errorf("%s: nothing reads %s", name, key)
			}
		}
	}
}

func addKeys(keys map[string]bool, of reflect.Type) {
	for i := range of.NumField() {
		key := of.Field(i).Tag.Get("yaml")
		if key == ",inline" {
			addKeys(keys, of.Field(i).Type)
		}
		keys[key] = true
	}
}
