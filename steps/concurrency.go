package steps

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

func concurrencySteps() []Definition {
	const noun = "writers"
	return []Definition{
		define(noun, number+` writers set the stats of the sync job at once`,
			"Sends that many updates at the same time, each with values of its own in every field.",
			"When 8 writers set the stats of the sync job at once",
			func(w *World) any { return w.writeAtOnce }),
		define(noun, number+` writers each add a metadata key of their own at once`,
			"Sends that many updates at the same time, each with a metadata key that no other has.",
			"When 8 writers each add a metadata key of their own at once",
			func(w *World) any { return w.addKeysAtOnce }),
		define(noun, `every writer is answered with success or a version conflict`,
			"Demands 200 or 409 with version_conflict_engine_exception for each writer, and success for at least one.",
			"Then every writer is answered with success or a version conflict",
			func(w *World) any { return w.writersAnswered }),
		define(noun, `the stored sync job holds exactly one successful writer's stats`,
			"Compares the whole stored document with what each successful writer sent: it is one of them, in every field.",
			"Then the stored sync job holds exactly one successful writer's stats",
			func(w *World) any { return w.oneWriterWon }),
		define(noun, `its metadata has the keys of all successful writers and of no other`,
			"Compares the stored metadata with the answers that the writers got.",
			"Then its metadata has the keys of all successful writers and of no other",
			func(w *World) any { return w.keysOfWinners }),
		define(noun, `its version has risen once for each successful writer`,
			"Compares the version of the stored document with the number of writers that were answered with success.",
			"Then its version has risen once for each successful writer",
			func(w *World) any { return w.versionPerWinner }),
		define(noun, number+` sync jobs of the connector are updated at once, each is accepted and stored as it was sent`,
			"Creates that many sync jobs, updates all at the same time, and checks each answer and each stored document.",
			"Then 8 sync jobs of the connector are updated at once, each is accepted and stored as it was sent",
			func(w *World) any { return w.manyJobsAtOnce }),
		define(noun, `whoever reads during `+number+` updates sees either of two states, never a mix`,
			"Sets the stats again and again to one of two states while a reader reads the sync job.",
			"Then whoever reads during 20 updates sees either of two states, never a mix",
			func(w *World) any { return w.readDuringUpdates }),
		define(noun, `each of `+number+` updates in a row is accepted and stored as it was sent`,
			"Sends that many different updates one after the other, and checks each answer, its headers, and the whole stored document.",
			"Then each of 40 updates in a row is accepted and stored as it was sent",
			func(w *World) any { return w.everyUpdate }),
		define(noun, `each of `+number+` repeated updates in a row is accepted as one that changes nothing`,
			"Sends the last update again that many times, and checks each answer and the whole stored document.",
			"Then each of 20 repeated updates in a row is accepted as one that changes nothing",
			func(w *World) any { return w.everyRepeat }),
		define(noun, `each of `+number+` faulty updates in a row is rejected and changes nothing`,
			"Sends that many updates, each faulty in one of several ways, and checks each answer and the whole stored document.",
			"Then each of 40 faulty updates in a row is rejected and changes nothing",
			func(w *World) any { return w.everyFault }),
		define(noun, `each of `+number+` updates in a row is shown at once by the list and found by a search`,
			"Sends that many updates, and looks at list and search right after each.",
			"Then each of 20 updates in a row is shown at once by the list and found by a search",
			func(w *World) any { return w.everyUpdateVisible }),
		define(noun, `each of `+number+` updates in a row of an id that no sync job has is reported as not found`,
			"Sends that many updates for an unknown id and checks each answer, and that nothing was created.",
			"Then each of 20 updates in a row of an id that no sync job has is reported as not found",
			func(w *World) any { return w.everyUnknown }),
	}
}

// writer is one of several that write at once.
type writer struct {
	body map[string]any
	res  *wire.Response
	err  error
}

