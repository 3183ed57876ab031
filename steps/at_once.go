package steps

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"

	"github.com/cucumber/godog"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/wire"
)

// Requests of the scenario's own at the same time.
var atOnceSteps = chapter{noun: "writers", rows: []row{
	{"When these requests are sent at once:",
		"Sends them at the same time: a table of methods, paths and bodies, which are JSON objects or nothing.",
		"When these requests are sent at once:\n  | PUT | /_connector/{connector}/_name  | {\"name\": \"a\"}  |\n  | PUT | /_connector/{connector}/_error | {\"error\": \"b\"} |", (*writers).sendAtOnce},
	{"Given <number> <resources> are created at once with:",
		"Creates that many at the same time, each with this body. They are deleted when the scenario ends.",
		"Given 8 connectors are created at once with:\n  \"\"\"\n  {\"service_type\": \"s\"}\n  \"\"\"", (*writers).createManyWith},
	{"Then the <resource> holds what each successful writer sent",
		"Demands every member of every accepted body in it; there may be more.",
		"Then the index template holds what each successful writer sent", (*writers).holdsAllSent},
	{"Then the <resource> holds what one successful writer sent",
		"Demands every member of one accepted body in it: no mix of several.",
		"Then the index template holds what one successful writer sent", (*writers).holdsOneSent},
}}

func (x *writers) createManyWith(ctx context.Context, n int, noun string, doc *godog.DocString) error {
	r, err := x.resourceNamed(noun)
	if err != nil {
		return err
	}
	each := resource.New{}
	if err := x.provide(ctx, r, &each); err != nil {
		return err
	}
	if each.Body, err = x.wanted(doc.Content); err != nil {
		return err
	}
	return x.createMany(ctx, r.Kind, n, each)
}

// createMany creates so many resources at the same time.
func (t *things) createMany(ctx context.Context, kind string, n int, each resource.New) error {
	if err := bounded(n); err != nil {
		return err
	}
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			one := each
			one.Of = maps.Clone(each.Of)
			_, errs[i] = t.deps.Scope.Create(ctx, kind, one)
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

func (x *writers) sendAtOnce(ctx context.Context, table *godog.Table) error {
	requests := make([]wire.Request, len(table.Rows))
	each := make([]writer, len(table.Rows))
	for i, row := range table.Rows {
		if len(row.Cells) != 3 {
			return fmt.Errorf("send requests at once: a row has %d cells; give each a method, a path and a body", len(row.Cells))
		}
		path, err := x.expand(row.Cells[1].Value)
		if err != nil {
			return err
		}
		requests[i] = wire.Request{Method: row.Cells[0].Value, Path: path}
		if text := row.Cells[2].Value; text != "" {
			body, err := x.wanted(text)
			if err != nil {
				return err
			}
			fields, isObject := body.(map[string]any)
			if !isObject {
				return fmt.Errorf("read the body of %s %s: it is not an object", row.Cells[0].Value, path)
			}
			each[i].body, requests[i].Body = fields, jsonval.Encode(fields)
		}
		if err := x.before(ctx, requests[i]); err != nil {
			return err
		}
	}
	x.each = each
	err := x.allAtOnce(func(i int) (*wire.Response, error) { return x.deps.Scope.Do(ctx, requests[i]) })
	for _, req := range requests {
		x.after(req, nil, span{})
	}
	return err
}

// lacking returns of each successful writer what it sent and a thing does not
// hold.
func (x *writers) lacking(ctx context.Context, th *thing) (*state, [][]jsonval.Change, error) {
	if len(x.each) == 0 {
		return nil, nil, errNoUpdate
	}
	s, err := x.now(ctx, th)
	if err != nil {
		return nil, nil, err
	}
	winners := x.winners()
	if len(winners) == 0 {
		return nil, nil, failf(x.each[0].res, "success for at least one writer", answer(x.each[0].res), "every writer was refused")
	}
	var lacking [][]jsonval.Change
	for _, wr := range winners {
		lacking = append(lacking, jsonval.Match(wr.body, s.shown, jsonval.Matching{Subset: true}))
	}
	return s, lacking, nil
}

func (x *writers) holdsAllSent(ctx context.Context, th *thing) error {
	s, lacking, err := x.lacking(ctx, th)
	if err != nil {
		return err
	}
	for _, changes := range lacking {
		if len(changes) > 0 {
			return CheckLost.failf(s.read, sides(changes, false), sides(changes, true), "the %s has lost what a successful writer sent", th.res.Name)
		}
	}
	return nil
}

func (x *writers) holdsOneSent(ctx context.Context, th *thing) error {
	s, lacking, err := x.lacking(ctx, th)
	if err != nil {
		return err
	}
	var wrong []string
	for _, changes := range lacking {
		if len(changes) == 0 {
			return nil
		}
		wrong = append(wrong, sides(changes, true))
	}
	return CheckLost.failf(s.read, "what one of the successful writers sent", strings.Join(wrong, "\n"), "the %s holds what nobody sent", th.res.Name)
}
