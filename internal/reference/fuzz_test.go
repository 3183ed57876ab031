package reference

import (
	"bytes"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/esconform/esconform/internal/reference/xcontent"
)

// FuzzStatsBody sends any body to the stats API: the answer is a success, a
// rejection or nothing else, and a rejection leaves the job alone.
func FuzzStatsBody(f *testing.F) {
	for _, c := range loadRecording(f, "elasticsearch-9.5.3.json").Cases {
		for _, e := range c.Exchanges {
			if e.Request.Body != nil {
				f.Add([]byte(*e.Request.Body))
			}
		}
	}
	for _, b := range []string{
		whole, `{` + sure + `,"metadata":{"":1}}`, `{` + sure + `,"metadata":{"a":{"b":1},"l":[9],"x.y":null,"big":9007199254740993}}`, `{` + sure + `,"metadata":"x"}`,
		`{` + sure + `,"last_seen":"2023-01-02T10:00:00-05:30"}`, `{` + sure + `,"last_seen":"1672653600123"}`, `{` + sure + `,"last_seen":"2023-01-02t10:00:00z"}`,
		`{deleted_document_count:1}`, `{"deleted_document_count":1,,"indexed_document_count":2}`, `[{` + sure + `}]`, `{` + sure + `,` + sure + `}`, `{` + sure,
	} {
		f.Add([]byte(b))
	}
	f.Add([]byte(`/* comment */ {"a": "\ud83d\ude00", "b": "\u12"}`))
	f.Add([]byte("{\"a\": \"\xff\"}"))
	f.Fuzz(func(t *testing.T, body []byte) {
		n := newNode(t, "")
		n.connector("c")
		id := n.job("c")
		before := xcontent.JSON(n.source(id))
		w := n.send(http.MethodPut, jobURL(id, "_stats"), string(body))
		after := xcontent.JSON(n.source(id))
		switch {
		case w.Code == 200:
		case w.Code != 400:
			t.Errorf("body %q is answered with %d %s", body, w.Code, w.Body)
		case !bytes.Equal(before, after):
			t.Errorf("body %q is rejected and changes the job to %s", body, after)
		}
		if _, err := xcontent.ParseObject(w.Body.Bytes()); err != nil {
			t.Errorf("the answer to %q is no JSON: %s", body, w.Body)
		}
	})
}

// FuzzSearch sends any body to the search and the update API: the answer is
// found, refused or unsupported.
func FuzzSearch(f *testing.F) {
	files, err := filepath.Glob("testdata/recorded/all/*.rec")
	if err != nil || len(files) == 0 {
		f.Fatal("no recordings", err)
	}
	for _, file := range files {
		for _, a := range readAsked(f, file) {
			if strings.Contains(a.path, "_search") {
				f.Add(a.body)
			}
		}
	}
	n := newNode(f, "")
	n.connector("c")
	n.job("c")
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, path := range []string{"/.elastic-connectors-sync-jobs/_search", "/.elastic-connectors/_count"} {
			if w := n.send(http.MethodPost, path, string(body)); w.Code >= 500 && w.Code != http.StatusNotImplemented {
				t.Errorf("%s %q is answered with %d %s", path, body, w.Code, w.Body)
			}
		}
	})
}