// body returns the complete stats with values that no other i has.
func (w *World) body(i int) map[string]any {
	base := w.rand.Intn(100_000) * 1000
	body := map[string]any{
		"deleted_document_count":  base + i,
		"indexed_document_count":  base + 200 + i,
		"indexed_document_volume": base + 400 + i,
		"total_document_count":    base + 600 + i,
		"last_seen":               fmt.Sprintf("2023-01-02T%02d:%02d:%02d.%03dZ", i/3600%24, i/60%60, i%60, i%1000),
	}
	if w.knows(sinceMetadata) {
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
func (w *World) atOnce(ctx context.Context, path func(i int) string) {
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range w.writers {
		wg.Go(func() {
			<-start
			wr := &w.writers[i]
			wr.res, wr.err = w.deps.Session.Do(ctx, wire.Request{Method: http.MethodPut, Path: path(i), Body: jsonval.Encode(wr.body)})
		})
	}
	close(start)
	wg.Wait()
}

func (w *World) writeAtOnce(ctx context.Context, n int) error {
	return w.compete(ctx, n, "_stats", w.body)
}

func (w *World) addKeysAtOnce(ctx context.Context, n int) error {
	return w.compete(ctx, n, "_stats", func(i int) map[string]any {
		body := w.body(i)
		body["metadata"] = map[string]any{fmt.Sprintf("writer-%d", i): i}
		return body
	})
}

// compete makes a call many times at once, each with a body of its own.
func (w *World) compete(ctx context.Context, n int, action string, body func(int) map[string]any) error {
	if err := w.baseline(ctx, w.job); err != nil {
		return err
	}
	w.writers = make([]writer, n)
	for i := range w.writers {
		w.writers[i].body = body(i)
	}
	path := jobPath(w.job.id) + "/" + action
	w.job.updateSent = time.Now()
	w.atOnce(ctx, func(int) string { return path })
	w.job.updateAnswered = time.Now()
	for _, wr := range w.writers {
		if wr.err != nil {
			return wr.err
		}
	}
	return nil
}

func (w *World) writersAnswered() error {
	if len(w.writers) == 0 {
		return errNoUpdate
	}
	for _, wr := range w.writers {
		if err := wantStatus(wr.res, "an update beside others", http.StatusOK, http.StatusConflict); err != nil {
			return err
		}
		if wr.res.Status == http.StatusOK {
			if err := w.updateResult(wr.res, "updated"); err != nil {
				return err
			}
			continue
		}
		r, err := w.rejectionOf(wr.res, http.StatusConflict)
		if err != nil {
			return err
		}
		if err := r.is("version_conflict_engine_exception"); err != nil {
			return err
		}
	}
	if len(w.winners()) == 0 {
		return failf(w.writers[0].res, "success for at least one writer", fmt.Sprintf("%d conflicts", len(w.writers)), "every writer was refused")
	}
	return nil
}

func (w *World) winners() []writer {
	var out []writer
	for _, wr := range w.writers {
		if wr.res.Status == http.StatusOK {
			out = append(out, wr)
		}
	}
	return out
}

func (w *World) oneWriterWon(ctx context.Context) error {
	before, after, err := w.beforeAndNow(ctx)
	if err != nil {
		return err
	}
	return w.isOneOf(after, before.source, w.winners())
}

// isOneOf checks that a stored document is what one of the writers made of
// what was there before.
func (w *World) isOneOf(after *stored, before map[string]any, writers []writer) error {
	var sent []string
	var about Check // what is wrong where the last one is taken for the winner
	for _, wr := range writers {
		body, err := plain(wr.body)
		if err != nil {
			return err
		}
		diff := Holds(Expect(before, body), after.source)
		if len(diff) == 0 {
			return nil
		}
		about = CheckField(diff[0].Pointer)
		sent = append(sent, string(jsonval.Encode(wr.body)))
	}
	return about.failf(after.read, "one of\n"+strings.Join(sent, "\n"), string(jsonval.Encode(after.source)), "the stored sync job holds no single writer's stats")
}

func (w *World) keysOfWinners(ctx context.Context) error {
	before, after, err := w.beforeAndNow(ctx)
	if err != nil {
		return err
	}
	had, _ := before.source["metadata"].(map[string]any)
	expected := shallow(had)
	for _, wr := range w.winners() {
		body, err := plain(wr.body)
		if err != nil {
			return err
		}
		expected = merge(expected, body["metadata"].(map[string]any))
	}
	if diff := jsonval.Diff(expected, after.source["metadata"]); len(diff) > 0 {
		return CheckField("/metadata").failf(after.read, sides(diff, false), sides(diff, true), "the metadata is not that of all successful writers")
	}
	return nil
}

func (w *World) versionPerWinner(ctx context.Context) error {
	before, after, err := w.beforeAndNow(ctx)
	if err != nil {
		return err
	}
	return w.risen(before, after, len(w.winners()))
}

func (w *World) manyJobsAtOnce(ctx context.Context, n int) error {
	if w.connector == nil {
		return errNoConnector
	}
	jobs := make([]*job, n)
	w.writers = make([]writer, n)
	for i := range jobs {
		j, err := w.newJob(ctx, w.connector.id, nil)
		if err != nil {
			return err
		}
		if j.before, err = w.readJob(ctx, j.id); err != nil {
			return err
		}
		jobs[i], w.writers[i].body = j, w.body(i)
	}
	w.atOnce(ctx, func(i int) string { return jobPath(jobs[i].id) + "/_stats" })
	for i, wr := range w.writers {
		if wr.err != nil {
			return wr.err
		}
		if err := w.updateResult(wr.res, "updated"); err != nil {
			return err
		}
		after, err := w.readJob(ctx, jobs[i].id)
		if err != nil {
			return err
		}
		if err := w.isOneOf(after, jobs[i].before.source, []writer{wr}); err != nil {
			return err
		}
	}
	return nil
}

// readDuringUpdates reads through the API alone: two reads, one each way,
// could see two states.
func (w *World) readDuringUpdates(ctx context.Context, n int) error {
	if w.job == nil {
		return errNoJob
	}
	states := []writer{{body: w.body(1)}, {body: w.body(2)}}
	if err := w.setSame(ctx, states[0].body); err != nil {
		return err
	}
	settled, err := w.now(ctx, w.job)
	if err != nil {
		return err
	}
	done := make(chan struct{})
	var reading error
	var wg sync.WaitGroup
	wg.Go(func() { reading = w.keepReading(ctx, done, settled.source, states) })
	var writing error
	for i := range n {
		if writing = w.setSame(ctx, states[(i+1)%2].body); writing != nil {
			break
		}
	}
	close(done)
	wg.Wait()
	return errors.Join(writing, reading)
}

func (w *World) setSame(ctx context.Context, body map[string]any) error {
	w.job.current = nil
	res, err := w.deps.Session.Do(ctx, wire.Request{Method: http.MethodPut, Path: jobPath(w.job.id) + "/_stats", Body: jsonval.Encode(body)})
	if err != nil {
		return err
	}
	return w.updateResult(res, "updated")
}

func (w *World) keepReading(ctx context.Context, done <-chan struct{}, settled map[string]any, states []writer) error {
	for {
		res, err := w.get(ctx, jobPath(w.job.id))
		if err != nil {
			return err
		}
		if err := wantStatus(res, "reading the sync job during an update", http.StatusOK); err != nil {
			return err
		}
		doc, err := jsonBody(res, "reading the sync job during an update")
		if err != nil {
			return err
		}
		if err := w.matches(res, "sync-job", doc); err != nil {
			return err
		}
		source := doc.(map[string]any)
		delete(source, "id")
		if err := w.isOneOf(&stored{source: source, read: res}, settled, states); err != nil {
			return err
		}
		select {
		case <-done:
			return nil
		default:
		}
	}
}
