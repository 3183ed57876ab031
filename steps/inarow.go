package steps

import (
	"context"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

// Steps that do the same many times: a defect that shows in one request of ten
// is a defect.

// productHeader is on every answer of Elasticsearch; its clients refuse to
// talk to a server without it (measured).
const (
	productHeader = "X-Elastic-Product"
	product       = "Elasticsearch"
)

// headers checks the headers of an answer to a JSON request.
func headers(res *wire.Response) error {
	if got := res.Header.Get(productHeader); got != product {
		return CheckProduct.failf(res, productHeader+": "+product, productHeader+": "+got, "the answer has no product header")
	}
	if got := res.Header.Get("Content-Type"); mediaType(got) != "application/json" {
		return CheckContentType.failf(res, "Content-Type: application/json", "Content-Type: "+got, "the answer has another content type")
	}
	return nil
}

// next changes every field of the last body, some updates leaving out one of
// the optional fields.
func (w *World) variant(i int) map[string]any {
	body := w.body(i)
	switch i % 4 {
	case 1:
		delete(body, "total_document_count")
	case 2:
		delete(body, "last_seen")
	case 3:
		delete(body, "metadata")
	}
	return body
}

func (w *World) everyUpdate(ctx context.Context, n int) error {
	for i := range n {
		if err := w.update(ctx, jsonval.Encode(w.variant(i))); err != nil {
			return err
		}
		if err := w.accepted(); err != nil {
			return err
		}
		if err := headers(w.last); err != nil {
			return err
		}
		if err := w.changedAsSaid(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (w *World) everyRepeat(ctx context.Context, n int) error {
	for range n {
		if err := w.setAgain(ctx); err != nil {
			return err
		}
		if err := w.acceptedAsNoop(); err != nil {
			return err
		}
		if err := w.jobUnchanged(ctx); err != nil {
			return err
		}
	}
	return nil
}

// faults are ways in which an update can be faulty, what it is rejected as,
// and the field that the reason names.
var faults = []struct{ field, raw, kind string }{
	{"deleted_document_count", "", "illegal_argument_exception"},
	{"indexed_document_count", "-1", "action_request_validation_exception"},
	{"indexed_document_volume", "null", "x_content_parse_exception"},
	{"total_document_count", "2147483648", "document_parsing_exception"},
	{"last_seen", `"yesterday"`, "x_content_parse_exception"},
	{"indexed_document_count", "", "illegal_argument_exception"},
	{"deleted_document_count", "-2", "action_request_validation_exception"},
	{"total_document_count", `"ten"`, "x_content_parse_exception"},
	{"bogus", "1", "x_content_parse_exception"},
	{"indexed_document_volume", "", "illegal_argument_exception"},
	{"total_document_count", "-3", "action_request_validation_exception"},
}

func (w *World) everyFault(ctx context.Context, n int) error {
	for i := range n {
		f := faults[i%len(faults)]
		fields := without(w.complete(), f.field)
		if f.raw != "" {
			fields = with(w.complete(), f.field, f.raw)
		}
		if err := w.update(ctx, encodeFields(fields)); err != nil {
			return err
		}
		if err := w.rejectedNaming(f.kind, f.field); err != nil {
			return err
		}
		if err := headers(w.last); err != nil {
			return err
		}
		if err := w.jobUnchanged(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (w *World) everyUpdateVisible(ctx context.Context, n int) error {
	for i := range n {
		if err := w.update(ctx, jsonval.Encode(w.variant(i))); err != nil {
			return err
		}
		if err := w.accepted(); err != nil {
			return err
		}
		look := []func(context.Context) error{w.listShows, w.searchFinds}
		if err := look[i%2](ctx); err != nil {
			return err
		}
		if err := look[(i+1)%2](ctx); err != nil {
			return err
		}
		if err := w.changedAsSaid(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (w *World) everyUnknown(ctx context.Context, n int) error {
	for range n {
		if err := w.unknownJob(); err != nil {
			return err
		}
		if err := w.setComplete(ctx); err != nil {
			return err
		}
		if err := w.notFound(); err != nil {
			return err
		}
		if err := headers(w.last); err != nil {
			return err
		}
		res, err := w.get(ctx, jobPath(w.job.id))
		if err != nil {
			return err
		}
		if err := wantAbsent(res, "reading a sync job"); err != nil {
			return err
		}
	}
	return nil
}
