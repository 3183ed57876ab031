package restspec

import (
	"archive/zip"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// files is a small specification.
var files = map[string]string{
	"_common.json": `{"params":{"pretty":{"type":"boolean"}}}`,
	"index.json": `{"index":{"headers":{"accept":["application/json"]},"url":{"paths":[
		{"path":"/{index}/_doc/{id}","methods":["PUT","POST"],"parts":{"id":{},"index":{}}},
		{"path":"/{index}/_doc","methods":["POST"],"parts":{"index":{}}},
		{"path":"/{index}/{type}/{id}","methods":["PUT"],"parts":{"id":{},"index":{},"type":{}},"deprecated":{"version":"7.0.0"}}
		]},"params":{"refresh":{"type":"enum"}},"body":{"required":true}}}`,
	"search.json": `{"search":{"url":{"paths":[{"path":"/_search","methods":["GET","POST"]},
		{"path":"/{index}/_search","methods":["GET","POST"],"parts":{"index":{}}}]},"params":{},"body":{}}}`,
	"indices.delete.json":   `{"indices.delete":{"url":{"paths":[{"path":"/{index}","methods":["DELETE"],"parts":{"index":{}}}]},"params":{}}}`,
	"indices.get.json":      `{"indices.get":{"url":{"paths":[{"path":"/{index}","methods":["GET"],"parts":{"index":{}}}]},"params":{}}}`,
	"job.post.json":         `{"job.post":{"url":{"paths":[{"path":"/_job","methods":["POST"]}]},"params":{},"body":{}}}`,
	"set.put.json":          `{"set.put":{"url":{"paths":[{"path":"/_set/{id}","methods":["PUT"]}]},"body":{}}}`,
	"set.get.json":          `{"set.get":{"url":{"paths":[{"path":"/_set/{id}","methods":["GET"]},{"path":"/_set/{kind}/{id}","methods":["GET"]}]}}}`,
	"set.delete.json":       `{"set.delete":{"url":{"paths":[{"path":"/_set/{id}","methods":["DELETE"]},{"path":"/_set/{kind}/{id}","methods":["DELETE"]}]}}}`,
	"set.put_kind.json":     `{"set.put_kind":{"url":{"paths":[{"path":"/_set/{kind}/{id}","methods":["PUT"]}]},"body":{}}}`,
	"rule.put.json":         `{"rule.put":{"url":{"paths":[{"path":"/_set/{set}/_rule/{rule}","methods":["PUT"]}]},"body":{}}}`,
	"rule.delete.json":      `{"rule.delete":{"url":{"paths":[{"path":"/_set/{set}/_rule/{rule}","methods":["DELETE"]}]}}}`,
	"job.delete.json":       `{"job.delete":{"url":{"paths":[{"path":"/_job/{job_id}","methods":["DELETE"],"parts":{"job_id":{}}}]},"params":{}}}`,
	"bulk.json":             `{"bulk":{"url":{"paths":[{"path":"/_bulk","methods":["POST"]}]},"params":{},"body":{"required":true,"serialize":"bulk"}}}`,
	"nested/unrelated.json": `not JSON`,
}

func load(t *testing.T) *Spec {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, content := range files {
		fsys["api/"+name] = &fstest.MapFile{Data: []byte(content)}
	}
	spec, err := Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

func TestCall(t *testing.T) {
	t.Parallel()
	spec := load(t)
	for _, tc := range []struct {
		api  string
		args []Arg
		body bool
		want string // method and target, or a part of the error
	}{
		{"index", []Arg{{"index", "a"}, {"id", "1"}}, true, "PUT /a/_doc/1"},
		{"index", []Arg{{"index", "a"}}, true, "POST /a/_doc"},
		{"index", []Arg{{"index", "a"}, {"type", "t"}, {"id", "1"}}, true, "PUT /a/t/1"},
		{"index", []Arg{{"index", "a,b*"}, {"id", "x/y ä"}, {"refresh", "true"}, {"pretty", "a&b"}}, true, "PUT /a,b*/_doc/x%2Fy%20%C3%A4?refresh=true&pretty=a%26b"},
		{"search", nil, false, "GET /_search"},
		{"search", []Arg{{"format", "json"}}, true, "POST /_search?format=json"},
		{"index", []Arg{{"id", "1"}}, true, `index needs "index"`},
		{"index", []Arg{{"index", ""}}, true, `index needs "index"`},
		{"index", []Arg{{"index", "a"}}, false, "index needs a body"},
		{"indices.get", []Arg{{"index", "a"}}, true, "indices.get takes no body"},
		{"search", []Arg{{"refrsh", "true"}}, false, `search takes no "refrsh"`},
	} {
		api, ok := spec.API(tc.api)
		if !ok {
			t.Fatalf("no API %s", tc.api)
		}
		req, err := api.Call(tc.args, tc.body)
		var param *ParamError
		switch {
		case errors.As(err, &param):
			if !strings.Contains(param.Text, tc.want) {
				t.Errorf("%s %v: got %q, want %q", tc.api, tc.args, param.Text, tc.want)
			}
		case err != nil || req.Method+" "+req.Target() != tc.want:
			t.Errorf("%s %v: got %s %s, %v, want %s", tc.api, tc.args, req.Method, req.Target(), err, tc.want)
		}
	}
}

func TestOwner(t *testing.T) {
	t.Parallel()
	spec := load(t)
	for path, want := range map[string]string{
		"/{index}/_doc/{id}": "/{index}", "/{alias}/_rollover": "/{alias}", "/_job/{job_id}": "", "/_search": "",
		"/_set/{id}": "/_set/{id}", "/_set/{kind}/{id}": "/_set/{kind}/{id}", "/_set/{set}/_rule/{rule}": "/_set/{set}",
	} {
		if got, _ := spec.Owner(Path{Template: path}); got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
	if template, last, ok := spec.Member("/_job"); template != "/_job/{job_id}" || last != "job_id" || !ok {
		t.Errorf("member of /_job: got %s, %s, %t", template, last, ok)
	}
}

// What can be put, or posted to a collection, and deleted by its path is
// created; what is in an index goes with that.
func TestCreations(t *testing.T) {
	t.Parallel()
	got := map[string]string{}
	for _, c := range load(t).Creations() {
		brings := ""
		if c.Brings != nil {
			brings = c.Brings.ID + c.Brings.At
		}
		got[c.Request.String()] = c.ID + " " + brings
	}
	want := map[string]string{
		"PUT /_set/{a}":           "/_set/{a} /dest/index",
		"PUT /_set/{a}/{b}":       "/_set/{a}/{b} /dest/index",
		"PUT /_set/{a}/_rule/{b}": "/_set/{a}/_rule/{b} /_set/{a}",
		"POST /_job":              "/_job/{answer} ",
	}
	if !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestOpenTakesTheJar(t *testing.T) {
	t.Parallel()
	jar := filepath.Join(t.TempDir(), "spec.jar")
	file, err := os.Create(jar)
	if err != nil {
		t.Fatal(err)
	}
	archive := zip.NewWriter(file)
	for name, content := range files {
		w, err := archive.Create("rest-api-spec/api/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(archive.Close(), file.Close()); err != nil {
		t.Fatal(err)
	}
	spec, err := Open(jar)
	if err != nil {
		t.Fatal(err)
	}
	if got := len(spec.Names()); got != 13 {
		t.Errorf("got %d APIs, want 13: %v", got, spec.Names())
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := filepath.Join(dir, "text.jar")
	if err := os.WriteFile(text, []byte("no archive"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		dir + "/absent": "no such file", text: "give the folder with its JSON files, or the jar", dir: "no _common.json in it",
	} {
		if _, err := Open(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", name, err, want)
		}
	}
}
