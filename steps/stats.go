package steps

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/cucumber/godog"

	"github.com/esconform/esconform/internal/jsonval"

	"github.com/esconform/esconform/internal/wire"
)

func statsSteps() []Definition {
	const noun = "stats"
	return []Definition{
		define(noun, `the stats are set to:`,
			"Sets the stats to a table of field names and JSON values, sent in the order of the table.",
			"When the stats are set to:\n  | deleted_document_count  | 10   |\n  | indexed_document_count  | 20   |\n  | indexed_document_volume | 1000 |",
			func(w *World) any { return w.setTable }),
		define(noun, `the stats are set with the body:`,
			"Sends a docstring as the body of a stats update, exactly as it is written.",
			"When the stats are set with the body:\n  \"\"\"\n  []\n  \"\"\"",
			func(w *World) any { return w.setBody }),
		define(noun, `the stats are set without a body`,
			"Sends a stats update without a body.",
			"When the stats are set without a body",
			func(w *World) any { return w.setNothing }),
		define(noun, `the required stats are set`,
			"Sets the three required counts, and nothing else.",
			"When the required stats are set",
			func(w *World) any { return w.setRequired }),
		define(noun, `the complete stats are set`,
			"Sets every field that this version knows, to values that differ from each other and from those of a new sync job.",
			"When the complete stats are set",
			func(w *World) any { return w.setComplete }),
		define(noun, `the complete stats are set with `+quoted+` as `+anyJSON,
			"Sets every field, one of them to the given JSON, which may also be a field that the API does not know.",
			`When the complete stats are set with "indexed_document_count" as -1`,
			func(w *World) any { return w.setCompleteWith }),
		define(noun, `the complete stats are set without `+quoted,
			"Sets every field but the given ones, which are separated by commas.",
			`When the complete stats are set without "total_document_count, last_seen"`,
			func(w *World) any { return w.setCompleteWithout }),
		define(noun, `the required stats are set with `+quoted+` as `+anyJSON,
			"Sets the three required counts, and one field to the given JSON.",
			`When the required stats are set with "metadata" as {"a":1}`,
			func(w *World) any { return w.setRequiredWith }),
		define(noun, `the sync job already has the complete stats`,
			"Sets every field, and cannot go on where that is not accepted.",
			"Given the sync job already has the complete stats",
			func(w *World) any { return w.alreadyComplete }),
		define(noun, `the sync job already has the stats:`,
			"Sets the stats to a table of fields and JSON values, and cannot go on where that is not accepted.",
			"Given the sync job already has the stats:\n  | deleted_document_count  | 1 |\n  | indexed_document_count  | 2 |\n  | indexed_document_volume | 3 |",
			func(w *World) any { return w.alreadyTable }),
		define(noun, `the same stats are set again`,
			"Sends the last stats update once more.",
			"When the same stats are set again",
			func(w *World) any { return w.setAgain }),
		define(noun, `the complete stats are then accepted`,
			"The positive control: sets every field and demands that this is accepted and stored.",
			"But the complete stats are then accepted",
			func(w *World) any { return w.thenAccepted }),
		define(noun, `the complete stats are sent with the method `+method,
			"Sends a complete stats update with another method than PUT; GET, HEAD, DELETE and OPTIONS go without a body.",
			"When the complete stats are sent with the method POST",
			func(w *World) any { return w.sendMethod }),
		define(noun, `the complete stats are sent to the path `+quoted,
			"Sends a complete stats update to another path; {sync_job} and {connector} stand for ids.",
			`When the complete stats are sent to the path "/_connector/_sync_job/{sync_job}/_stats/"`,
			func(w *World) any { return w.sendPath }),
		define(noun, `the complete stats are sent for an id of `+number+` bytes`,
			"Sends a complete stats update for an id that is that long.",
			"When the complete stats are sent for an id of 513 bytes",
			func(w *World) any { return w.sendLongID }),
	}
}

// field is one field of a body, its value as JSON text.
type field struct{ name, raw string }

// requiredStats are values that differ from each other, from 0, and from what
// they would be if cut to 8 bits, so that a mix-up shows.
var requiredStats = []field{
	{"deleted_document_count", "1011"},
	{"indexed_document_count", "2022"},
	{"indexed_document_volume", "70033"},
}

var optionalStats = []field{
	{"total_document_count", "4044"},
	{"last_seen", `"2023-01-02T10:00:00.123Z"`},
}

var metadataStats = field{"metadata", `{"checkpoint":{"page":7},"host":"crawler"}`}

// counts are the fields that hold counts, required ones first.
var counts = []string{"deleted_document_count", "indexed_document_count", "indexed_document_volume", "total_document_count"}

// statsFields are all fields of a stats update.
var statsFields = append(append([]string{}, counts...), "last_seen", "metadata")

// complete returns every field that the target knows.
func (w *World) complete() []field {
	all := append(append([]field{}, requiredStats...), optionalStats...)
	if w.knows(sinceMetadata) {
		all = append(all, metadataStats)
	}
	return all
}

// with returns the fields with one of them set, or added at the end.
func with(fields []field, name, raw string) []field {
	out := append([]field{}, fields...)
	for i := range out {
		if out[i].name == name {
			out[i].raw = raw
			return out
		}
	}
	return append(out, field{name, raw})
}

func without(fields []field, names ...string) []field {
	var out []field
	for _, f := range fields {
		keep := true
		for _, n := range names {
			keep = keep && f.name != n
		}
		if keep {
			out = append(out, f)
		}
	}
	return out
}

