package reference

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/esconform/esconform/internal/reference/xcontent"
)

// opened starts a server on a data file.
func opened(t *testing.T, file string, o Options) *node {
	t.Helper()
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Open(file); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return &node{t, s}
}

// left copies a data file as it is at the moment, which is what a killed server
// leaves behind.
func left(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "left")
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestWhatIsAnsweredIsKept changes this and that and looks at what another
// server finds in the file, which nobody has closed.
func TestWhatIsAnsweredIsKept(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "new", "data")
	n := opened(t, file, Options{Password: "secret"})
	auth := func(method, path, body string) string {
		t.Helper()
		w := n.send(method, path, body, "Authorization", basic("elastic", "secret"))
		if w.Code >= 300 {
			t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
		}
		return w.Body.String()
	}
	auth(http.MethodPut, "/_connector/c", `{"index_name":"search-c","name":"n","service_type":"s"}`)
	created, _ := xcontent.ParseObject([]byte(auth(http.MethodPost, "/_connector/_sync_job", `{"id":"c"}`)))
	id := created.String("id")
	auth(http.MethodPut, jobURL(id, "_check_in"), "")
	auth(http.MethodPut, "/things/_doc/1", `{"a":"<é>"}`)
	auth(http.MethodPut, "/things/_doc/2", `{"a":2}`)
	auth(http.MethodDelete, "/things/_doc/2", "")
	auth(http.MethodPut, "/gone", "")
	auth(http.MethodDelete, "/gone", "")
	auth(http.MethodPut, "/_security/role/r", `{"cluster":["monitor"]}`)
	auth(http.MethodPut, "/_security/user/u", `{"password":"another","roles":["r"]}`)
	before := map[string]string{}
	paths := []string{
		"/_connector/c", "/_connector/_sync_job/" + id, "/.elastic-connectors-sync-jobs/_doc/" + id, "/things/_doc/1", "/things",
		"/_security/role/r", "/_cat/indices/*?expand_wildcards=all",
	}
	for _, path := range paths {
		before[path] = auth(http.MethodGet, path, "")
	}

	n = opened(t, left(t, file), Options{Password: "secret"})
	for _, path := range paths {
		if got := auth(http.MethodGet, path, ""); got != before[path] {
			t.Errorf("%s:\n  %s\nwas\n  %s", path, got, before[path])
		}
	}
	if w := n.send(http.MethodGet, "/", "", "Authorization", basic("u", "another")); w.Code != http.StatusOK {
		t.Errorf("the user is gone: %d %s", w.Code, w.Body)
	}
	if w := n.send(http.MethodGet, "/gone", "", "Authorization", basic("elastic", "secret")); w.Code != http.StatusNotFound {
		t.Errorf("the deleted index is back: %d %s", w.Code, w.Body)
	}
	// Versions and sequence numbers go on.
	got := auth(http.MethodPut, "/things/_doc/2", `{"a":3}`)
	if want := `"_version":3,"result":"created","_shards":{"total":2,"successful":1,"failed":0},"_seq_no":3,`; !strings.Contains(got, want) {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestWithoutSecurityUsersAreKept opens a file once without security.
func TestWithoutSecurityUsersAreKept(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "data")
	n := opened(t, file, Options{Password: "secret"})
	n.send(http.MethodPut, "/_security/user/u", `{"password":"another","roles":["superuser"]}`, "Authorization", basic("elastic", "secret"))
	file = left(t, file)
	if err := opened(t, file, Options{}).server.Close(); err != nil {
		t.Fatal(err)
	}
	n = opened(t, file, Options{Password: "secret"})
	if w := n.send(http.MethodGet, "/", "", "Authorization", basic("u", "another")); w.Code != http.StatusOK {
		t.Errorf("the user is gone: %d %s", w.Code, w.Body)
	}
}

// TestOtherFilesAreLeftAlone offers what is no data file.
func TestOtherFilesAreLeftAlone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"another JSON file": {`{"name":"package"}` + "\n", "holds no data of esconform serve"},
		"a text":            {"hello", "holds no data of esconform serve"},
		"the old form":      {`{"indices":{}}` + "\n", "holds no data of esconform serve"},
		"a damaged line":    {dataHeader + "\n{\n", "line 2: unexpected end of JSON input"},
		"an unknown change": {dataHeader + "\n" + `{"op":"index","index":"i"}` + "\n" + `{"op":"nonsense","index":"i"}` + "\n", `line 3: unknown kind of entry "nonsense"`},
		"no such index":     {dataHeader + "\n" + `{"op":"put","index":"i","id":"1","source":{}}` + "\n", `line 2: index "i" is not there`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "file")
			if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := New(Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Open(file); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
			text, err := os.ReadFile(file)
			if err != nil || string(text) != c.text {
				t.Errorf("the file is now %q (%v)", text, err)
			}
			if names, _ := filepath.Glob(file + "*"); len(names) != 1 {
				t.Errorf("beside it there is now %q", names)
			}
		})
	}
	s, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Open(t.TempDir()); err == nil || err.Error() != "it is no regular file" {
		t.Errorf("a folder: %v", err)
	}
}

// TestUnfinishedLineIsNoChange cuts off the last line, which nobody was told to
// be written.
func TestUnfinishedLineIsNoChange(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "data")
	n := opened(t, file, Options{})
	n.put("/things/_doc/1", `{"a":1}`)
	n.put("/things/_doc/2", `{"a":2}`)
	file = left(t, file)
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(file, info.Size()-1); err != nil {
		t.Fatal(err)
	}
	n = opened(t, file, Options{})
	if got := n.send(http.MethodGet, "/things/_count", "").Body.String(); !strings.HasPrefix(got, `{"count":1,`) {
		t.Errorf("%s, want one document", got)
	}
}

// TestWhatCannotBeKeptIsRefused takes the file away.
func TestWhatCannotBeKeptIsRefused(t *testing.T) {
	t.Parallel()
	n := opened(t, filepath.Join(t.TempDir(), "data"), Options{})
	n.put("/things/_doc/1", `{"a":1}`)
	if err := n.server.data.file.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range [][3]string{
		{http.MethodPut, "/things/_doc/2", `{"a":2}`}, {http.MethodPut, "/others/_doc/1", `{"a":2}`}, {http.MethodDelete, "/things/_doc/1", ""},
		{http.MethodPut, "/others", ""}, {http.MethodDelete, "/things", ""}, {http.MethodPost, "/things/_update/1", `{"doc":{"a":3}}`},
	} {
		if w := n.send(c[0], c[1], c[2]); w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), "i_o_exception") {
			t.Errorf("%s %s: %d %s, want that it could not be written", c[0], c[1], w.Code, w.Body)
		}
	}
	if got := n.send(http.MethodGet, "/things/_search", "").Body.String(); !strings.Contains(got, `"_source":{"a":1}`) || strings.Contains(got, `"a":2`) {
		t.Errorf("%s, want what there was", got)
	}
}

// TestOneServerAtATime opens a file twice.
func TestOneServerAtATime(t *testing.T) {
	t.Parallel()
	if !locks {
		t.Skip("SKIPPED: this system has no file locks; run it on Linux or macOS")
	}
	file := filepath.Join(t.TempDir(), "data")
	first := opened(t, file, Options{})
	s, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Open(file); err == nil || err.Error() != "another server uses it" {
		t.Errorf("%v, want to be refused", err)
	}
	first.put("/things/_doc/1", `{"a":1}`)
	if err := first.server.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Open(file); err != nil {
		t.Errorf("once it is free: %v", err)
	}
	_ = s.Close()
}
