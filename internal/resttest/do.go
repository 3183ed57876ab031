package resttest

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/nearest"
	"github.com/esconform/esconform/internal/restspec"
	"github.com/esconform/esconform/internal/wire"
)

// do is one call of an API, with what its answer has to be like.
type do struct {
	line     int
	name     string
	api      *restspec.API
	args     []argument
	body     any
	hasBody  bool
	headers  map[string]string
	expect   expectation
	selector *selector
}

// argument is a path part or a parameter as it is written.
type argument struct {
	name  string
	value any
}

func readDo(n *yaml.Node) (action, error) {
	all, err := entries(n)
	if err != nil {
		return nil, err
	}
	d := &do{line: n.Line, headers: map[string]string{}}
	for _, e := range all {
		option, known := doOptions[e.key.Value]
		switch {
		case known:
			err = option(d, e.value)
		case d.name != "":
			err = wrong(e.key, "one step calls one API, not %s and %s", d.name, e.key.Value)
		default:
			d.name, d.line = e.key.Value, e.key.Line
			err = d.readCall(e.value)
		}
		if err != nil {
			return nil, err
		}
	}
	if d.name == "" {
		return nil, wrong(n, "it calls no API")
	}
	return d, nil
}

// doOptions are what may stand beside the API that is called.
var doOptions map[string]func(*do, *yaml.Node) error

func init() {
	doOptions = map[string]func(*do, *yaml.Node) error{
		"catch": func(d *do, n *yaml.Node) (err error) {
			d.expect.catch, err = readCatch(n)
			return err
		},
		"headers":                (*do).readHeaders,
		"node_selector":          (*do).readSelector,
		"warnings":               func(d *do, n *yaml.Node) error { return d.expect.warnings.exact(n, true) },
		"allowed_warnings":       func(d *do, n *yaml.Node) error { return d.expect.warnings.exact(n, false) },
		"warnings_regex":         func(d *do, n *yaml.Node) error { return d.expect.warnings.patterns(n, true) },
		"allowed_warnings_regex": func(d *do, n *yaml.Node) error { return d.expect.warnings.patterns(n, false) },
	}
}

func (d *do) readHeaders(n *yaml.Node) error {
	all, err := entries(n)
	for _, e := range all {
		if d.headers[e.key.Value], err = text(e.value); err != nil {
			return err
		}
	}
	return err
}

func (d *do) readCall(n *yaml.Node) error {
	if n.ShortTag() == "!!null" {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		return wrong(n, "%s: want the arguments of an API, not %s; \"do\" knows %s", d.name, short(n), strings.Join(slices.Sorted(maps.Keys(doOptions)), ", "))
	}
	all, err := entries(n)
	if err != nil {
		return err
	}
	for _, e := range all {
		v, err := value(e.value)
		switch {
		case err != nil:
			return err
		case e.key.Value == "body":
			d.body, d.hasBody = v, true
		case e.key.Value == "ignore":
			if err := d.readIgnore(e.value); err != nil {
				return err
			}
		default:
			d.args = append(d.args, argument{e.key.Value, v})
		}
	}
	return nil
}

func (d *do) readIgnore(n *yaml.Node) error {
	codes, err := texts(n)
	if err != nil {
		return err
	}
	for _, code := range codes {
		status, err := strconv.Atoi(code)
		if err != nil || status < 100 || status > 599 {
			return wrong(n, "ignore wants statuses such as 404, not %q", code)
		}
		d.expect.ignore = append(d.expect.ignore, status)
	}
	return nil
}

// rawAPI calls a path that is written in the test and not in the specification.
const rawAPI = "raw"

// bind finds the API in the specification and sees whether it can be called
// like this.
func (d *do) bind(spec *restspec.Spec) error {
	if d.name == rawAPI {
		d.api = &restspec.API{Name: rawAPI, Params: map[string]bool{}, Body: &restspec.Body{}}
		return nil
	}
	api, known := spec.API(d.name)
	if !known {
		return &LanguageError{d.line, "the REST specification has no API " + strconv.Quote(d.name) + nearest.Hint(d.name, spec.Names())}
	}
	d.api = api
	_, err := d.plan(nil)
	if err != nil && d.expect.catch.word == catchParam {
		return nil
	}
	var param *restspec.ParamError
	if errors.As(err, &param) {
		return &LanguageError{d.line, param.Text}
	}
	return err
}

// plan makes the request of a call. Without a stash, as long as the test has not
// begun, what refers to it stands as it is written; that is so for bodies too.
func (d *do) plan(s stash) (*restspec.Request, error) {
	var args []restspec.Arg
	for _, a := range d.args {
		v, err := s.resolve(a.value)
		if err != nil {
			return nil, err
		}
		if v != nil { // null: it is left out
			args = append(args, restspec.Arg{Name: a.name, Value: argumentText(v)})
		}
	}
	if d.name == rawAPI {
		return planRaw(d.api, args)
	}
	return d.api.Call(args, d.hasBody)
}