func encodeFields(fields []field) []byte {
	parts := make([]string, len(fields))
	for i, f := range fields {
		parts[i] = fmt.Sprintf("%q:%s", f.name, f.raw)
	}
	return []byte("{" + strings.Join(parts, ",") + "}")
}

// tableFields reads a table of two columns: name and JSON text.
func tableFields(t *godog.Table) []field {
	var fields []field
	for _, row := range t.Rows {
		f := field{name: row.Cells[0].Value}
		if len(row.Cells) > 1 {
			f.raw = row.Cells[1].Value
		}
		fields = append(fields, f)
	}
	return fields
}

// update sends one stats update for the scenario's sync job. What it is
// answered is for other steps to judge.
func (w *World) update(ctx context.Context, body []byte) error {
	return w.callJob(ctx, http.MethodPut, "_stats", body)
}

// callJob sends a request for the scenario's sync job.
func (w *World) callJob(ctx context.Context, method, action string, body []byte) error {
	if w.job == nil {
		return errNoJob
	}
	return w.updateAt(ctx, method, jobPath(w.job.id)+"/"+action, body)
}

// requestAt sends a request beside which the scenario's sync job, if it has
// one, is looked at.
func (w *World) requestAt(ctx context.Context, method, path string, body []byte) error {
	if w.job != nil {
		return w.updateAt(ctx, method, path, body)
	}
	res, err := w.do(ctx, wire.Request{Method: method, Path: path, Body: body})
	if err != nil {
		return err
	}
	w.last, w.sent = res, body
	return nil
}

func (w *World) updateAt(ctx context.Context, method, path string, body []byte) error {
	j := w.job
	if err := w.baseline(ctx, j); err != nil {
		return err
	}
	j.updateSent = time.Now()
	res, err := w.do(ctx, wire.Request{Method: method, Path: path, Body: body})
	j.updateAnswered = time.Now()
	if err != nil {
		return err
	}
	w.last, w.sent = res, body
	return nil
}

func (w *World) setTable(ctx context.Context, t *godog.Table) error {
	return w.update(ctx, encodeFields(tableFields(t)))
}

func (w *World) setBody(ctx context.Context, doc *godog.DocString) error {
	return w.update(ctx, []byte(doc.Content))
}

func (w *World) setNothing(ctx context.Context) error { return w.update(ctx, nil) }

func (w *World) setRequired(ctx context.Context) error {
	return w.update(ctx, encodeFields(requiredStats))
}

func (w *World) setRequiredWith(ctx context.Context, name, raw string) error {
	return w.update(ctx, encodeFields(with(requiredStats, name, raw)))
}

func (w *World) setComplete(ctx context.Context) error {
	return w.update(ctx, encodeFields(w.complete()))
}

func (w *World) setCompleteWith(ctx context.Context, name, raw string) error {
	return w.update(ctx, encodeFields(with(w.complete(), name, raw)))
}

func (w *World) setCompleteWithout(ctx context.Context, names string) error {
	return w.update(ctx, encodeFields(without(w.complete(), list(names)...)))
}

func (w *World) setAgain(ctx context.Context) error {
	if w.sent == nil {
		return errNoUpdate
	}
	return w.update(ctx, w.sent)
}

func (w *World) alreadyComplete(ctx context.Context) error {
	return w.already(ctx, w.complete())
}

func (w *World) alreadyTable(ctx context.Context, t *godog.Table) error {
	return w.already(ctx, tableFields(t))
}

func (w *World) already(ctx context.Context, fields []field) error {
	if err := w.update(ctx, encodeFields(fields)); err != nil {
		return err
	}
	doc, err := w.last.JSON()
	result, _ := jsonval.Pointer(doc, "/result")
	if w.last.Status != http.StatusOK || err != nil || result != "updated" && result != "noop" {
		return setupFailed(w.last, "set the stats that the scenario starts from", `200 {"result":"updated"}`)
	}
	return nil
}

// thenAccepted is the positive control of a rejection: it shows that nothing
// else than what the scenario names was wrong with the request.
func (w *World) thenAccepted(ctx context.Context) error {
	if err := w.setComplete(ctx); err != nil {
		return err
	}
	if err := wantStatus(w.last, "the stats update", http.StatusOK); err != nil {
		return err
	}
	return w.changedAsSaid(ctx)
}

func (w *World) sendMethod(ctx context.Context, method string) error {
	body := encodeFields(w.complete())
	if method != http.MethodPost && method != http.MethodPatch {
		body = nil
	}
	return w.callJob(ctx, method, "_stats", body)
}

func (w *World) sendPath(ctx context.Context, path string) error {
	path, err := w.expand(path)
	if err != nil {
		return err
	}
	return w.updateAt(ctx, http.MethodPut, path, encodeFields(w.complete()))
}

func (w *World) sendLongID(ctx context.Context, n int) error {
	return w.updateAt(ctx, http.MethodPut, "/_connector/_sync_job/"+strings.Repeat("x", n)+"/_stats", encodeFields(w.complete()))
}

// list splits "a, b and c".
func list(names string) []string {
	names = strings.ReplaceAll(names, " and ", ",")
	var out []string
	for _, n := range strings.Split(names, ",") {
		if n = strings.TrimSpace(n); n != "" {
			out = append(out, n)
		}
	}
	return out
}
