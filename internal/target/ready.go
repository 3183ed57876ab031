package target

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/wire"
)

// nobody is an id that no document has.
const nobody = "esconform-no-such-document"

// AwaitAPI waits until the APIs of these families can be written to without
// harm, as long as Limits.Start allows. It only reads. What the account may not
// see, and what a server does not know, is not waited for; nor is an API itself,
// where it is not there. The error is a *StartError.
func AwaitAPI(ctx context.Context, t *Target, set family.Set, families []*family.Family) error {
	session := t.Client.Session()
	session.SetPurpose(purposeReady)
	within, cancel := context.WithTimeout(ctx, t.Client.Limits().Start)
	defer cancel()
	for _, f := range families {
		a := api{session: session, set: set, family: f}
		if err := Patiently(within, a.checkBackings); err != nil {
			return t.unready(within, a, err)
		}
	}
	return nil
}

// api is a family on a target, asked in a session.
type api struct {
	session *wire.Session
	set     family.Set
	family  *family.Family
}

// checkBackings returns nil where every index is as it should be, or will be
// once it is made, or where nothing can be known of it.
func (a api) checkBackings(ctx context.Context) error {
	if a.family.Ready == nil {
		return nil
	}
	for _, b := range a.family.Ready.Indices {
		if err := a.check(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

// check asks for the index before its alias: somebody else may make both in
// between.
func (a api) check(ctx context.Context, b family.Backing) error {
	made, _, err := indexBehind(ctx, a.session, b.Index)
	if err != nil {
		return err
	}
	aliased, known, err := indexBehind(ctx, a.session, b.Alias)
	switch {
	case err != nil:
		return err
	case aliased == b.Alias:
		return &spoiledError{b, b.Alias, "there is an index of the name " + b.Alias + ", which has to be the alias of " + b.Index}
	case aliased != "":
		return nil
	case known && made != "":
		return &spoiledError{b, made, "the index " + made + " has no alias " + b.Alias + ": it was written to before the index template " + b.Template + " was installed, so it lacks its mapping, too"}
	}
	return a.awaitTemplate(ctx, b)
}

func (a api) awaitTemplate(ctx context.Context, b family.Backing) error {
	res, err := ask(ctx, a.session, "/_index_template/"+b.Template)
	if err != nil || !missing(res) {
		return err // it is there, or may not be seen, or there is no such route
	}
	try, _ := a.set.Resource(a.family.Ready.Try)
	if res, err = ask(ctx, a.session, family.Fill(try.Read.Request.Path, map[string]string{"id": nobody})); err != nil {
		return err
	}
	if res.Status == http.StatusBadRequest || res.Status == http.StatusMethodNotAllowed {
		return nil // no such API, so that no template of it will come
	}
	return &notYetError{"the index template " + b.Template + " is not installed yet, without which the first write makes an index without the alias " + b.Alias}
}

// indexBehind returns the index that a name leads to, "" where there is none
// or where that is not known. Reading a document takes the least privilege of
// all ways to ask.
func indexBehind(ctx context.Context, session *wire.Session, name string) (index string, known bool, err error) {
	res, err := ask(ctx, session, "/"+name+"/_doc/"+nobody)
	if err != nil {
		return "", false, err
	}
	doc, err := res.JSON()
	if err != nil {
		return "", false, nil //nolint:nilerr // not an answer of Elasticsearch
	}
	if why, _ := jsonval.Pointer(doc, "/error/type"); why == "index_not_found_exception" {
		return "", true, nil
	}
	v, _ := jsonval.Pointer(doc, "/_index")
	index, known = v.(string)
	return index, known, nil
}

func ask(ctx context.Context, session *wire.Session, path string) (*wire.Response, error) {
	res, err := session.Do(ctx, wire.Request{Method: http.MethodGet, Path: path})
	if err == nil && busy(res.Status) {
		err = &notYetError{fmt.Sprintf("GET %s was answered %d", path, res.Status)}
	}
	return res, err
}

// missing reports whether Elasticsearch answered that it has no such template:
// others that know no such path, such as proxies, answer 404 as well.
func missing(res *wire.Response) bool {
	doc, err := res.JSON()
	if err != nil || res.Status != http.StatusNotFound {
		return false
	}
	if why, _ := jsonval.Pointer(doc, "/error/type"); why == "resource_not_found_exception" {
		return true
	}
	_, explained := jsonval.Pointer(doc, "/error")
	return explained && res.Header.Get(productHeader) == product
}

// spoiledError says that an index was made in a way that nothing mends.
type spoiledError struct {
	family.Backing
	remove string // the index that is in the way
	what   string
}

func (e *spoiledError) Error() string { return e.what }

func (e *spoiledError) advice() string {
	return fmt.Sprintf(`unless it holds what is needed, remove it with curl -X DELETE "$ES/%s", see that GET /_index_template/%s is answered 200, and run again: the next write makes %s anew`,
		e.remove, e.Template, e.Index)
}

// notYetError says what is waited for.
type notYetError struct{ what string }

func (e *notYetError) Error() string { return e.what }

// Patiently tries until it succeeds, or fails in a way that does not pass by
// itself, as what a cold and busy server does. Where ctx ends before, the error
// is that of the last whole try.
func Patiently(ctx context.Context, try func(context.Context) error) error {
	var last error
	for wait := pause; ; wait = min(2*wait, maxPause) {
		err := try(ctx)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil && last != nil:
			return last
		case ctx.Err() != nil || !passing(err):
			return err
		}
		last = err
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return last
		}
	}
}

// pause is the time between the first two tries, maxPause that between later
// ones: a server that is busy is not asked more than that.
const (
	pause    = 100 * time.Millisecond
	maxPause = 2 * time.Second
)

// passing reports whether the same may well succeed a moment later.
func passing(err error) bool {
	var notYet *notYetError
	var transport *wire.TransportError
	var setup *resource.SetupError
	switch {
	case errors.As(err, &notYet):
		return true
	case errors.As(err, &transport):
		return transport.Kind == wire.KindTimeout
	case errors.As(err, &setup):
		return busy(setup.Status)
	}
	return false
}

// busy reports whether a status says that a server, or a proxy before it, is
// not ready now.
func busy(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}
