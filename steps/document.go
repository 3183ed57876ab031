package steps

import (
	"context"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/cucumber/godog"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

func documentSteps() []Definition {
	const noun = "stored sync job"
	return []Definition{
		define(noun, `the stored sync job is unchanged`,
			"Compares the whole stored document, its version included, with what it was before the last request.",
			"Then the stored sync job is unchanged",
			func(w *World) any { return w.jobUnchanged }),
		define(noun, `only these fields of the stored sync job have changed:`,
			"Compares the whole stored document with what it was before the last request: the fields of the table have the given JSON values, all others are as they were. A name that begins with / is a JSON pointer. \"the time of the update\" and \"the instant <date-time>\" stand for times, \"what was sent\" for the member of that name in the last request's body.",
			"Then only these fields of the stored sync job have changed:\n  | indexed_document_count | 20                     |\n  | last_seen              | the time of the update |",
			func(w *World) any { return w.onlyChanged }),
		define(noun, `the stored sync job has changed exactly as the update says`,
			"Compares the whole stored document with what it was before, each field of the last update put in its place.",
			"Then the stored sync job has changed exactly as the update says",
			func(w *World) any { return w.changedAsSaid }),
		define(noun, `the version of the stored sync job has risen by `+number,
			"Compares the version of the stored document with that before the last request.",
			"Then the version of the stored sync job has risen by 1",
			func(w *World) any { return w.versionRisen }),
		define(noun, `last_seen lies between the creation of the sync job and a check-in that follows`,
			"Checks the sync job in and compares last_seen with the times that the server has set itself, allowing for 1 s between clocks of nodes.",
			"Then last_seen lies between the creation of the sync job and a check-in that follows",
			func(w *World) any { return w.lastSeenBetween }),
		define(noun, `last_seen has moved`,
			"Demands another last_seen than before the last request.",
			"Then last_seen has moved",
			func(w *World) any { return w.lastSeenMoved }),
		define(noun, `the list of sync jobs shows it as it is stored`,
			"Reads the list of the connector's sync jobs at once and compares.",
			"Then the list of sync jobs shows it as it is stored",
			func(w *World) any { return w.listShows }),
		define(noun, `a search of the index finds it as it is stored`,
			"Searches the index at once, without asking for a refresh, and compares.",
			"Then a search of the index finds it as it is stored",
			func(w *World) any { return w.searchFinds }),
		define(noun, `the API hands it back as it is stored`,
			"Reads the sync job through the API and straight from its index, and compares; needs an account that may do both.",
			"Then the API hands it back as it is stored",
			func(w *World) any { return w.sameBothWays }),
	}
}

func (w *World) jobUnchanged(ctx context.Context) error {
	before, after, err := w.beforeAndNow(ctx)
	if err != nil {
		return err
	}
	return unchanged(CheckUnchanged, "the stored sync job", before, after)
}

// The words that stand for times in tables.
const (
	timeOfUpdate = "the time of the update"
	theInstant   = "the instant "
	whatWasSent  = "what was sent"
)

func (w *World) onlyChanged(ctx context.Context, t *godog.Table) error {
	before, after, err := w.beforeAndNow(ctx)
	if err != nil {
		return err
	}
	expected := shallow(before.source)
	got := shallow(after.source)
	var ofUpdate []string
	for _, f := range tableFields(t) {
		switch at, isInstant := strings.CutPrefix(f.raw, theInstant); {
		case f.raw == timeOfUpdate:
			ofUpdate = append(ofUpdate, f.name)
			delete(expected, f.name)
			if f.name != "last_seen" { // which Holds leaves out where it is not expected
				delete(got, f.name)
			}
		case isInstant:
			expected[f.name] = at
		case f.raw == whatWasSent:
			body, err := w.sentBody()
			if err != nil {
				return err
			}
			expected = put(expected, f.name, body[path.Base(f.name)])
		default:
			v, err := jsonval.Decode([]byte(f.raw))
			if err != nil {
				return fmt.Errorf("read the value %s of %s: %w", f.raw, f.name, err)
			}
			expected = put(expected, f.name, v)
		}
	}
	if err := holds(expected, got, after.read); err != nil {
		return err
	}
	for _, name := range ofUpdate {
		if err := w.job.checkUpdateTime(after, name); err != nil {
			return err
		}
	}
	return nil
}

// put returns the document with a field set; a name that begins with / is a
// JSON pointer whose parents are objects or not there.
func put(doc map[string]any, name string, v any) map[string]any {
	out := shallow(doc)
	first, rest, nested := strings.Cut(strings.TrimPrefix(name, "/"), "/")
	if !strings.HasPrefix(name, "/") || !nested {
		out[first] = v
		return out
	}
	inner, _ := out[first].(map[string]any)
	out[first] = put(inner, "/"+rest, v)
	return out
}

// holds turns differences into an assertion error.
func holds(expected, got map[string]any, read *wire.Response) error {
	diff := Holds(expected, got)
	if len(diff) == 0 {
		return nil
	}
	return CheckField(diff[0].Pointer).failf(read, sides(diff, false), sides(diff, true), "the stored sync job is not what it has to be after the update")
}

func (w *World) changedAsSaid(ctx context.Context) error {
	before, after, err := w.beforeAndNow(ctx)
	if err != nil {
		return err
	}
	body, err := w.sentBody()
	if err != nil {
		return err
	}
	if err := holds(Expect(before.source, body), after.source, after.read); err != nil {
		return err
	}
	if _, given := body["last_seen"]; given {
		return nil
	}
	return w.job.checkUpdateTime(after, "last_seen")
}

func (w *World) versionRisen(ctx context.Context, n int) error {
	before, after, err := w.beforeAndNow(ctx)
	if err != nil {
		return err
	}
	return w.risen(before, after, n)
}

func (w *World) risen(before, after *stored, n int) error {
	if err := w.needDirect(after); err != nil {
		return err
	}
	was, err1 := before.version.Int64()
	is, err2 := after.version.Int64()
	if err1 != nil || err2 != nil || is != was+int64(n) {
		return CheckVersion.failf(after.direct, fmt.Sprint("_version ", was+int64(n)), "_version "+after.version.String(), "the stored sync job was written another number of times")
	}
	return nil
}

func (w *World) lastSeenBetween(ctx context.Context) error {
	after, err := w.now(ctx, w.job)
	if err != nil {
		return err
	}
	res, err := w.deps.Session.Do(ctx, wire.Request{Method: http.MethodPut, Path: jobPath(w.job.id) + "/_check_in"})
	if err != nil {
		return err
	}
	if err := w.updateResult(res, "updated"); err != nil {
		return err
	}
	w.job.current = nil
	checkedIn, err := w.now(ctx, w.job)
	if err != nil {
		return err
	}
	created, err1 := writtenInstant(after.source["created_at"])
	seen, err2 := writtenInstant(after.source["last_seen"])
	next, err3 := writtenInstant(checkedIn.source["last_seen"])
	if err1 != nil || err2 != nil || err3 != nil || seen.Before(created.Add(-clockTolerance)) || seen.After(next.Add(clockTolerance)) {
		return CheckTime("last_seen").failf(after.read,
			fmt.Sprintf("/last_seen at or after created_at (%v) and before the check-in that followed (%v)", after.source["created_at"], checkedIn.source["last_seen"]),
			fmt.Sprintf("/last_seen %v", after.source["last_seen"]), "last_seen is not the time of the update")
	}
	return nil
}

func (w *World) lastSeenMoved(ctx context.Context) error {
	before, after, err := w.beforeAndNow(ctx)
	if err != nil {
		return err
	}
	was, is := before.source["last_seen"], after.source["last_seen"]
	if jsonval.Equal(was, is) {
		return CheckMoved("last_seen").failf(after.read, fmt.Sprintf("another /last_seen than %v", was), fmt.Sprintf("/last_seen %v", is), "last_seen has not moved")
	}
	return w.job.checkUpdateTime(after, "last_seen")
}

func (w *World) listShows(ctx context.Context) error {
	// The list comes first: a read of the sync job must not be what makes the
	// update visible.
	res, results, err := w.listJobs(ctx)
	if err != nil {
		return err
	}
	if w.job == nil {
		return errNoJob
	}
	i := slices.Index(ids(results), w.job.id)
	if i < 0 {
		return CheckListed.failf(res, "the sync job "+w.job.id, fmt.Sprint(ids(results)), "the list does not show the sync job")
	}
	listed := shallow(results[i].(map[string]any))
	delete(listed, "id")
	return w.shownAsStored(ctx, res, "the list", listed)
}

func (w *World) shownAsStored(ctx context.Context, res *wire.Response, where string, shown map[string]any) error {
	after, err := w.now(ctx, w.job)
	if err != nil {
		return err
	}
	if diff := jsonval.Diff(after.source, shown); len(diff) > 0 {
		return failf(res, sides(diff, false), sides(diff, true), "%s shows something else than what is stored", where)
	}
	return nil
}

func (w *World) searchFinds(ctx context.Context) error {
	if w.connector == nil || w.job == nil {
		return errNoConnector
	}
	query := jsonval.Encode(map[string]any{"query": map[string]any{"term": map[string]any{"connector.id": w.connector.id}}})
	res, err := w.deps.Session.Do(ctx, wire.Request{Method: http.MethodGet, Path: jobsIndex + "/_search", Body: query})
	if err != nil {
		return err
	}
	if res.Status == http.StatusForbidden {
		return &SkipError{Reason: "needs an account that may read the index " + jobsIndex[1:]}
	}
	if err := wantStatus(res, "the search", http.StatusOK); err != nil {
		return err
	}
	doc, err := jsonBody(res, "the search")
	if err != nil {
		return err
	}
	found, _ := jsonval.Pointer(doc, "/hits/hits")
	hits, _ := found.([]any)
	for _, h := range hits {
		hit, _ := h.(map[string]any)
		source, isObject := hit["_source"].(map[string]any)
		if hit["_id"] == w.job.id && isObject {
			return w.shownAsStored(ctx, res, "the search", source)
		}
	}
	return failf(res, "a hit with _id "+w.job.id, fmt.Sprintf("%d other hits", len(hits)), "the search does not find the sync job")
}

func (w *World) sameBothWays(ctx context.Context) error {
	after, err := w.now(ctx, w.job) // compares both
	if err != nil {
		return err
	}
	return w.needDirect(after)
}
