package steps

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

var writerSteps = chapter{noun: "writers", family: connectorAPI, rows: []row{
	{`When <number> writers set the stats of the sync job at once`,
		"Sends that many updates at the same time, each with values of its own in every field.",
		"When 8 writers set the stats of the sync job at once", (*writers).writeAtOnce},
	{`When <number> writers each add a metadata key of their own at once`,
		"Sends that many updates at the same time, each with a metadata key that no other has.",
		"When 8 writers each add a metadata key of their own at once", (*writers).addKeysAtOnce},
	{`Then every writer is answered with success or a version conflict`,
		"Demands 200 or 409 with version_conflict_engine_exception for each writer, and success for at least one.",
		"", (*writers).writersAnswered},
	{`Then the stored sync job holds exactly one successful writer's stats`,
		"Compares the whole stored document with what each successful writer sent: it is one of them, in every field.",
		"", (*writers).oneWriterWon},
	{`Then its metadata has the keys of all successful writers and of no other`,
		"Compares the stored metadata with the answers that the writers got.",
		"", (*writers).keysOfWinners},
	{`Then its version has risen once for each successful writer`,
		"Compares the version of the stored document with the number of writers that were answered with success.",
		"", (*writers).versionPerWinner},
	{`Then <number> sync jobs of the connector are updated at once, each is accepted and stored as it was sent`,
		"Creates that many sync jobs, updates all at the same time, and checks each answer and each stored document.",
		"Then 8 sync jobs of the connector are updated at once, each is accepted and stored as it was sent", (*writers).manyJobsAtOnce},
	{`Then whoever reads during <number> updates sees either of two states, never a mix`,
		"Sets the stats again and again to one of two states while a reader reads the sync job.",
		"Then whoever reads during 20 updates sees either of two states, never a mix", (*writers).readDuringUpdates},
	{"When <number> workers claim the sync job at once",
		"Sends that many claims at the same time, each with a worker of its own.",
		"When 8 workers claim the sync job at once", (*writers).claimAtOnce},
	{"Then the sync job belongs to exactly one of the successful workers",
		"Compares the whole stored document with what a single successful claim makes of it.",
		"", (*writers).oneWorkerHasIt},
	{`Then each of <number> updates in a row is accepted and stored as it was sent`,
		"Sends that many different updates one after the other, and checks each answer, its headers, and the whole stored document.",
		"Then each of 40 updates in a row is accepted and stored as it was sent", (*writers).everyUpdate},
	{`Then each of <number> repeated updates in a row is accepted as one that changes nothing`,
		"Sends the last update again that many times, and checks each answer and the whole stored document.",
		"Then each of 20 repeated updates in a row is accepted as one that changes nothing", (*writers).everyRepeat},
	{`Then each of <number> faulty updates in a row is rejected and changes nothing`,
		"Sends that many updates, each faulty in one of several ways, and checks each answer and the whole stored document.",
		"Then each of 40 faulty updates in a row is rejected and changes nothing", (*writers).everyFault},
	{`Then each of <number> updates in a row is shown at once by the list and found by a search`,
		"Sends that many updates, and looks at list and search right after each.",
		"Then each of 20 updates in a row is shown at once by the list and found by a search", (*writers).everyUpdateVisible},
	{`Then each of <number> updates in a row of an id that no sync job has is reported as not found`,
		"Sends that many updates for an unknown id and checks each answer, and that nothing was created.",
		"Then each of 20 updates in a row of an id that no sync job has is reported as not found", (*writers).everyUnknown},
}}

// writers write at once, or again and again.
type writers struct {
	*stats
	lists *lists
	each  []writer
}

// maxAtOnce bounds what is sent or made at once.
const maxAtOnce = 1000

// bounded refuses more than that: fewer than a step says would prove less.
func bounded(n int) error {
	if n > maxAtOnce {
		return fmt.Errorf("do %d things at once: at most %d are; have the step say fewer", n, maxAtOnce)
	}
	return nil
}

// writer is one of several that write at once.
type writer struct {
	body map[string]any
	res  *wire.Response
}

// body returns the complete stats with values that no other i has.
func (x *writers) body(i int) map[string]any {
	base := x.rand.Intn(100_000) * 1000
	body := map[string]any{
		"deleted_document_count":  base + i,
		"indexed_document_count":  base + 200 + i,
		"indexed_document_volume": base + 400 + i,
		"total_document_count":    base + 600 + i,
		"last_seen":               fmt.Sprintf("2023-01-02T%02d:%02d:%02d.%03dZ", i/3600%24, i/60%60, i%60, i%1000),
	}
	if x.knows(sinceMetadata) {
		body["metadata"] = map[string]any{"writer": i, "list": []any{i, i + 1}, "deep": map[string]any{"writer": i}}
	}
	return body
}

