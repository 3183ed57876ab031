package steps

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

// Where documents are stored. Both names are aliases (measured).
const (
	jobsIndex       = "/.elastic-connectors-sync-jobs"
	connectorsIndex = "/.elastic-connectors"
)

// stored is a document as it is stored.
type stored struct {
	source  map[string]any
	read    *wire.Response // the answer that shows it
	version json.Number    // "" where the document may not be read directly
	direct  *wire.Response // the answer that shows the version
}

func jobPath(id string) string { return "/_connector/_sync_job/" + url.PathEscape(id) }

// readJob reads a sync job both ways, through the API and straight from its
// index, and checks that both have the right shape and say the same. Where the
// account may not read the index, only the API's answer counts.
func (w *World) readJob(ctx context.Context, id string) (*stored, error) {
	what := "reading the sync job"
	res, err := w.get(ctx, jobPath(id))
	if err != nil {
		return nil, err
	}
	if res.Status == http.StatusNotFound {
		return nil, CheckPresent.failf(res, "status 200", answer(res), "the sync job is not there any more")
	}
	if err := wantStatus(res, what, http.StatusOK); err != nil {
		return nil, err
	}
	doc, err := jsonBody(res, what)
	if err != nil {
		return nil, err
	}
	schemaName := "stored-sync-job"
	if w.foreign[id] { // which may have any shape
		schemaName = ""
	} else if err := w.matches(res, "sync-job", doc); err != nil {
		return nil, err
	}
	viaAPI, _ := doc.(map[string]any)
	if viaAPI["id"] != id {
		return nil, failf(res, fmt.Sprintf("/id %q", id), fmt.Sprintf("/id %q", viaAPI["id"]), "the API handed back another sync job")
	}
	delete(viaAPI, "id")
	direct, err := w.readDirect(ctx, jobsIndex, id, schemaName)
	if err != nil {
		return nil, err
	}
	if direct == nil {
		return &stored{source: viaAPI, read: res}, nil
	}
	if err := w.sameAsStored(res, direct, viaAPI); err != nil {
		return nil, err
	}
	direct.read = res
	return direct, nil
}

// sameAsStored demands that the API hands back what is stored. Instants may be
// written in another way, and before 8.13 the API left out what is null (source:
// it read the document and wrote it anew).
func (w *World) sameAsStored(res *wire.Response, direct *stored, viaAPI map[string]any) error {
	diff := slices.DeleteFunc(jsonval.Diff(direct.source, viaAPI), func(c jsonval.Change) bool {
		if !w.knows(sinceSourceAsIs) && c.Before == nil && c.After == nil {
			return true
		}
		before, err := writtenInstant(c.Before)
		after, err2 := writtenInstant(c.After)
		return err == nil && err2 == nil && before.Equal(after)
	})
	if len(diff) == 0 {
		return nil
	}
	return CheckSameBothWays.failf(res, "the stored document: "+sides(diff, false), "from the API: "+sides(diff, true), "the API hands back something else than what is stored")
}

// askDirect sends a read of a document in its index. It returns nil where the
// account may not read the index. A refusal after a read that was allowed is
// left to the caller to fail; one where nobody is known is an error, since then
// everybody may read.
func (w *World) askDirect(ctx context.Context, index, id string) (*wire.Response, error) {
	reads := &w.deps.Shared.direct
	if reads.refused(index) {
		return nil, nil
	}
	res, err := w.get(ctx, index+"/_doc/"+url.PathEscape(id))
	if err != nil {
		return nil, err
	}
	refused := res.Status == http.StatusForbidden
	if refused && !w.deps.Session.Client().HasAuth() {
		return nil, setupFailed(res, "read a stored document without credentials", "200")
	}
	if asBefore := reads.note(index, !refused); refused && asBefore {
		return nil, nil
	}
	return res, nil
}

