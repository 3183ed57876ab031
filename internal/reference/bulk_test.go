package reference

import (
	"net/http"
	"strings"
	"testing"
)

// What the bulk API does beside deleting documents by their ids is refused.
func TestBulkOnlyDeletes(t *testing.T) {
	t.Parallel()
	n := newNode(t, "9.5.3")
	for _, body := range []string{
		`{"index":{"_id":"1"}}` + "\n" + `{"a":1}`, `{"delete":{"_id":"1","_index":"other"}}`, `{"delete":{}}`, `{"delete":{"_id":1}}`,
		`{"delete":{"_id":"1"}}` + "\n" + `{"create":{}}` + "\n" + `{}`, `{}`,
	} {
		if w := n.send(http.MethodPost, "/i/_bulk", body+"\n"); w.Code != http.StatusNotImplemented || !strings.Contains(w.Body.String(), "bulk request") {
			t.Errorf("%s: %d %s", body, w.Code, w.Body)
		}
	}
}
