package reference

import (
	"strings"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// clientFaults are defects of one call with what clients send.
func clientFaults() []Fault {
	f := func(id, sentence, requirement string, part Fault, ops ...string) Fault {
		return named("clients."+id, sentence, "clients."+requirement, part, ops...)
	}
	says := func(header, value string) func(*call) bool {
		return func(c *call) bool { return strings.Contains(c.header.Get(header), value) }
	}
	accepts8, accepts9 := says("Accept", "compatible-with=8"), says("Accept", "compatible-with=9")
	zipped, octets, origin := says("Content-Encoding", "gzip"), says("Content-Type", "octet-stream"), says("X-Elastic-Product-Origin", "connectors")
	not := func(of, when func(*call) bool) func(*call) bool {
		return func(c *call) bool { return when(c) && !of(c) }
	}
	refuses := func(when func(*call) bool, status int) Fault {
		return Fault{request: func(c *call) *response {
			if !when(c) {
				return nil
			}
			return plainError(status, "Content-Type header ["+c.header.Get("Content-Type")+"] is not supported")
		}}
	}
	answersAs := func(when func(*call) bool, media string) Fault {
		return Fault{answer: func(c *call, r *response) *response {
			if when(c) {
				r.header.Set("Content-Type", media)
			}
			return r
		}}
	}
	// doesNothing answers as if the call were made.
	doesNothing := func(when func(*call) bool, answer func() *response) Fault {
		return Fault{request: func(c *call) *response {
			if when(c) {
				return answer()
			}
			return nil
		}}
	}
	updated := func() *response { return ok("result", "updated") }
	return []Fault{
		f("media-type-8.claim-refused", "A claim in the media type of 8 is refused.", "media-type-8", refuses(not(octets, not(origin, accepts8)), 406), "claim"),
		f("media-type-8.delete-refused", "A deletion that asks for the media type of 8 is refused.", "media-type-8", refuses(not(origin, accepts8), 406), "delete-job"),
		f("media-type-8.list-plain", "A list is answered as plain JSON to whoever asks for the media type of 8.", "media-type-8", answersAs(not(origin, accepts8), "application/json"), "list-jobs"),
		f("media-type-8.check-in-lost", "A check-in that asks for the media type of 8 is answered, but not made.", "media-type-8", doesNothing(not(octets, accepts8), updated), "check-in"),
		f("media-type-9.error-refused", "An error in the media type of 9 is refused.", "media-type-9", refuses(accepts9, 406), "error"),
		f("media-type-9.get-as-8", "A sync job is answered in the media type of 8 to whoever asks for that of 9.", "media-type-9",
			answersAs(accepts9, "application/vnd.elasticsearch+json;compatible-with=8"), "get-job"),
		f("gzip.create-refused", "A compressed request for a sync job is refused.", "gzip", refuses(zipped, 415), "create-job"),
		f("gzip.claim-refused", "A compressed claim is refused.", "gzip", refuses(zipped, 415), "claim"),
		f("gzip.error-lost", "A compressed error is answered, but not stored.", "gzip", doesNothing(zipped, updated), "error"),
		f("octet-stream.check-in-refused", "A check-in that calls its missing body octet-stream is refused.", "octet-stream", refuses(not(origin, octets), 406), "check-in"),
		f("octet-stream.cancel-refused", "A cancellation that calls its missing body octet-stream is refused.", "octet-stream", refuses(not(origin, octets), 406), "cancel"),
		f("octet-stream.cancel-lost", "A cancellation that calls its missing body octet-stream is answered, but not made.", "octet-stream", doesNothing(not(origin, octets), updated), "cancel"),
		f("product-origin.create-refused", "A request for a sync job that names its origin is refused.", "product-origin", Fault{request: func(c *call) *response {
			if origin(c) && !accepts8(c) {
				return errorResponse(c, eserr.IllegalArgument("unexpected header [X-elastic-product-origin]"))
			}
			return nil
		}}, "create-job"),
		f("product-origin.claim-lost", "A claim that names its origin is answered, but not made.", "product-origin", Fault{update: func(c *call, _ store.Doc, partial *xcontent.Object) {
			if origin(c) && !accepts8(c) {
				for _, k := range append([]string{}, partial.Keys()...) {
					partial.Delete(k)
				}
			}
		}}, "claim"),
		f("service.cancel-refused", "A cancellation is refused where Accept and Content-Type disagree, though there is no body.", "service",
			refuses(func(c *call) bool { return octets(c) && accepts8(c) }, 406), "cancel"),
		f("service.stats-plain", "Stats are answered as plain JSON to the connector service.", "service",
			answersAs(func(c *call) bool { return origin(c) && accepts8(c) }, "application/json"), "stats"),
	}
}