// readDirect reads a document from its index. It returns nil where the account
// may not.
func (w *World) readDirect(ctx context.Context, index, id, schemaName string) (*stored, error) {
	res, err := w.askDirect(ctx, index, id)
	if res == nil || err != nil {
		return nil, err
	}
	const what = "reading the stored document"
	if err := wantStatus(res, what, http.StatusOK); err != nil {
		return nil, err
	}
	doc, err := jsonBody(res, what)
	if err != nil {
		return nil, err
	}
	if err := w.matches(res, "document", doc); err != nil {
		return nil, err
	}
	fields := doc.(map[string]any)
	if name, _ := fields["_index"].(string); fields["_id"] != id || !strings.HasPrefix("/"+name, index) {
		return nil, failf(res, fmt.Sprintf("the document %s of %s", id, index[1:]), fmt.Sprintf("the document %v of %s", fields["_id"], name), "another document was handed back")
	}
	source := fields["_source"].(map[string]any)
	if schemaName != "" {
		if err := w.matches(res, schemaName, source); err != nil {
			return nil, err
		}
	}
	version, _ := fields["_version"].(json.Number)
	return &stored{source: source, version: version, read: res, direct: res}, nil
}

// needDirect skips the scenario where the account may not read the index.
func (w *World) needDirect(s *stored) error {
	if s.version == "" {
		return &SkipError{Reason: "needs an account that may read the index " + strings.TrimPrefix(jobsIndex, "/")}
	}
	return nil
}

// sides writes down one side of differences, one a line.
func sides(diff []jsonval.Change, after bool) string {
	lines := make([]string, len(diff))
	for i, c := range diff {
		value, absent := c.Before, c.Kind == jsonval.Added
		if after {
			value, absent = c.After, c.Kind == jsonval.Removed
		}
		lines[i] = c.Pointer + " " + string(jsonval.Encode(value))
		if absent {
			lines[i] = c.Pointer + " is not there"
		}
	}
	return strings.Join(lines, "\n")
}

// errNoJob and the like say that a step came too early.
var (
	errNoJob       = errors.New(`there is no sync job yet; begin the scenario with "Given a connector with a pending sync job"`)
	errNoUpdate    = errors.New(`no step has noted yet how the sync job was before: steps that speak of it do, such as "the complete stats are set" or "the call \"_cancel\" is made", "I send" does not; put one of them before this one`)
	errNoOther     = errors.New(`there is no other sync job yet; create one with "Given another sync job of the same connector"`)
	errNoConnector = errors.New(`there is no connector to look at; begin the scenario with "Given a connector of its own with a pending sync job"`)
)

// baseline makes sure that the sync job is known as it is before a write, and
// notes that it will have to be read again.
func (w *World) baseline(ctx context.Context, j *job) error {
	if j == nil {
		return errNoJob
	}
	if j.absent {
		return nil
	}
	if j.current == nil {
		s, err := w.readJob(ctx, j.id)
		if err != nil {
			return err
		}
		j.current = s
	}
	j.before, j.current = j.current, nil
	return nil
}

// now returns the sync job as it is stored now.
func (w *World) now(ctx context.Context, j *job) (*stored, error) {
	if j == nil {
		return nil, errNoJob
	}
	if j.current != nil {
		return j.current, nil
	}
	s, err := w.readJob(ctx, j.id)
	if err != nil {
		return nil, err
	}
	j.current = s
	return s, nil
}

// beforeAndNow returns the scenario's sync job as it was before the last
// request and as it is now.
func (w *World) beforeAndNow(ctx context.Context) (before, after *stored, err error) {
	if w.last != nil && slices.Contains(environmentStatuses, w.last.Status) {
		// What did not get through to the API says nothing of what it stores.
		return nil, nil, &EnvironmentError{Request: "compare the stored document after an update", Status: w.last.Status, Exchange: w.last.Index}
	}
	after, err = w.now(ctx, w.job)
	if err == nil && w.job.before == nil {
		err = errNoUpdate
	}
	if err != nil {
		return nil, nil, err
	}
	return w.job.before, after, nil
}

// unchanged checks that a document, version included, is as it was before.
// about is the check that its content is one of.
func unchanged(about Check, what string, before, after *stored) error {
	if diff := jsonval.Diff(before.source, after.source); len(diff) > 0 {
		return about.failf(after.read, sides(diff, false), sides(diff, true), "%s was changed", what)
	}
	if before.version != "" && after.version != "" && before.version != after.version {
		if about == CheckUnchanged {
			about = CheckRewritten
		}
		return about.failf(after.direct, "_version "+before.version.String(), "_version "+after.version.String(), "%s was written again, though with the same content", what)
	}
	return nil
}
