package observe

import "testing"

func TestMadeUp(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"1hPa0wlqTnavpLx1buzHBw": true, "hq9vLqIBgPjAo6wWqEXk": true, "VbTqev-bER_OxLwaGL3R": true,
		"test_serverless_index_1": false, "TestServerlessIndices": false, "Test_Serverless_Index": false,
		"org.Elasticsearch8Test": false, "1hPa0wlqTnavpLx1buzHB": false, "": false,
	} {
		if madeUp(s) != want {
			t.Errorf("%q: got %t", s, !want)
		}
	}
}

func TestIndexOf(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/search_test/_doc/1?refresh": "search_test", "/search_test": "search_test", "/_search": "", "/": "", "/.elastic-connectors/_search": "",
	} {
		if got := indexOf(path); got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
}
