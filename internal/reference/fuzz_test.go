package reference

import (
	"bytes"
	"net/http"
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
	for _, b := range moreBodies {
		f.Add([]byte(b))
	}
	f.Add([]byte(`/* comment */ {"a": "\ud83d\ude00", "b": "\u12"}`))
	f.Add([]byte("{\"a\": \"\xff\"}"))
	f.Fuzz(func(t *testing.T, body []byte) {
		n := newNode(t, "", "")
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
