package steps

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

func object(t *testing.T, text string) map[string]any {
	t.Helper()
	v, err := jsonval.Decode([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v.(map[string]any)
}

// Java writes a set in another order at each start.
func TestSaysComparesSetsAsSets(t *testing.T) {
	t.Parallel()
	const text = "because Invalid media-type value on headers [Accept, Content-Type] it is"
	for part, want := range map[string]bool{
		"Invalid media-type value on headers [Content-Type, Accept]": true,
		"Invalid media-type value on headers [Accept, Content-Type]": true,
		"Invalid media-type value on headers [Accept]":               false,
		"Invalid media-type value on headers [Accept, Location]":     false,
		"media-type value": true,
	} {
		if got := says(text, part); got != want {
			t.Errorf("says(%q) = %v", part, got)
		}
	}
}

func TestMentions(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text, name string
		want       bool
	}{
		{"Required [last_seen]", "last_seen", true},
		{"last_seen doesn't support", "last_seen", true},
		{"failed to parse field [last_seen]", "last_seen", true},
		{"my_last_seen", "last_seen", false},
		{"last_seen_at, last_seen", "last_seen", true},
		{"last_seen2", "last_seen", false},
		{"", "last_seen", false},
	} {
		if got := mentions(tt.text, tt.name); got != tt.want {
			t.Errorf("mentions(%q, %q) = %v", tt.text, tt.name, got)
		}
	}
}

func TestRejectionNames(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		reason string
		fields string
		ok     bool
	}{
		"one":              {"Required [last_seen]", "last_seen", true},
		"all":              {"Required [last_seen, metadata]", "last_seen, metadata", true},
		"missing":          {"Required [last_seen]", "last_seen, metadata", false},
		"one too many":     {"Required [last_seen, metadata]", "last_seen", false},
		"wrong one":        {"Required [metadata]", "last_seen", false},
		"suggestion":       {"unknown field [last_sen] did you mean [last_seen]?", "last_sen", true},
		"copy of the body": {"Duplicate field 'metadata'\n at [Source: {last_seen}]", "metadata", true},
	} {
		r := &rejection{kind: "x", reason: tt.reason}
		if err := r.names(list(tt.fields)); (err == nil) != tt.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestExpect(t *testing.T) {
	t.Parallel()
	before := `{"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3,"total_document_count":4,"last_seen":"2023-01-02T10:00:00.000Z","metadata":{"a":{"b":1,"c":2},"l":[1,2]},"status":"pending"}`
	body := `{"deleted_document_count":10,"indexed_document_count":20,"indexed_document_volume":30,"last_seen":"2023-01-02T11:00:00+02:00","metadata":{"a":{"c":3},"l":[9],"n":null}}`
	expected := Expect(object(t, before), object(t, body))
	good := `{"deleted_document_count":10,"indexed_document_count":20,"indexed_document_volume":30,"total_document_count":4,"last_seen":"2023-01-02T09:00:00.000Z","metadata":{"a":{"b":1,"c":3},"l":[9],"n":null},"status":"pending"}`
	if diff := Holds(expected, object(t, good)); len(diff) > 0 {
		t.Fatalf("the right document differs: %v", diff)
	}
	for name, edit := range map[string][2]string{
		"off by one":      {`"indexed_document_count":20`, `"indexed_document_count":21`},
		"as text":         {`"indexed_document_count":20`, `"indexed_document_count":"20"`},
		"with a fraction": {`"indexed_document_count":20`, `"indexed_document_count":20.0`},
		"total touched":   {`"total_document_count":4`, `"total_document_count":0`},
		"zone lost":       {"09:00:00.000Z", "11:00:00.000Z"},
		"key removed":     {`"b":1,`, ""},
		"null dropped":    {`,"n":null`, ""},
		"arrays joined":   {"[9]", "[1,2,9]"},
		"status changed":  {"pending", "in_progress"},
		"field added":     {`"status"`, `"extra":1,"status"`},
		"field removed":   {`,"status":"pending"`, ""},
	} {
		bad := strings.Replace(good, edit[0], edit[1], 1)
		if bad == good {
			t.Fatalf("%s changes nothing", name)
		}
		if len(Holds(expected, object(t, bad))) == 0 {
			t.Errorf("%s makes no difference", name)
		}
	}
}

func TestExpectLeavesItsArgumentsAlone(t *testing.T) {
	t.Parallel()
	const text = `{"metadata":{"a":{"b":1}},"last_seen":"x"}`
	before := object(t, text)
	Expect(before, object(t, `{"metadata":{"a":{"c":2}}}`))
	if !jsonval.Equal(before, object(t, text)) {
		t.Errorf("Expect changed the document it was given: %v", before)
	}
}

func TestCheckUpdateTime(t *testing.T) {
	t.Parallel()
	start := time.Now()
	j := &thing{
		created: span{start, start.Add(10 * time.Millisecond)},
		changed: span{start.Add(10 * time.Second), start.Add(10*time.Second + 20*time.Millisecond)},
	}
	for seen, ok := range map[string]bool{
		"2026-01-01T10:00:10.010Z":             true,
		"2026-01-01T10:00:09.500Z":             true, // clocks of two nodes
		"2026-01-01T10:00:00.000Z":             false,
		"2026-01-01T10:00:12.000Z":             false,
		"2026-01-01T11:00:10.010Z":             false,
		"1970-01-01T00:00:00.000Z":             false,
		"2026-01-01T12:00:10.010+02:00":        true,
		"yesterday":                            false,
		"2026-01-01T10:00:10.010123456789012Z": true,
	} {
		after := &state{doc: map[string]any{"created_at": "2026-01-01T10:00:00.000Z", "last_seen": seen}}
		if err := j.checkUpdateTime(after, "last_seen"); (err == nil) != ok {
			t.Errorf("last_seen %s: %v", seen, err)
		}
	}
}

func TestUpdateTimeIsNotThatOfCreation(t *testing.T) {
	t.Parallel()
	start := time.Now()
	j := &thing{created: span{start, start}, changed: span{start.Add(50 * time.Millisecond), start.Add(60 * time.Millisecond)}}
	after := &state{doc: map[string]any{"created_at": "2026-01-01T10:00:00.000Z", "last_seen": "2026-01-01T10:00:00.000Z"}}
	if j.checkUpdateTime(after, "last_seen") == nil {
		t.Error("last_seen that is created_at was taken for the time of an update 50 ms later")
	}
}

func TestGivenInstant(t *testing.T) {
	t.Parallel()
	want := time.Date(2023, 1, 2, 10, 0, 0, 0, time.UTC)
	for _, s := range []string{"2023-01-02T10:00:00Z", "2023-01-02T10:00:00.000000000Z", "2023-01-02T12:00:00+02:00", "2023-01-02T10:00:00", "1672653600000"} {
		if got, err := givenInstant(s); err != nil || !got.Equal(want) {
			t.Errorf("givenInstant(%q) = %v, %v", s, got, err)
		}
	}
	if _, err := givenInstant("yesterday"); err == nil {
		t.Error("a word was read as an instant")
	}
}

func TestExpand(t *testing.T) {
	t.Parallel()
	w := NewWorld(Deps{})
	w.saved["sync_job"] = "j1"
	if got, err := w.expand("/_connector/_sync_job/{sync_job}/_stats"); err != nil || got != "/_connector/_sync_job/j1/_stats" {
		t.Errorf("expand = %q, %v", got, err)
	}
	if _, err := w.expand("/{sync_jobb}"); err == nil || !strings.Contains(err.Error(), "{sync_jobb}") {
		t.Errorf("an unknown name was not refused: %v", err)
	}
	if got, err := w.expand(`{"id":"{sync_job}","a":{},"b":"\{sync_job}"}`); err != nil || got != `{"id":"j1","a":{},"b":"{sync_job}"}` {
		t.Errorf("expand = %s, %v", got, err)
	}
}

func TestFieldsOfBodies(t *testing.T) {
	t.Parallel()
	if got := string(encodeFields(with(requiredStats, "indexed_document_count", "10.70"))); got != `{"deleted_document_count":1011,"indexed_document_count":10.70,"indexed_document_volume":70033}` {
		t.Errorf("a value is not sent as it is written: %s", got)
	}
	if got := without(requiredStats, "deleted_document_count", "indexed_document_volume"); len(got) != 1 || got[0].name != "indexed_document_count" {
		t.Errorf("without = %v", got)
	}
	if got := list("a, b and c"); strings.Join(got, "|") != "a|b|c" {
		t.Errorf("list = %q", got)
	}
}

// An answer that says that the target could not be reached is never held
// against the API.
func TestWantStatus(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{
		200: "<nil>", 400: "*steps.AssertionError", 500: "*steps.AssertionError",
		429: "*steps.EnvironmentError", 502: "*steps.EnvironmentError", 503: "*steps.EnvironmentError", 504: "*steps.EnvironmentError",
	} {
		err := wantStatus(&wire.Response{Status: status, Header: http.Header{productHeader: {"Elasticsearch"}}}, "the request", http.StatusOK)
		if got := typeName(err); got != want {
			t.Errorf("status %d: %s, want %s", status, got, want)
		}
	}
	if got := typeName(wantStatus(&wire.Response{Status: 200}, "the request", 200)); got != "*steps.AssertionError" {
		t.Errorf("an answer without the header of the product: %s", got)
	}
	if err := wantStatus(&wire.Response{Status: 403}, "the request", 403); err != nil {
		t.Errorf("a refusal has no such header, and needs none: %v", err)
	}
}

func typeName(err error) string {
	var assertion *AssertionError
	var environment *EnvironmentError
	switch {
	case err == nil:
		return "<nil>"
	case errors.As(err, &assertion):
		return "*steps.AssertionError"
	case errors.As(err, &environment):
		return "*steps.EnvironmentError"
	}
	return "another"
}

func TestErrorsAreOneLine(t *testing.T) {
	t.Parallel()
	err := failf(nil, "a\nb", "c\nd", "wrong %d", 1)
	if got := err.Error(); got != "wrong 1: expected a b, actual c d" {
		t.Errorf("Error() = %q", got)
	}
	var e *AssertionError
	if !errors.As(err, &e) || e.Expected != "a\nb" || e.Exchange != noExchange {
		t.Errorf("the parts are not kept: %+v", e)
	}
}

// One refusal says that an account may not read an index; one after a read that
// was allowed, or the reverse, is the target contradicting itself.
func TestDirectReads(t *testing.T) {
	t.Parallel()
	var d directReads
	const jobs, connectors = "/jobs", "/connectors"
	for i, tc := range []struct {
		index           string
		allowed, asEver bool
	}{
		{jobs, true, true},
		{jobs, true, true},
		{connectors, false, true},
		{jobs, false, false},
		{connectors, true, false},
	} {
		if got := d.note(tc.index, tc.allowed); got != tc.asEver {
			t.Errorf("read %d: got %t, want %t", i+1, got, tc.asEver)
		}
	}
	if d.refused(jobs) || !d.refused(connectors) || d.refused("/others") {
		t.Error("an index was taken for another")
	}
}

func TestIsKeyOf(t *testing.T) {
	t.Parallel()
	const encoded = "SUQ6c2VjcmV0" // ID:secret
	for _, tt := range []struct {
		encoded, id, secret string
		want                bool
	}{
		{encoded, "ID", "secret", true}, {"QQ" + encoded, "ID", "secret", false}, {encoded, "ID", "", false}, {encoded, "other", "secret", false},
	} {
		if got := isKeyOf(tt.encoded, tt.id, tt.secret); got != tt.want {
			t.Errorf("%+v: %t", tt, got)
		}
	}
}
