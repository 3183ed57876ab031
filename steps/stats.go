package steps

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/cucumber/godog"

	"github.com/esconform/esconform/internal/jsonval"
)

var statsSteps = chapter{noun: "stats", family: connectorAPI, rows: []row{
	{"When the stats are set to:",
		"Sets the stats to a table of field names and JSON values, sent in the order of the table.",
		"When the stats are set to:\n  | deleted_document_count  | 10   |\n  | indexed_document_count  | 20   |\n  | indexed_document_volume | 1000 |", (*stats).setTable},
	{"When the stats are set with the body:",
		"Sends a docstring as the body of a stats update, exactly as it is written.",
		"When the stats are set with the body:\n  \"\"\"\n  []\n  \"\"\"", (*stats).setBody},
	{"When the stats are set without a body",
		"Sends a stats update without a body.",
		"", (*stats).setNothing},
	{`When the (required|complete) stats are set[ with "<text>" as <json>]`,
		"Sets the three required counts, and nothing else, or every field that this version knows, to values that differ from each other and from those of a new sync job. One field is set to the given JSON; it may also be one that the API does not know.",
		`When the complete stats are set with "indexed_document_count" as -1`, (*stats).setSome},
	{`When the complete stats are set without "<text>"`,
		"Sets every field but the given ones, which are separated by commas.",
		`When the complete stats are set without "total_document_count, last_seen"`, (*stats).setCompleteWithout},
	{"Given the sync job already has the complete stats",
		"Sets every field, and cannot go on where that is not accepted.",
		"", (*stats).alreadyComplete},
	{"Given the sync job already has the stats:",
		"Sets the stats to a table of fields and JSON values, and cannot go on where that is not accepted.",
		"Given the sync job already has the stats:\n  | deleted_document_count  | 1 |\n  | indexed_document_count  | 2 |\n  | indexed_document_volume | 3 |", (*stats).alreadyTable},
	{"When the same stats are set again",
		"Sends the last stats update once more.",
		"", (*stats).setAgain},
	{"Then the stored sync job has changed exactly as the update says",
		"Compares the whole stored document with what it was before, each field of the last update put in its place.",
		"", (*stats).changedAsSaid},
	{"But the complete stats are then accepted",
		"The positive control: sets every field and demands that this is accepted and stored.",
		"", (*stats).thenAccepted},
}}

// stats sets the stats of the sync job.
type stats struct{ *jobs }

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
func (s *stats) complete() []field {
	all := append(append([]field{}, requiredStats...), optionalStats...)
	if s.knows(sinceMetadata) {
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

func (s *stats) set(ctx context.Context, job theJob, fields []field) error {
	return s.update(ctx, job, "_stats", encodeFields(fields))
}

func (s *stats) setTable(ctx context.Context, job theJob, t *godog.Table) error {
	return s.set(ctx, job, tableFields(t))
}

func (s *stats) setBody(ctx context.Context, job theJob, doc *godog.DocString) error {
	return s.update(ctx, job, "_stats", []byte(doc.Content))
}

func (s *stats) setNothing(ctx context.Context, job theJob) error {
	return s.update(ctx, job, "_stats", nil)
}

func (s *stats) setSome(ctx context.Context, job theJob, which, name, raw string) error {
	fields := requiredStats
	if which == "complete" {
		fields = s.complete()
	}
	if name != "" {
		fields = with(fields, name, raw)
	}
	return s.set(ctx, job, fields)
}

func (s *stats) setCompleteWithout(ctx context.Context, job theJob, fields several) error {
	return s.set(ctx, job, without(s.complete(), fields...))
}

func (s *stats) setAgain(ctx context.Context, job theJob) error {
	if s.sent == nil {
		return errNoUpdate
	}
	return s.update(ctx, job, "_stats", s.sent)
}

func (s *stats) alreadyComplete(ctx context.Context, job theJob) error {
	return s.already(ctx, job, s.complete())
}

func (s *stats) alreadyTable(ctx context.Context, job theJob, t *godog.Table) error {
	return s.already(ctx, job, tableFields(t))
}

func (s *stats) already(ctx context.Context, job theJob, fields []field) error {
	if err := s.set(ctx, job, fields); err != nil {
		return err
	}
	doc, err := s.last.JSON()
	result, _ := jsonval.Pointer(doc, "/result")
	if s.last.Status != http.StatusOK || err != nil || result != "updated" && result != "noop" {
		return setupFailed(s.last, "set the stats that the scenario starts from", `200 {"result":"updated"}`)
	}
	return nil
}

// thenAccepted is the positive control of a rejection: it shows that nothing
// else than what the scenario names was wrong with the request.
func (s *stats) thenAccepted(ctx context.Context, job theJob) error {
	if err := s.set(ctx, job, s.complete()); err != nil {
		return err
	}
	if err := wantStatus(s.last, "the stats update", http.StatusOK); err != nil {
		return err
	}
	return s.changedAsSaid(ctx, job)
}

func (s *stats) changedAsSaid(ctx context.Context, job theJob) error {
	before, after, err := s.beforeAndNow(ctx, job.thing)
	if err != nil {
		return err
	}
	body, err := s.sentBody()
	if err != nil {
		return err
	}
	if err := s.holds(job.thing, Expect(before.fields(), body), after, nil); err != nil {
		return err
	}
	if _, given := body["last_seen"]; given {
		return nil
	}
	return job.checkUpdateTime(after, "last_seen")
}
