package wire

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// keySecret and keyEncoded are those of the API key "id-1".
const (
	keySecret  = "ui2lp2axTNmsyakw9tvNnw"
	keyEncoded = "aWQtMTp1aTJscDJheFRObXN5YWt3OXR2Tm53"
	rightKey   = `{"id":"id-1","name":"n","api_key":"` + keySecret + `","encoded":"` + keyEncoded + `"}`
)

func TestWhatMayHoldCredentialsIsWithheld(t *testing.T) {
	t.Parallel()
	const key, token, service = "/_security/api_key", "/_security/oauth2/token", "/_security/service/elastic/fleet/credential/token/t1"
	for name, tt := range map[string]struct {
		method, path, body string
		status             int
		want               bool
	}{
		"a key":                         {"POST", key, rightKey, 200, true},
		"under another status":          {"PUT", key + "?refresh=true", rightKey, 299, true},
		"of another cluster":            {"POST", "/_security/cross_cluster/api_key", rightKey, 200, true},
		"on behalf of another":          {"POST", "/_security/api_key/grant", rightKey, 200, true},
		"renamed":                       {"POST", key, strings.Replace(rightKey, "api_key", "key", 1), 200, false},
		"with one member more":          {"POST", key, strings.Replace(rightKey, "{", `{"x":1,`, 1), 200, false},
		"encoded otherwise":             {"POST", key, strings.Replace(rightKey, keyEncoded, keySecret, 1), 200, false},
		"cut":                           {"POST", key, rightKey[:60], 200, false},
		"twice":                         {"POST", key, rightKey + rightKey, 200, false},
		"in a list":                     {"POST", key, "[" + rightKey + "]", 200, false},
		"a number":                      {"POST", key, `{"api_key":5}`, 200, false},
		"nothing":                       {"POST", key, "", 200, false},
		"an error":                      {"POST", key, `{"error":{"reason":"no"},"status":400}`, 400, true},
		"an error that says more":       {"POST", key, `{"error":{"reason":"no"},"status":400,"key":"x"}`, 400, false},
		"an error that is none":         {"POST", key, `{"error":{"reason":"no"},"status":400}`, 200, false},
		"a key in an error":             {"POST", key, rightKey, 500, false},
		"a page":                        {"POST", key, "<html>" + keySecret, 502, false},
		"a token":                       {"POST", token, `{"access_token":"x","type":"Bearer","expires_in":1200}`, 200, true},
		"a token renamed":               {"POST", token, `{"token":"x","type":"Bearer"}`, 200, false},
		"a token of a service":          {"POST", service, `{"created":true,"token":{"name":"t1","value":"x"}}`, 200, true},
		"a token of a service, renamed": {"POST", service, `{"created":true,"token":{"name":"t1","secret":"x"}}`, 200, false},
		"an enrolment":                  {"GET", "/_security/enroll/node", `{"http_ca_key":"x"}`, 200, false},
		"what is read":                  {"GET", key + "?id=x", "anything", 200, true},
		"what is deleted":               {"DELETE", key, "anything", 200, true},
		"a user":                        {"PUT", "/_security/user/x", "anything", 200, true},
		"another API":                   {"POST", "/_connector", "anything", 200, true},
	} {
		if got := asPromised(tt.method, tt.path, tt.body, tt.status); got != tt.want {
			t.Errorf("%s: may be shown is %v, want %v", name, got, tt.want)
		}
	}
}

// An answer with credentials has none in any text, whatever it looks like, and
// what it held is known from then on.
func TestCredentialsAreLearnedFromAnswers(t *testing.T) {
	t.Parallel()
	var status int
	var body string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Moved", keySecret)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	for name, tt := range map[string]struct {
		status int
		body   string
		shows  string // in the text of the answer
	}{
		"as it should be": {200, rightKey, `{"id":"id-1","name":"n","api_key":"<redacted>","encoded":"<redacted>"}`},
		"another status":  {299, rightKey, `"id":"id-1"`},
		"renamed":         {200, strings.NewReplacer("api_key", "key", "encoded", "code").Replace(rightKey), withheld},
		"a page":          {200, "<b>" + keySecret + "</b> " + keyEncoded, withheld},
		"cut":             {200, rightKey[:len(rightKey)-1], withheld},
	} {
		status, body = tt.status, tt.body
		c := client(t, Config{URL: server.URL})
		session := c.Session()
		res, err := session.Do(t.Context(), Request{Method: "POST", Path: "/_security/api_key", Body: []byte(`{"name":"n"}`)})
		if err != nil {
			t.Fatal(err)
		}
		record, _ := json.Marshal(session.Exchanges())
		later := c.Redact("later: " + keySecret + " and " + keyEncoded)
		for where, text := range map[string]string{"the text": res.Text(), "the record": string(record), "what follows": later} {
			if strings.Contains(text, keySecret) || strings.Contains(text, keyEncoded) {
				t.Errorf("%s: %s has the key in it: %s", name, where, text)
			}
		}
		if !strings.Contains(res.Text(), tt.shows) {
			t.Errorf("%s: the text is %s, want %s in it", name, res.Text(), tt.shows)
		}
		if string(res.Body) != tt.body {
			t.Errorf("%s: the body is not what came: %s", name, res.Body)
		}
	}
}

func TestNoSecretIsLearnedFromAWord(t *testing.T) {
	t.Parallel()
	c := client(t, Config{URL: "http://127.0.0.1:1"})
	c.learnIssued(Request{Method: "POST", Path: "/_security/api_key", Body: []byte(`{"name":"esconform-8C1f7e00-12345"}`)},
		[]byte(`{"api_key":"connector","name":"esconform-8C1f7e00-12345","type":"illegal_argument_exception","id":"VuaCfGcBCdbkQm-e5aOx","of":"IllegalArgumentException"}`), 200)
	const text = "connector esconform-8C1f7e00-12345 illegal_argument_exception VuaCfGcBCdbkQm-e5aOx IllegalArgumentException"
	if got := c.Redact(text); got != text {
		t.Errorf("got %s", got)
	}
}

// A body that is cut must not end in the middle of a secret.
func TestNoCutGoesThroughASecret(t *testing.T) {
	t.Parallel()
	c := client(t, Config{URL: "http://127.0.0.1:1", Auth: Auth{Username: "u", Password: "secret-0815-4711"}})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "9999")
		_, _ = w.Write([]byte(strings.Repeat("x", cutBody-8) + " secret-0815-4711 " + strings.Repeat("x", cutBody)))
	}))
	t.Cleanup(server.Close)
	c.Move(strings.TrimPrefix(server.URL, "http://"))
	session := c.Session()
	if _, err := session.Do(t.Context(), Request{Method: "GET", Path: "/"}); err == nil {
		t.Fatal("the answer is whole")
	}
	if got := session.Exchanges()[0].Response; got.CutFrom == 0 || strings.Contains(got.Body, "secret") {
		t.Errorf("cut from %d, ends in %s", got.CutFrom, got.Body[len(got.Body)-20:])
	}
}
