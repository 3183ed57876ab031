package reference

import (
	"net/http"
	"strings"
	"testing"
)

// The connector service makes the indices of the API itself where they are not
// there yet: they have to become what the API would have made.
func TestIndicesMadeByTheConnectorService(t *testing.T) {
	t.Parallel()
	n := newNode(t, "")
	client := []string{"Accept", "application/vnd.elasticsearch+json; compatible-with=8", "Content-Type", "application/octet-stream"}
	for _, index := range []string{ConnectorIndex, JobIndex} {
		if w := n.send(http.MethodHead, "/"+index, "", client[:2]...); w.Code != 404 {
			t.Errorf("HEAD %s before: %d", index, w.Code)
		}
		if w := n.send(http.MethodPut, "/"+index, "", client...); w.Code != 200 || !strings.Contains(w.Body.String(), `"acknowledged":true`) {
			t.Errorf("PUT %s: %d %s", index, w.Code, w.Body)
		}
		if w := n.send(http.MethodHead, "/"+index, "", client[:2]...); w.Code != 200 {
			t.Errorf("HEAD %s after: %d", index, w.Code)
		}
		if w := n.send(http.MethodPut, "/"+index, "", client...); w.Code != 400 || !strings.Contains(w.Body.String(), "resource_already_exists_exception") {
			t.Errorf("PUT %s again: %d %s", index, w.Code, w.Body)
		}
		if w := n.send(http.MethodGet, "/"+index, ""); !strings.Contains(w.Body.String(), `"`+n.server.aliasOf(index)+`":{}`) || !strings.Contains(w.Body.String(), `"dynamic":"false"`) {
			t.Errorf("%s has another alias or mapping: %s", index, w.Body)
		}
	}
	n.connector("c")
	id := n.job("c")
	if w := n.send(http.MethodPost, "/"+JobAlias+"/_search", `{"query":{"terms":{"connector.id":["c"]}}}`); !strings.Contains(w.Body.String(), `"_id":"`+id+`"`) {
		t.Errorf("the search does not find the sync job: %s", w.Body)
	}
}
