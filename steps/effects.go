package steps

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

// effects check that an operation that was allowed was also done: a server
// that answers 200 and does nothing allows nothing. Operations that change
// nothing and show nothing of the connector have none.
var effects = map[string]func(w *World, ctx context.Context, res *wire.Response) error{
	"create a connector":               (*World).connectorMade,
	"create a connector without an id": (*World).connectorMade,
	"read the connector":               showsID("/id", "connector"),
	"list the connectors":              listsID("connector"),
	"delete the connector":             (*World).connectorGone,
	"create a sync job":                (*World).jobMade,
	"read the sync job":                showsID("/id", "sync_job"),
	"list the sync jobs":               listsID("sync_job"),
	"set the stats":                    (*World).jobWritten,
	"check the sync job in":            (*World).jobWritten,
	"report an error":                  (*World).jobWritten,
	"cancel the sync job":              (*World).jobWritten,
	"claim the sync job":               (*World).jobWritten,
	"delete the sync job":              (*World).jobGone,

	"read the stored sync job":                          showsID("/_id", "sync_job"),
	"read the stored sync job by the name of its index": showsID("/_id", "sync_job"),
	"change the stored sync job":                        (*World).jobWritten,
	"delete the stored sync job":                        (*World).jobGone,
	"search the stored sync jobs":                       findsOne,
}

func showsID(pointer, name string) func(*World, context.Context, *wire.Response) error {
	return func(w *World, _ context.Context, res *wire.Response) error {
		return wantAt(res, pointer, w.saved[name])
	}
}

func listsID(name string) func(*World, context.Context, *wire.Response) error {
	return func(w *World, _ context.Context, res *wire.Response) error {
		doc, err := jsonBody(res, "the list")
		if err != nil {
			return err
		}
		results, _ := jsonval.Pointer(doc, "/results")
		list, _ := results.([]any)
		if !slices.ContainsFunc(list, func(item any) bool { id, _ := jsonval.Pointer(item, "/id"); return id == w.saved[name] }) {
			return failf(res, "/results with "+w.saved[name], answer(res), "the list does not show what it was asked for")
		}
		return nil
	}
}

func findsOne(_ *World, _ context.Context, res *wire.Response) error {
	doc, err := jsonBody(res, "the search")
	if err != nil {
		return err
	}
	if n, _ := jsonval.Pointer(doc, "/hits/total/value"); fmt.Sprint(n) != "1" {
		return failf(res, "/hits/total/value 1", fmt.Sprint("/hits/total/value ", n), "the search does not find the sync job")
	}
	return nil
}

func (w *World) connectorMade(ctx context.Context, res *wire.Response) error {
	doc, err := jsonBody(res, "the new connector")
	if err != nil {
		return err
	}
	id, _ := jsonval.Pointer(doc, "/id")
	return w.readsBack(ctx, "/_connector/", id)
}

func (w *World) jobMade(ctx context.Context, res *wire.Response) error {
	doc, err := jsonBody(res, "the new sync job")
	if err != nil {
		return err
	}
	id, _ := jsonval.Pointer(doc, "/id")
	return w.readsBack(ctx, jobsPath+"/", id)
}

// readsBack demands that the account of the run can read what was created.
func (w *World) readsBack(ctx context.Context, path string, id any) error {
	res, err := w.get(ctx, path+fmt.Sprint(id))
	if err != nil {
		return err
	}
	return wantStatus(res, "reading what was created", http.StatusOK)
}

func (w *World) connectorGone(ctx context.Context, _ *wire.Response) error {
	res, err := w.get(ctx, "/_connector/"+w.saved["connector"])
	if err != nil {
		return err
	}
	return wantAbsent(res, "reading the connector")
}

func (w *World) jobGone(ctx context.Context, _ *wire.Response) error { return w.stillAbsent(ctx) }

// jobWritten demands one write, where the account of the run may see that.
func (w *World) jobWritten(ctx context.Context, _ *wire.Response) error {
	before, after, err := w.beforeAndNow(ctx)
	if err != nil || after.version == "" {
		return err
	}
	return w.risen(before, after, 1)
}

func wantAt(res *wire.Response, pointer, want string) error {
	doc, err := jsonBody(res, "what was read")
	if err != nil {
		return err
	}
	if got, _ := jsonval.Pointer(doc, pointer); got != want {
		return failf(res, pointer+" "+want, fmt.Sprint(pointer, " ", got), "the answer is about something else")
	}
	return nil
}
