package steps

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

var errNoOutage = errors.New(`no node was killed; begin with "When a node is killed and comes back while …"`)

// honestError demands of an error that it says of the server, and not of a
// request that was right, that something is amiss.
func honestError(res *wire.Response) error {
	if !wire.Unavailable(res.Status) {
		return CheckOutageError.failf(res, "success, or 408, 429 or 5xx", answer(res), "a right request was refused while a node was away")
	}
	doc, err := jsonBody(res, "an error while a node was away")
	if err != nil {
		return err
	}
	kind, _ := jsonval.Pointer(doc, "/error/type")
	status, _ := jsonval.Pointer(doc, "/status")
	if text, _ := kind.(string); text == "" || fmt.Sprint(status) != strconv.Itoa(res.Status) {
		return CheckOutageError.failf(res, fmt.Sprintf("/error/type, and /status %d", res.Status), answer(res), "an error while a node was away does not say what it is")
	}
	return nil
}

func (o *outages) honest() error {
	if o.res == nil {
		return errNoOutage
	}
	return o.dishonest
}

func (o *outages) fresh() error {
	switch {
	case o.res == nil:
		return errNoOutage
	case o.read.Load() == 0:
		return errors.New("no read of that time was answered, so that nothing was seen of them; run again with readers, and when the cluster answers more of them")
	}
	return o.behind
}

// green waits for the health of the whole cluster. One that is not yet green may
// have no master either.
func (o *outages) green(ctx context.Context) error {
	client := o.deps.Session.Client()
	want := fmt.Sprintf("green, with %d nodes, within %s", client.Nodes(), client.Limits().Start)
	path := fmt.Sprintf("/_cluster/health?wait_for_status=green&wait_for_nodes=%d&wait_for_no_relocating_shards=true&timeout=2s", client.Nodes())
	end := time.Now().Add(client.Limits().Start)
	return o.foreseeing(func() error {
		for {
			res, err := o.deps.Session.Do(ctx, wire.Request{Method: http.MethodGet, Path: path})
			late := time.Now().After(end)
			switch {
			case err != nil && (late || ctx.Err() != nil):
				return err
			case err == nil && res.Status == http.StatusOK:
				return nil
			case err == nil && late:
				return CheckOutageGreen.failf(res, want, answer(res), "the cluster does not recover")
			}
			if err := pause(ctx, readAgain); err != nil {
				return err
			}
		}
	})
}

// settled asks every node in every way for every resource.
func (o *outages) settled(ctx context.Context) error {
	if o.res == nil {
		return errNoOutage
	}
	views := []outageView{{path: o.res.Read.Request.Path, shown: o.shown}}
	if index := o.res.StoredIn(); index != "" {
		views = append(views, outageView{path: index + "/_doc/{id}?preference=_local", shown: storedSource, direct: true})
	}
	for _, c := range o.counters {
		for _, v := range views {
			if err := o.agreed(ctx, c, v); err != nil {
				return err
			}
		}
		if err := o.listedEverywhere(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// outageView is a way to look at a resource, and where that stands in the answer.
type outageView struct {
	path   string
	shown  func(*counter, any) (any, bool)
	direct bool // past the API
}

func (o *outages) shown(c *counter, doc any) (any, bool) { return o.shownIn(c.thing, doc) }

func storedSource(_ *counter, doc any) (any, bool) { return jsonval.Pointer(doc, "/_source") }

// agreed demands that all nodes show the same number, and one that may be. What
// comes of a write that was not acknowledged may be seen in between, once.
func (o *outages) agreed(ctx context.Context, c *counter, v outageView) error {
	split := o.sameOnAll(ctx, c, v)
	var wrong *AssertionError
	if errors.As(split, &wrong) && wrong.Check == CheckOutageSplit && c.sent.Load() > c.acknowledged.Load() {
		return o.sameOnAll(ctx, c, v)
	}
	return split
}

func (o *outages) sameOnAll(ctx context.Context, c *counter, v outageView) error {
	var seen int64
	for node := range o.deps.Session.Client().Nodes() {
		res, err := o.deps.Session.Do(ctx, wire.Request{Method: http.MethodGet, Path: family.Fill(v.path, o.values(c.thing, v.path)), Node: node + 1})
		if err != nil {
			return err
		}
		if res.Status == http.StatusForbidden && v.direct {
			return nil // the account may not look there
		}
		if err := wantStatus(res, "a read after all nodes were back", http.StatusOK, http.StatusNotFound); err != nil {
			return err
		}
		n, err := o.number(c, res, v.shown, c.acknowledged.Load(), c.sent.Load(), CheckLost)
		if err != nil {
			return err
		}
		if node > 0 && n != seen {
			return CheckOutageSplit.failf(res, fmt.Sprintf("%s %d, as the node before shows it", o.res.Numbered.At, seen), fmt.Sprint(n), "two nodes show the %s %s in different states", o.res.Name, c.id)
		}
		seen = n
	}
	return nil
}

// number reads the number in an answer, which has to be between that of the last
// acknowledged write and that of the last one sent.
func (o *outages) number(c *counter, res *wire.Response, shown func(*counter, any) (any, bool), least, most int64, about Check) (int64, error) {
	want := fmt.Sprintf("the %s %s with %s from %d to %d", o.res.Name, c.id, o.res.Numbered.At, least, most)
	wrong := func() error {
		return about.failf(res, want, answer(res), "a read shows less than was acknowledged, or more than was sent")
	}
	if res.Status == http.StatusNotFound {
		return 0, wrong()
	}
	doc, err := jsonBody(res, "a read")
	if err != nil {
		return 0, err
	}
	value, there := shown(c, doc)
	n := int64(0) // before the first write
	if v, has := jsonval.Pointer(value, o.res.Numbered.At); has && v != nil {
		if n, err = asNumber(v); err != nil {
			return 0, wrong()
		}
	}
	if !there || n < least || n > most {
		return 0, wrong()
	}
	return n, nil
}

func asNumber(v any) (int64, error) {
	switch v := v.(type) {
	case json.Number:
		return v.Int64()
	case string:
		return strconv.ParseInt(v, 10, 64)
	}
	return 0, fmt.Errorf("%v is no number", v)
}

// listedEverywhere demands that the list of every node shows a resource.
func (o *outages) listedEverywhere(ctx context.Context, c *counter) error {
	if o.res.List == nil {
		return nil
	}
	path := family.Fill(o.res.List.Request.Path, o.values(c.thing, o.res.List.Request.Path))
	for node := range o.deps.Session.Client().Nodes() {
		res, err := o.deps.Session.Do(ctx, wire.Request{Method: http.MethodGet, Path: path, Node: node + 1})
		if err != nil {
			return err
		}
		if err := wantStatus(res, "the list after all nodes were back", http.StatusOK); err != nil {
			return err
		}
		doc, err := jsonBody(res, "the list")
		if err != nil {
			return err
		}
		entries, _ := jsonval.Pointer(doc, o.res.List.At)
		all, _ := entries.([]any)
		if !slices.ContainsFunc(all, func(entry any) bool { id, _ := jsonval.Pointer(entry, o.res.List.ID); return id == c.id }) {
			return CheckLost.failf(res, "the "+o.res.Name+" "+c.id+" in the list", fmt.Sprintf("%d others", len(all)), "the list of a node does not show what is there")
		}
	}
	return nil
}