// planRaw takes method and path out of the arguments; the others are the query.
func planRaw(api *restspec.API, args []restspec.Arg) (*restspec.Request, error) {
	req := &restspec.Request{API: api}
	for _, a := range args {
		switch a.Name {
		case "method":
			req.Method = a.Value
		case "path":
			req.Path.Template = "/" + strings.TrimPrefix(a.Value, "/")
		default:
			req.Query = append(req.Query, a)
		}
	}
	if req.Method == "" || req.Path.Template == "" {
		return nil, &restspec.ParamError{Text: "raw needs method and path"}
	}
	req.Path.Methods = []string{req.Method}
	return req, nil
}

// argumentText is an argument as it goes into a path or a query.
func argumentText(v any) string {
	list, isList := v.([]any)
	if !isList {
		return plain(v)
	}
	var items []string
	for _, item := range list {
		items = append(items, plain(item))
	}
	return strings.Join(items, ",")
}

// String shows API and arguments; body and headers may hold secrets and are in
// the exchange.
func (d *do) String() string {
	args := map[string]any{}
	for _, a := range d.args {
		args[a.name] = a.value
	}
	shown := d.name
	if len(args) > 0 {
		shown += " " + brief(args)
	}
	if c := d.expect.catch.String(); c != "" {
		shown += ", catch " + c
	}
	return shown
}

// document is a body as it is sent, and the documents in it.
type document struct {
	raw  []byte // nil: none
	docs []any
}

func (d *do) document(s stash) (document, error) {
	if !d.hasBody {
		return document{}, nil
	}
	if text, is := d.body.(string); is {
		raw, err := s.raw(text)
		if d.api.Body != nil && d.api.Body.Lines && !strings.HasSuffix(raw, "\n") {
			raw += "\n"
		}
		return document{[]byte(raw), jsonDocuments(raw)}, err
	}
	body, err := s.resolve(d.body)
	if err != nil {
		return document{}, err
	}
	list, isList := body.([]any)
	if isList && d.api.Body != nil && d.api.Body.Lines {
		return lines(list), nil
	}
	return document{jsonval.Encode(body), []any{body}}, nil
}

// lines writes one document a line. Text stands for a document that is written
// as JSON already.
func lines(list []any) document {
	var d document
	for _, item := range list {
		line := string(jsonval.Encode(item))
		if text, is := item.(string); is {
			line = strings.TrimRight(text, "\n")
		}
		d.raw = append(d.raw, line+"\n"...)
		d.docs = append(d.docs, jsonDocuments(line)...)
	}
	return d
}

// jsonDocuments reads what documents there are in a text, as far as it is JSON.
func jsonDocuments(text string) []any {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var docs []any
	for {
		var doc any
		if dec.Decode(&doc) != nil {
			return docs
		}
		docs = append(docs, doc)
	}
}

func (d *do) run(ctx context.Context, x *Execution) error {
	req, err := d.plan(x.stash)
	if d.expect.catch.word == catchParam {
		return x.judgeParam(d, err)
	}
	if err != nil {
		return &LanguageError{d.line, err.Error()}
	}
	body, err := d.document(x.stash)
	if err != nil {
		return err
	}
	if d.selector != nil {
		if err := d.selector.admit(ctx, x); err != nil {
			return err
		}
	}
	if err := x.admit(ctx, d, req, body); err != nil {
		return err
	}
	header, err := d.header(x.stash)
	if err != nil {
		return err
	}
	x.calls = d.name
	res, err := x.env.Scope.Do(ctx, wire.Request{Method: req.Method, Path: req.Target(), Body: body.raw, Header: header})
	if err != nil {
		return err
	}
	x.answered(req, res)
	return d.expect.judge(x, req, res)
}

// judgeParam: the call itself has to be one that the specification forbids.
func (x *Execution) judgeParam(d *do, err error) error {
	var param *restspec.ParamError
	if !errors.As(err, &param) {
		return &LanguageError{d.line, "catch: param, but the specification allows this call"}
	}
	x.last = nil
	return nil
}

func (d *do) header(s stash) (http.Header, error) {
	header := http.Header{}
	if len(d.api.Accept) > 0 {
		header.Set("Accept", strings.Join(d.api.Accept, ","))
	}
	if d.hasBody && len(d.api.ContentType) > 0 && !slices.Contains(d.api.ContentType, "application/json") {
		header.Set("Content-Type", d.api.ContentType[0])
	}
	for name, written := range d.headers {
		v, err := s.text(written)
		if err != nil {
			return nil, err
		}
		header.Set(name, plain(v))
	}
	return header, nil
}
