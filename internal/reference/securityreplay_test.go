package reference_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/reftest"
)

func TestReplaySecurity(t *testing.T) {
	t.Parallel()
	exchanges := reftest.LoadSecured(t)
	r := reftest.NewReplay(t, reference.Options{})
	excused := 0
	for i, e := range exchanges {
		if reftest.NotReproduced[e.Name] != "" {
			excused++
			continue
		}
		if problems := exchange(r, e); len(problems) > 0 {
			t.Errorf("exchange %d, %s, %s %s:\n  %s", i, e.Name, e.Request.Method, e.Request.Path, strings.Join(problems, "\n  "))
		}
	}
	if len(exchanges) != 414 || excused*100 > 3*len(exchanges) {
		t.Errorf("%d of %d exchanges are not compared, at most 3 in 100 of 414 may be", excused, len(exchanges))
	}
	t.Logf("%d exchanges, %d not compared", len(exchanges), excused)
}

func exchange(r *reftest.Replay, e reftest.Exchange) (problems []string) {
	job := r.Prepare(e)
	w := r.Repeat(e, job)
	if w == nil {
		return []string{"nobody is called " + e.Request.Auth}
	}
	if w.Code != *e.Response.Status {
		problems = append(problems, fmt.Sprintf("status %d, recorded %d: %s", w.Code, *e.Response.Status, w.Body))
	}
	for _, name := range []string{"www-authenticate", "x-elastic-product", "allow", "content-type"} {
		var want []string
		for _, h := range e.Response.Headers {
			if h[0] == name {
				want = append(want, h[1])
			}
		}
		if got := w.Header().Values(name); !slices.Equal(got, want) {
			problems = append(problems, fmt.Sprintf("header %s is %q, recorded %q", name, got, want))
		}
	}
	return append(problems, compareBody(e, w, job)...)
}

// compareBody compares errors and who somebody is. What the API hands out is
// compared with other recordings.
func compareBody(e reftest.Exchange, w *httptest.ResponseRecorder, job string) (problems []string) {
	identity := strings.Contains(e.Request.Path, "/_security/")
	if e.Response.Body == nil || (w.Code < 400 && !identity) {
		return nil
	}
	var got any
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		return []string{fmt.Sprintf("body %q: %v", w.Body, err)}
	}
	want := endsOf("", e.Response.Body, map[string]string{})
	have := endsOf("", got, map[string]string{})
	for at, w := range want {
		if h, ok := have[at]; !ok || !like(w, h, job) {
			problems = append(problems, fmt.Sprintf("%s is %q, recorded %q", at, h, w))
		}
	}
	for at, h := range have {
		if _, ok := want[at]; !ok {
			problems = append(problems, fmt.Sprintf("%s is %q, recorded nothing", at, h))
		}
	}
	return problems
}

// unlike are members that need not be alike: traces of a stack, and the realm
// of users, who came from a file and not from the API.
var unlike = []string{"stack_trace", "authentication_realm", "lookup_realm"}

// endsOf lists the leaves of a document by their pointers.
func endsOf(at string, v any, out map[string]string) map[string]string {
	switch v := v.(type) {
	case map[string]any:
		for k, inner := range v {
			if !slices.Contains(unlike, k) {
				endsOf(at+"/"+k, inner, out)
			}
		}
	case []any:
		for i, inner := range v {
			endsOf(fmt.Sprintf("%s/%d", at, i), inner, out)
		}
	default:
		out[at] = fmt.Sprint(v)
	}
	if rv := reflect.ValueOf(v); rv.IsValid() && rv.Kind() != reflect.String && rv.Kind() != reflect.Float64 && rv.Kind() != reflect.Bool && rv.Len() == 0 {
		out[at] = "empty"
	}
	return out
}

var (
	idPlaceholder = regexp.MustCompile(`<(?:key|id)>`)
	// position in a body: the recording does not have the bodies' blanks.
	position = regexp.MustCompile(`^\[\d+:\d+\] `)
)

func like(recorded, got, job string) bool {
	recorded, got = position.ReplaceAllString(recorded, ""), position.ReplaceAllString(got, "")
	pattern := regexp.QuoteMeta(strings.ReplaceAll(recorded, "<job>", job))
	ok, _ := regexp.MatchString("^"+idPlaceholder.ReplaceAllLiteralString(pattern, `[\w-]+`)+"$", got)
	return ok
}
