package fault

import (
	"unicode/utf8"

	"github.com/esconform/esconform/internal/reference/eserr"
)

// clientFaults are defects of one call with what clients send.
func clientFaults() []Fault {
	of := func(req string) func(id, what, op string, e effect) Fault {
		return func(id, what, op string, e effect) Fault {
			return alike("clients.", op).fault(req+"."+id, what, req, e)
		}
	}
	accepts8, accepts9 := header("Accept", compatible8), header("Accept", compatible9)
	zipped, octets, origin := header("Content-Encoding", "gzip"), header("Content-Type", "octet-stream"), header("X-Elastic-Product-Origin", "connectors")
	service := all(origin, accepts8)
	// Each of these alone, and not what the connector service sends.
	media8, ofOctets, ofOrigin := all(accepts8, not(origin)), all(octets, not(origin)), all(origin, not(accepts8))
	plainly8 := all(accepts8, not(octets))
	refused := func(are cond) effect { return when(are, unsupported(406)) }
	tooZipped := when(zipped, unsupported(415))
	type8, type9, gzip, octetStream, productOrigin := of("media-type-8"), of("media-type-9"), of("gzip"), of("octet-stream"), of("product-origin")
	unexpected := failsWith(eserr.IllegalArgument("unexpected header [X-elastic-product-origin]"))
	return []Fault{
		type8("claim-refused", "A claim in the media type of 8 is refused.", "claim", refused(all(media8, not(octets)))),
		type8("delete-refused", "A deletion that asks for the media type of 8 is refused.", "delete-job", refused(media8)),
		type8("list-plain", "A list is answered as plain JSON to whoever asks for the media type of 8.", "list-jobs", when(media8, typeIs(anyAnswer, jsonType))),
		type8("check-in-lost", "A check-in that asks for the media type of 8 is answered, but not made.", "check-in", when(plainly8, saysUpdated)),
		type9("error-refused", "An error in the media type of 9 is refused.", "error", refused(accepts9)),
		type9("get-as-8", "A sync job is answered in the media type of 8 to whoever asks for that of 9.", "get-job", when(accepts9, typeIs(anyAnswer, vendor8))),
		gzip("create-refused", "A compressed request for a sync job is refused.", "create-job", tooZipped),
		gzip("claim-refused", "A compressed claim is refused.", "claim", tooZipped),
		gzip("error-lost", "A compressed error is answered, but not stored.", "error", when(zipped, saysUpdated)),
		octetStream("check-in-refused", "A check-in that calls its missing body octet-stream is refused.", "check-in", refused(ofOctets)),
		octetStream("cancel-refused", "A cancellation that calls its missing body octet-stream is refused.", "cancel", refused(ofOctets)),
		octetStream("cancel-lost", "A cancellation that calls its missing body octet-stream is answered, but not made.", "cancel", when(ofOctets, saysUpdated)),
		productOrigin("create-refused", "A request for a sync job that names its origin is refused.", "create-job", when(ofOrigin, unexpected)),
		productOrigin("claim-lost", "A claim that names its origin is answered, but not made.", "claim", when(ofOrigin, dropAll)),
		of("service")("cancel-refused", "A cancellation is refused where Accept and Content-Type disagree, though there is no body.", "cancel", refused(all(octets, accepts8))),
		of("service")("stats-plain", "Stats are answered as plain JSON to the connector service.", "stats", when(service, typeIs(anyAnswer, jsonType))),
	}
}

// sizeFaults are limits that are not Elasticsearch's, and the lack of one that
// is.
func sizeFaults() []Fault {
	f := func(id, what, req, op string, effects ...effect) Fault {
		return alike("size.", op).fault(id, what, req, effects...)
	}
	tooLarge := func(limit int) effect {
		return when(func(c *call) bool { return len(c.Body) > limit }, failsPlainly(413, "request entity too large"))
	}
	// cutTexts cuts each text below a field of the stored document.
	cutTexts := func(limit int, path ...string) effect {
		return stores(func(next *object) {
			if o, ok := next.Path(path...).(*object); ok && o != nil {
				for _, k := range o.Keys() {
					o.Set(k, walk(o.Get(k), cut(limit)))
				}
			}
		})
	}
	// bounded is the text whose size is bounded.
	bounded := func(c *call) string {
		if s, ok := sent(c, "error").(string); ok {
			return s
		}
		return sentText(c, "worker_hostname")
	}
	longer := func(limit int) cond { return func(c *call) bool { return len(bounded(c)) > limit } }
	refusesText := func(limit int) effect {
		return when(longer(limit), failsWith(eserr.New(400, "document_parsing_exception", "[1:1] the text is too long")))
	}
	fewLetters := func(c *call) bool { return longer(maxTerm)(c) && utf8.RuneCountInString(bounded(c)) <= maxTerm }
	return []Fault{
		f("cursor.2-mb", "A claim of more than 2 MB is refused.", "cursor", "claim", tooLarge(2<<20)),
		f("cursor.1-mb", "A claim of 1 MB is refused.", "cursor", "claim", tooLarge(1<<20-1)),
		f("cursor.cut", "A cursor is cut at 32 KB.", "cursor", "claim", cutTexts(32<<10, "connector", "sync_cursor")),
		f("metadata.2-mb", "Stats of more than 2 MB are refused.", "metadata", "stats", tooLarge(2<<20)),
		f("metadata.64-kb", "Stats of 64 KB are refused.", "metadata", "stats", tooLarge(64<<10)),
		f("metadata.cut", "A text in metadata is cut at 1000 bytes.", "metadata", "stats", cutTexts(1000, "metadata")),
		f("text.cut-at-8191", "The name of a worker is cut at 8191 bytes.", "text", "claim", storeField("worker_hostname", cut(8191))),
		f("text.error-cut", "An error is cut at 1024 bytes.", "text", "error", storeField("error", cut(1024))),
		f("text.limit-too-low", "A name of a worker of 32766 bytes is refused.", "text", "claim", refusesText(maxTerm-1)),
		f("text.error-limit-too-low", "An error of 10000 bytes is refused.", "text", "error", refusesText(10000)),
		f("text.limit.none", "The name of a worker has no limit.", "text.limit", "claim", unmapped),
		f("text.limit.error-none", "An error has no limit.", "text.limit", "error", unmapped),
		f("text.limit.letters", "The limit counts letters, not bytes.", "text.limit", "", when(fewLetters, instead(400, 200, updated()))).on("claim", "error"),
		f("text.limit.ignored", "A text that is too long is passed over, and the rest stored.", "text.limit", "claim", when(longer(maxTerm), editBody(set("worker_hostname", "")))),
		f("text.limit.type", "A text that is too long is reported as illegal_argument_exception.", "text.limit", "",
			retype(400, "document_parsing_exception", "illegal_argument_exception")).on("claim", "error"),
		f("text.limit.applies", "An error that is too long is refused, but ends the sync job.", "text.limit", "error",
			when(longer(maxTerm), onJob(status(400), set("status", "error")))),
	}
}
