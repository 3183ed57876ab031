package steps

import (
	"context"
	"net/http"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

// Steps that do the same many times: a defect that shows in one request of ten
// is a defect.

// headers checks the headers of an answer to a JSON request.
func headers(res *wire.Response) error {
	if got := res.Header.Get(productHeader); got != "Elasticsearch" {
		return CheckProduct.failf(res, productHeader+": Elasticsearch", productHeader+": "+got, "the answer has no product header")
	}
	if got := res.Header.Get("Content-Type"); mediaType(got) != "application/json" {
		return CheckContentType.failf(res, "Content-Type: application/json", "Content-Type: "+got, "the answer has another content type")
	}
	return nil
}

// next changes every field of the last body, some updates leaving out one of
// the optional fields.
func (x *writers) variant(i int) map[string]any {
	body := x.body(i)
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

func (x *writers) everyUpdate(ctx context.Context, job theJob, n int) error {
	for i := range n {
		if err := x.update(ctx, job, "_stats", jsonval.Encode(x.variant(i))); err != nil {
			return err
		}
		if err := x.updateResult(x.last, "updated"); err != nil {
			return err
		}
		if err := headers(x.last); err != nil {
			return err
		}
		if err := x.changedAsSaid(ctx, job); err != nil {
			return err
		}
	}
	return nil
}

func (x *writers) everyRepeat(ctx context.Context, job theJob, n int) error {
	for range n {
		if err := x.setAgain(ctx, job); err != nil {
			return err
		}
		if err := x.updateResult(x.last, "noop"); err != nil {
			return err
		}
		if err := x.unchanged(ctx, job.thing); err != nil {
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

func (x *writers) everyFault(ctx context.Context, job theJob, n int) error {
	for i := range n {
		f := faults[i%len(faults)]
		fields := without(x.complete(), f.field)
		if f.raw != "" {
			fields = with(x.complete(), f.field, f.raw)
		}
		if err := x.update(ctx, job, "_stats", encodeFields(fields)); err != nil {
			return err
		}
		r, err := x.rejected(x.last, http.StatusBadRequest, f.kind)
		if err != nil {
			return err
		}
		if err := r.names([]string{f.field}); err != nil {
			return err
		}
		if err := headers(x.last); err != nil {
			return err
		}
		if err := x.unchanged(ctx, job.thing); err != nil {
			return err
		}
	}
	return nil
}

func (x *writers) everyUpdateVisible(ctx context.Context, c theConnector, job theJob, n int) error {
	for i := range n {
		if err := x.update(ctx, job, "_stats", jsonval.Encode(x.variant(i))); err != nil {
			return err
		}
		if err := x.updateResult(x.last, "updated"); err != nil {
			return err
		}
		look := []func(context.Context, theConnector, theJob) error{x.lists.listShows, x.lists.searchFinds}
		if err := look[i%2](ctx, c, job); err != nil {
			return err
		}
		if err := look[(i+1)%2](ctx, c, job); err != nil {
			return err
		}
		if err := x.changedAsSaid(ctx, job); err != nil {
			return err
		}
	}
	return nil
}

func (x *writers) everyUnknown(ctx context.Context, n int) error {
	for range n {
		if err := x.givenNone("sync job", ""); err != nil {
			return err
		}
		job, err := x.job()
		if err != nil {
			return err
		}
		if err := x.set(ctx, job, x.complete()); err != nil {
			return err
		}
		if err := x.notFound(job, x.last); err != nil {
			return err
		}
		if err := headers(x.last); err != nil {
			return err
		}
		res, err := x.get(ctx, jobPath(job.id))
		if err != nil {
			return err
		}
		if err := wantAbsent(res, "reading a sync job"); err != nil {
			return err
		}
	}
	return nil
}
