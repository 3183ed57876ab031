package reference

import (
	"unicode/utf8"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// sizeFaults are limits that are not Elasticsearch's, and the lack of one that
// is.
func sizeFaults() []Fault {
	f := func(id, sentence, requirement string, part Fault, ops ...string) Fault {
		return named("size."+id, sentence, "size."+requirement, part, ops...)
	}
	tooLarge := func(limit int) Fault {
		return Fault{request: func(c *call) *response {
			if len(c.body) > limit {
				return plainError(413, "request entity too large")
			}
			return nil
		}}
	}
	// cutTexts cuts each text below a field of the stored document.
	cutTexts := func(at func(next *xcontent.Object) *xcontent.Object, limit int) Fault {
		return Fault{write: func(_ *call, _ store.Doc, next *xcontent.Object) {
			o := at(next)
			if o == nil {
				return
			}
			for _, k := range append([]string{}, o.Keys()...) {
				o.Set(k, walk(o.Get(k), func(v any) any { return cutText(v, limit) }))
			}
		}}
	}
	cursor := func(next *xcontent.Object) *xcontent.Object {
		o, _ := next.Path("connector", "sync_cursor").(*xcontent.Object)
		return o
	}
	metadata := func(next *xcontent.Object) *xcontent.Object { return next.Object("metadata") }
	cutField := func(field string, limit int) Fault {
		return Fault{update: storeField(field, func(v any) any { return cutText(v, limit) })}
	}
	// text is the text whose size is bounded.
	text := func(c *call) string {
		for _, field := range []string{"error", "worker_hostname"} {
			if s, ok := sent(c, field).(string); ok {
				return s
			}
		}
		return ""
	}
	refusesText := func(limit int) Fault {
		return Fault{request: func(c *call) *response {
			if len(text(c)) > limit {
				return errorResponse(c, eserr.New(400, "document_parsing_exception", "[1:1] the text is too long"))
			}
			return nil
		}}
	}
	return []Fault{
		f("cursor.2-mb", "A claim of more than 2 MB is refused.", "cursor", tooLarge(2<<20), "claim"),
		f("cursor.1-mb", "A claim of 1 MB is refused.", "cursor", tooLarge(1<<20-1), "claim"),
		f("cursor.cut", "A cursor is cut at 32 KB.", "cursor", cutTexts(cursor, 32<<10), "claim"),
		f("metadata.2-mb", "Stats of more than 2 MB are refused.", "metadata", tooLarge(2<<20), "stats"),
		f("metadata.64-kb", "Stats of 64 KB are refused.", "metadata", tooLarge(64<<10), "stats"),
		f("metadata.cut", "A text in metadata is cut at 1000 bytes.", "metadata", cutTexts(metadata, 1000), "stats"),
		f("text.cut-at-8191", "The name of a worker is cut at 8191 bytes.", "text", cutField("worker_hostname", 8191), "claim"),
		f("text.error-cut", "An error is cut at 1024 bytes.", "text", cutField("error", 1024), "error"),
		f("text.limit-too-low", "A name of a worker of 32766 bytes is refused.", "text", refusesText(32765), "claim"),
		f("text.error-limit-too-low", "An error of 10000 bytes is refused.", "text", refusesText(10000), "error"),
		f("text.limit.none", "The name of a worker has no limit.", "text.limit", Fault{unmapped: true}, "claim"),
		f("text.limit.error-none", "An error has no limit.", "text.limit", Fault{unmapped: true}, "error"),
		f("text.limit.letters", "The limit counts letters, not bytes.", "text.limit", Fault{answer: respond(400, func(c *call, r *response) *response {
			if s := text(c); len(s) <= maxTerm || utf8.RuneCountInString(s) > maxTerm {
				return r
			}
			return ok("result", "updated")
		})}, "claim", "error"),
		f("text.limit.ignored", "A text that is too long is passed over, and the rest stored.", "text.limit", Fault{request: func(c *call) *response {
			if len(text(c)) <= maxTerm {
				return nil
			}
			return editBody(func(_ *call, body *xcontent.Object) { body.Set("worker_hostname", "") })(c)
		}}, "claim"),
		f("text.limit.type", "A text that is too long is reported as illegal_argument_exception.", "text.limit", Fault{answer: retype(400, "document_parsing_exception", "illegal_argument_exception")}, "claim", "error"),
		f("text.limit.applies", "An error that is too long is refused, but ends the sync job.", "text.limit", Fault{after: onJob(func(r *response) bool { return r.status == 400 }, func(c *call, o *xcontent.Object) {
			if len(text(c)) > maxTerm {
				o.Set("status", "error")
			}
		})}, "error"),
	}
}

func cutText(v any, limit int) any {
	if s, ok := v.(string); ok && len(s) > limit {
		return s[:limit]
	}
	return v
}
