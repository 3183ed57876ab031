package docs

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/testkit/race"
)

// A large page does not make reports that nobody can open, or requests without
// end; what is left out is said.
func TestLargePages(t *testing.T) {
	t.Parallel()
	if race.Brief() {
		t.Skip("-race with -short leaves out what takes long for its size alone; run the test without one of them")
	}
	const head = "[[big]]\n=== Big\n\n==== {api-request-title}\n`PUT _connector/_sync_job/<id>/_stats`\n\n"
	const example = "\n==== {api-examples-title}\n[source,console]\n----\nPUT _connector/_sync_job/my-job/_stats\n{\n%s\"deleted_document_count\": 1, \"indexed_document_count\": 2, \"indexed_document_volume\": 3}\n----\n"
	const pageSize, reportSize = 300 << 10, 8 << 20
	grow := func(unit string) string {
		var b strings.Builder
		for i := 0; b.Len() < pageSize; i++ {
			b.WriteString(strings.ReplaceAll(unit, "#", fmt.Sprint(i)))
		}
		return b.String()
	}
	for name, tt := range map[string]struct{ page, left string }{
		"fields":   {head + "==== {api-request-body-title}\n" + grow("`f#`::\n(Required, string) One of `a#`, `b#`, `c#`.\n\n") + fmt.Sprintf(example, ""), "fields and parameters"},
		"answer":   {head + "==== {api-response-body-title}\n" + grow("`f#`::\n(string) One of `a#`, `b#`, `c#`.\n\n") + fmt.Sprintf(example, ""), "fields and parameters"},
		"bullets":  {head + "==== {api-request-body-title}\n`a`::\n(array) Of:\n\n" + grow("The following fields are allowed:\n\n- `b#` (string) Only one of `a` or `b#` may be set.\n- `c#`\n\n") + fmt.Sprintf(example, ""), "fields and parameters"},
		"blocks":   {head + "==== {api-request-body-title}\n" + grow("`f#`::\n(object) X.\n\n.Properties of `f#`\n====\n`g`::\n(string) X.\n====\n\n.Properties of `none`\n====\ntext\n====\n\n") + fmt.Sprintf(example, ""), "fields and parameters"},
		"routes":   {strings.TrimSuffix(head, "\n") + grow("`PUT _connector/r#/<id>`\n\n") + fmt.Sprintf(example, ""), "routes"},
		"prose":    {head + "==== {api-description-title}\n" + grow("Sets `status` to `s#`. ") + fmt.Sprintf(example, ""), "statements"},
		"codes":    {head + "==== {api-response-codes-title}\n" + grow("`404`:\nText.\n\n") + fmt.Sprintf(example, ""), "response codes"},
		"examples": {head + grow(fmt.Sprintf(example, "")), "examples"},
		"a body":   {head + fmt.Sprintf(example, grow("\"f#\": 1,\n")), ""},
		"a text":   {head + grow("a\n"), ""},
		"a table":  {head + "==== {api-request-body-title}\n|===\n|Field |Description\n\n|`x` |" + grow("\nmore") + "\n|===\n" + fmt.Sprintf(example, ""), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBed(t, "")
			dir := t.TempDir()
			file := filepath.Join(dir, "big.asciidoc")
			if err := os.WriteFile(file, []byte(tt.page), 0o600); err != nil {
				t.Fatal(err)
			}
			cfg := b.config(file)
			cfg.OutDir = filepath.Join(dir, "out")
			rep := b.run(t, cfg)
			files, err := os.ReadDir(cfg.OutDir)
			if err != nil || len(files) != len(writers) {
				t.Fatalf("%d reports, %v", len(files), err)
			}
			total := int64(0)
			for _, f := range files {
				info, err := f.Info()
				if err != nil {
					t.Fatal(err)
				}
				total += info.Size()
			}
			if total > reportSize {
				t.Errorf("a page of %d KB makes %d KB of reports", len(tt.page)>>10, total>>10)
			}
			said := tt.left == ""
			for _, c := range rep.Claims {
				said = said || c.Kind == claim.KindUnread && strings.Contains(c.Reason, tt.left)
			}
			if !said {
				t.Errorf("nothing says that %s are left out", tt.left)
			}
		})
	}
}

// A signal ends the reading of files too, such as a pipe that never ends.
func TestReadingEndsWithTheContext(t *testing.T) {
	t.Parallel()
	b := newBed(t, "")
	ctx, cancel := context.WithCancelCause(context.Background())
	stopped := errors.New("stopped")
	cancel(stopped)
	_, err := Run(ctx, b.config("testdata/pages/stats.asciidoc"))
	var usage *UsageError
	if !errors.Is(err, stopped) || errors.As(err, &usage) {
		t.Errorf("got %v", err)
	}
}
