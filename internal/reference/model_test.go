package reference

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/esconform/esconform/internal/reference/xcontent"
)

// model is the API in a few lines: jobs as maps, and the rule by which stats
// are merged. It knows nothing of how the server does it.
type model struct {
	jobs map[string]map[string]any
}

// merge is the rule: objects key by key, everything else whole.
func merge(into, from map[string]any) {
	for k, v := range from {
		have, ok1 := into[k].(map[string]any)
		next, ok2 := v.(map[string]any)
		if ok1 && ok2 {
			merge(have, next)
			continue
		}
		into[k] = v
	}
}

// ends are the statuses in which nothing can be canceled any more.
var ends = map[any]bool{"canceling": true, "canceled": true, "error": true}

// TestModel plays random calls on the server and on the model.
func TestModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		n := newNode(t, "")
		n.connector("c")
		m := model{map[string]map[string]any{}}
		pick := func(rt *rapid.T) string {
			ids := []string{"nobody"}
			for id := range m.jobs {
				ids = append(ids, id)
			}
			return rapid.SampledFrom(ids).Draw(rt, "job")
		}
		expect := func(rt *rapid.T, what string, got, want int) {
			if got != want {
				rt.Fatalf("%s: status %d, the model says %d", what, got, want)
			}
		}
		found := func(id string, status int) int {
			if m.jobs[id] == nil {
				return 404
			}
			return status
		}
		rt.Repeat(map[string]func(*rapid.T){
			"create": func(rt *rapid.T) {
				id := n.job("c")
				m.jobs[id] = map[string]any{"status": "pending", "deleted_document_count": 0.0, "indexed_document_count": 0.0,
					"indexed_document_volume": 0.0, "total_document_count": 0.0, "metadata": map[string]any{}}
			},
			"stats": func(rt *rapid.T) {
				id, body := pick(rt), drawStats(rt)
				text, err := json.Marshal(body)
				if err != nil {
					rt.Fatal(err)
				}
				expect(rt, "stats", n.send(http.MethodPut, jobURL(id, "_stats"), string(text)).Code, found(id, 200))
				if m.jobs[id] != nil {
					var again map[string]any // as numbers of one kind
					if err := json.Unmarshal(text, &again); err != nil {
						rt.Fatal(err)
					}
					delete(m.jobs[id], "last_seen") // now, unless it is given
					merge(m.jobs[id], again)
				}
			},
			"check-in": func(rt *rapid.T) {
				id := pick(rt)
				expect(rt, "check-in", n.send(http.MethodPut, jobURL(id, "_check_in"), "").Code, found(id, 200))
				if m.jobs[id] != nil {
					delete(m.jobs[id], "last_seen")
				}
			},
			"cancel": func(rt *rapid.T) {
				id := pick(rt)
				want := 200
				if m.jobs[id] != nil && ends[m.jobs[id]["status"]] {
					want = 400
				}
				expect(rt, "cancel", n.send(http.MethodPut, jobURL(id, "_cancel"), "").Code, found(id, want))
				if m.jobs[id] != nil && want == 200 {
					m.jobs[id]["status"] = map[any]string{"pending": "canceled", "in_progress": "canceling"}[m.jobs[id]["status"]]
				}
			},
			"claim": func(rt *rapid.T) {
				id := pick(rt)
				expect(rt, "claim", n.send(http.MethodPut, jobURL(id, "_claim"), `{"worker_hostname":"w"}`).Code, found(id, 200))
				if m.jobs[id] != nil {
					delete(m.jobs[id], "last_seen")
					m.jobs[id]["status"] = "in_progress"
				}
			},
			"delete": func(rt *rapid.T) {
				id := pick(rt)
				expect(rt, "delete", n.send(http.MethodDelete, "/_connector/_sync_job/"+id, "").Code, found(id, 200))
				delete(m.jobs, id)
			},
			"": func(rt *rapid.T) { m.compare(rt, n) },
		})
	})
}

// compare reads every job and holds it against the model.
func (m model) compare(rt *rapid.T, n *node) {
	if have := n.server.store.Count(JobIndex); have != len(m.jobs) {
		rt.Fatalf("%d jobs are stored, the model has %d", have, len(m.jobs))
	}
	for id, want := range m.jobs {
		w := n.send(http.MethodGet, "/_connector/_sync_job/"+id, "")
		var got map[string]any
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != 200 {
			rt.Fatalf("get %s: %d %s", id, w.Code, w.Body)
		}
		for k, v := range want {
			if !reflect.DeepEqual(got[k], v) {
				rt.Fatalf("%s of %s is %v, the model says %v", k, id, got[k], v)
			}
		}
	}
}

// drawStats draws a body that is fine.
func drawStats(rt *rapid.T) map[string]any {
	count := rapid.IntRange(0, 1<<31-1)
	body := map[string]any{}
	for _, f := range requiredCounts {
		body[f] = count.Draw(rt, f)
	}
	if rapid.Bool().Draw(rt, "with total") {
		body[totalCount] = count.Draw(rt, totalCount)
	}
	if rapid.Bool().Draw(rt, "with last_seen") {
		body["last_seen"] = fmt.Sprintf("20%02d-01-02T10:00:00.%03dZ", rapid.IntRange(10, 60).Draw(rt, "year"), rapid.IntRange(0, 999).Draw(rt, "ms"))
	}
	if rapid.Bool().Draw(rt, "with metadata") {
		body["metadata"] = drawObject(rt, 2)
	}
	return body
}

func drawObject(rt *rapid.T, depth int) map[string]any {
	o := map[string]any{}
	for range rapid.IntRange(0, 3).Draw(rt, "keys") {
		key := rapid.SampledFrom([]string{"a", "b", "c", "Ü", "x y"}).Draw(rt, "key")
		switch kind := rapid.IntRange(0, 5).Draw(rt, "kind"); {
		case kind == 0 && depth > 0:
			o[key] = drawObject(rt, depth-1)
		case kind == 1:
			o[key] = []any{float64(rapid.IntRange(0, 9).Draw(rt, "element")), nil, true}
		case kind == 2:
			o[key] = nil
		case kind == 3:
			o[key] = rapid.String().Draw(rt, "text")
		default:
			o[key] = float64(rapid.IntRange(-5, 5).Draw(rt, "number"))
		}
	}
	return o
}

// TestMergeLaws checks what holds for any two objects.
func TestMergeLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		a, b := drawObject(rt, 3), drawObject(rt, 3)
		have, change := parsed(rt, a), parsed(rt, b)
		before := have.Clone()
		modified := have.Merge(change)
		if again := have.Clone(); again.Merge(change) || !xcontent.Equal(again, have) {
			rt.Fatal("merging again changes something")
		}
		if modified == xcontent.Equal(before, have) {
			rt.Fatalf("Merge says modified=%v for %s and %s", modified, xcontent.JSON(before), xcontent.JSON(change))
		}
		want := maps.Clone(a)
		merge(want, b)
		if !xcontent.Equal(have, parsed(rt, want)) {
			rt.Fatalf("merged %s, the rule says %v", xcontent.JSON(have), want)
		}
	})
}

func parsed(rt *rapid.T, v any) *xcontent.Object {
	b, err := json.Marshal(v)
	if err != nil {
		rt.Fatal(err)
	}
	o, perr := xcontent.ParseObject(b)
	if perr != nil {
		rt.Fatal(perr)
	}
	return o
}
