package steps

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"path"
	"runtime"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/jsonval"
)

var sizeSteps = chapter{noun: "size", family: connectorAPI, rows: []row{
	{`When the call "<text>" is made with a "<text>" of <number> bytes`,
		"Sends a call with one field of that size: an object (sync_cursor, metadata), whose JSON has that many bytes, or a text. Required fields are added.",
		`When the call "_claim" is made with a "sync_cursor" of 65536 bytes`, (*jobs).callOfSize},
	{`When the call "<text>" is made with a "<text>" of <number> bytes in letters such as "<text>"`,
		"Sends a call with a text of that many bytes, made of letters that have several bytes in UTF-8.",
		`When the call "_error" is made with a "error" of 32766 bytes in letters such as "✓"`, (*jobs).callOfLetters},
	{`Then the sync job holds at "<text>" what was sent, unread`,
		"Reads the sync job through the API and demands at a JSON pointer the member of that name in the last request's body. The bytes are compared, and only decoded where they differ: for sizes that take long to be decoded.",
		`Then the sync job holds at "/metadata" what was sent, unread`, (*jobs).holdsUnread},
}}

// maxRequest is how long a request may be for Elasticsearch.
const maxRequest = 100 << 20

func checkSize(n int) error {
	if n > maxRequest {
		return fmt.Errorf("send a field of %d bytes: Elasticsearch takes requests of up to %d", n, maxRequest)
	}
	return nil
}

func (j *jobs) callOfSize(ctx context.Context, job theJob, call, name string, n int) error {
	if err := checkSize(n); err != nil {
		return err
	}
	if name == "sync_cursor" || name == "metadata" {
		return j.callWithField(ctx, job, call, name, n, func(b []byte) []byte { return appendObject(b, n) })
	}
	return j.callOfLetters(ctx, job, call, name, n, "x")
}

func (j *jobs) callOfLetters(ctx context.Context, job theJob, call, name string, n int, letter string) error {
	if err := checkSize(n); err != nil {
		return err
	}
	if letter == "" {
		return fmt.Errorf("write a text of %d bytes: there is no letter to write it in", n)
	}
	text := strings.Repeat(letter, n/len(letter))
	text += strings.Repeat("x", n-len(text))
	raw := jsonval.Encode(text)
	return j.callWithField(ctx, job, call, name, len(raw), func(b []byte) []byte { return append(b, raw...) })
}

// pageSize is the length of the texts in a large object: Elasticsearch bounds
// what one text may have, not what all of them have.
const pageSize = 1 << 20

// appendObject appends an object of texts, as cursors of many pages are, whose
// JSON has n bytes.
func appendObject(b []byte, n int) []byte {
	b = append(b, `{"pages":[`...)
	const around = len(`"",`)
	letters := strings.Repeat("c", min(max(n, 0), pageSize))
	for left := n - len(`{"pages":[""]}`); left >= 0; {
		page := min(left, pageSize)
		b = append(append(append(b, '"'), letters[:page]...), '"')
		if left -= page + around; left >= 0 {
			b = append(b, ',')
		}
	}
	return append(b, "]}"...)
}

func (j *jobs) holdsUnread(ctx context.Context, job theJob, pointer string) error {
	if j.sentField == nil {
		return errNoUpdate
	}
	res, err := j.get(ctx, jobPath(job.id))
	if err != nil {
		return err
	}
	const what = "reading the sync job"
	if err := wantStatus(res, what, http.StatusOK); err != nil {
		return err
	}
	before, after, found := bytes.Cut(res.Body, fmt.Appendf(nil, "%q:", path.Base(pointer)))
	if found && len(before) < smallWrite && bytes.HasPrefix(after, j.sentField) {
		return nil
	}
	doc, err := jsonBody(res, what)
	if err != nil {
		return err
	}
	want, err := jsonval.Decode(j.sentField)
	if err != nil {
		return err
	}
	if got, _ := jsonval.Pointer(doc, pointer); !jsonval.Equal(want, got) {
		return failf(res, fmt.Sprintf("%s with the %d bytes that were sent", pointer, len(j.sentField)), answer(res), "the sync job holds something else than what was sent")
	}
	return nil
}

// smallWrite is what every node takes, whatever memory it has.
const smallWrite = 1 << 20

// callWithField makes a call with a field, which add appends in n bytes, and
// those that the call requires. A node bounds the writes that it has in memory
// by its heap: 20 MB count for 84 MB, and 10 % of the heap are allowed (measured).
func (j *jobs) callWithField(ctx context.Context, job theJob, call, name string, n int, add func([]byte) []byte) error {
	if n > smallWrite {
		runtime.GC() // else what is garbage by now stays while several copies of this come on top
	}
	body := []byte("{")
	switch call {
	case "_claim":
		if name != "worker_hostname" {
			body = append(body, `"worker_hostname":"worker-1",`...)
		}
	case "_stats":
		for _, f := range requiredStats {
			body = fmt.Appendf(body, "%q:%s,", f.name, f.raw)
		}
	}
	body = fmt.Appendf(slices.Grow(body, n+len(name)+8), "%q:", name)
	from := len(body)
	body = append(add(body), '}')
	j.sentField = body[from : len(body)-1]
	if err := j.update(ctx, job, call, body); err != nil {
		return err
	}
	if j.last.Status == http.StatusTooManyRequests && n > smallWrite {
		return &SkipError{Reason: fmt.Sprintf("needs a node whose heap allows a write of %d bytes; it answered %s", n, answer(j.last))}
	}
	return nil
}