// plain returns a document as jsonval.Decode would.
func plain(doc map[string]any) (map[string]any, error) {
	v, err := jsonval.Decode(jsonval.Encode(doc))
	if err != nil {
		return nil, fmt.Errorf("read back a generated document: %w", err)
	}
	return v.(map[string]any), nil
}

// atOnce sends all updates at the same time.
func (x *writers) atOnce(ctx context.Context, path func(i int) string) error {
	return x.allAtOnce(func(i int) (*wire.Response, error) {
		return x.deps.Session.Do(ctx, wire.Request{Method: http.MethodPut, Path: path(i), Body: jsonval.Encode(x.each[i].body)})
	})
}

// allAtOnce has every writer send at the same time. The error is why one got no
// answer.
func (x *writers) allAtOnce(send func(i int) (*wire.Response, error)) error {
	start := make(chan struct{})
	var wg sync.WaitGroup
	errs := make([]error, len(x.each))
	for i := range x.each {
		wg.Go(func() {
			<-start
			x.each[i].res, errs[i] = send(i)
		})
	}
	close(start)
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (x *writers) writeAtOnce(ctx context.Context, job theJob, n int) error {
	return x.compete(ctx, job, n, "_stats", x.body)
}

func (x *writers) addKeysAtOnce(ctx context.Context, job theJob, n int) error {
	return x.compete(ctx, job, n, "_stats", func(i int) map[string]any {
		body := x.body(i)
		body["metadata"] = map[string]any{fmt.Sprintf("writer-%d", i): i}
		return body
	})
}

// compete makes a call many times at once, each with a body of its own.
func (x *writers) compete(ctx context.Context, job theJob, n int, action string, body func(int) map[string]any) error {
	req := wire.Request{Method: http.MethodPut, Path: job.path(action)}
	if err := x.before(ctx, req); err != nil {
		return err
	}
	if err := bounded(n); err != nil {
		return err
	}
	x.each = make([]writer, n)
	for i := range x.each {
		x.each[i].body = body(i)
	}
	var made span
	err := made.around(x.deps.Session.Now, func() error { return x.atOnce(ctx, func(int) string { return req.Path }) })
	x.after(req, nil, made)
	return err
}

func (x *writers) writersAnswered() error {
	if len(x.each) == 0 {
		return errNoUpdate
	}
	for _, wr := range x.each {
		if err := wantStatus(wr.res, "an update beside others", http.StatusOK, http.StatusConflict); err != nil {
			return err
		}
		if wr.res.Status == http.StatusOK {
			if err := x.updateResult(wr.res, "updated"); err != nil {
				return err
			}
			continue
		}
		if _, err := x.rejected(wr.res, http.StatusConflict, "version_conflict_engine_exception"); err != nil {
			return err
		}
	}
	if len(x.winners()) == 0 {
		return failf(x.each[0].res, "success for at least one writer", fmt.Sprintf("%d conflicts", len(x.each)), "every writer was refused")
	}
	return nil
}

func (x *writers) winners() []writer {
	var out []writer
	for _, wr := range x.each {
		if wr.res.Status/100 == 2 {
			out = append(out, wr)
		}
	}
	return out
}

func (x *writers) oneWriterWon(ctx context.Context, job theJob) error {
	before, after, err := x.beforeAndNow(ctx, job.thing)
	if err != nil {
		return err
	}
	return x.isOneOf(after, before.fields(), x.winners())
}

// isOneOf checks that a stored document is what one of the writers made of
// what was there before.
func (x *writers) isOneOf(after *state, before map[string]any, writers []writer) error {
	var sent []string
	var about Check // what is wrong where the last one is taken for the winner
	for _, wr := range writers {
		body, err := plain(wr.body)
		if err != nil {
			return err
		}
		diff := Holds(Expect(before, body), after.fields())
		if len(diff) == 0 {
			return nil
		}
		about = CheckField(diff[0].Pointer)
		sent = append(sent, string(jsonval.Encode(wr.body)))
	}
	return about.failf(after.read, "one of\n"+strings.Join(sent, "\n"), string(jsonval.Encode(after.doc)), "the stored sync job holds no single writer's stats")
}

func (x *writers) keysOfWinners(ctx context.Context, job theJob) error {
	before, after, err := x.beforeAndNow(ctx, job.thing)
	if err != nil {
		return err
	}
	had, _ := before.fields()["metadata"].(map[string]any)
	expected := shallow(had)
	for _, wr := range x.winners() {
		body, err := plain(wr.body)
		if err != nil {
			return err
		}
		expected = merge(expected, body["metadata"].(map[string]any))
	}
	if diff := jsonval.Diff(expected, after.fields()["metadata"]); len(diff) > 0 {
		return CheckField("/metadata").failf(after.read, sides(diff, false), sides(diff, true), "the metadata is not that of all successful writers")
	}
	return nil
}

func (x *writers) versionPerWinner(ctx context.Context, job theJob) error {
	before, after, err := x.beforeAndNow(ctx, job.thing)
	if err != nil {
		return err
	}
	return risen(job.thing, before, after, len(x.winners()))
}

func (x *writers) manyJobsAtOnce(ctx context.Context, c theConnector, n int) error {
	if err := bounded(n); err != nil {
		return err
	}
	jobs := make([]*thing, n)
	x.each = make([]writer, len(jobs))
	for i := range jobs {
		j, err := x.newJob(ctx, fmt.Sprint("job-", i), c.id, nil)
		if err != nil {
			return err
		}
		if err := x.remember(ctx, j); err != nil {
			return err
		}
		jobs[i], x.each[i].body = j, x.body(i)
	}
	if err := x.atOnce(ctx, func(i int) string { return jobPath(jobs[i].id) + "/_stats" }); err != nil {
		return err
	}
	for i, wr := range x.each {
		if err := x.updateResult(wr.res, "updated"); err != nil {
			return err
		}
		after, err := x.look(ctx, jobs[i])
		if err != nil {
			return err
		}
		if err := x.isOneOf(after, jobs[i].before.fields(), []writer{wr}); err != nil {
			return err
		}
	}
	return nil
}

// readDuringUpdates reads through the API alone: two reads, one each way,
// could see two states.
func (x *writers) readDuringUpdates(ctx context.Context, job theJob, n int) error {
	states := []writer{{body: x.body(1)}, {body: x.body(2)}}
	if err := x.setSame(ctx, job, states[0].body); err != nil {
		return err
	}
	settled, err := x.now(ctx, job.thing)
	if err != nil {
		return err
	}
	done := make(chan struct{})
	var reading error
	var wg sync.WaitGroup
	wg.Go(func() { reading = x.keepReading(ctx, job, done, settled.fields(), states) })
	var writing error
	for i := range n {
		if writing = x.setSame(ctx, job, states[(i+1)%2].body); writing != nil {
			break
		}
	}
	close(done)
	wg.Wait()
	return errors.Join(writing, reading)
}

func (x *writers) setSame(ctx context.Context, job theJob, body map[string]any) error {
	job.current = nil
	res, err := x.deps.Session.Do(ctx, wire.Request{Method: http.MethodPut, Path: job.path("_stats"), Body: jsonval.Encode(body)})
	if err != nil {
		return err
	}
	return x.updateResult(res, "updated")
}

func (x *writers) keepReading(ctx context.Context, job theJob, done <-chan struct{}, settled map[string]any, states []writer) error {
	for {
		res, err := x.get(ctx, jobPath(job.id))
		if err != nil {
			return err
		}
		doc, err := x.document(res, "reading the sync job during an update", http.StatusOK, "sync-job")
		if err != nil {
			return err
		}
		if err := x.isOneOf(&state{doc: withoutID(doc, job.res), read: res}, settled, states); err != nil {
			return err
		}
		select {
		case <-done:
			return nil
		default:
		}
	}
}

func (x *writers) claimAtOnce(ctx context.Context, job theJob, n int) error {
	return x.compete(ctx, job, n, "_claim", func(i int) map[string]any {
		return map[string]any{"worker_hostname": fmt.Sprintf("worker-%d", i), "sync_cursor": map[string]any{"worker": i}}
	})
}

func (x *writers) oneWorkerHasIt(ctx context.Context, job theJob) error {
	before, after, err := x.beforeAndNow(ctx, job.thing)
	if err != nil {
		return err
	}
	closest := failf(after.read, "the claim of one worker", "no claim was successful", "the sync job belongs to nobody")
	for _, wr := range x.winners() {
		body, err := plain(wr.body)
		if err != nil {
			return err
		}
		expected := jsonval.Clone(before.fields()).(map[string]any)
		expected["status"], expected["worker_hostname"] = "in_progress", body["worker_hostname"]
		expected["connector"] = put(expected["connector"], "/sync_cursor", body["sync_cursor"])
		if closest = x.holds(job.thing, expected, after, []string{"/started_at", "/last_seen"}); closest == nil {
			break
		}
	}
	if closest != nil {
		return closest
	}
	for _, name := range []string{"started_at", "last_seen"} {
		if err := job.checkUpdateTime(after, name); err != nil {
			return err
		}
	}
	return nil
}
