package steps

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/cucumber/godog"
)

func eventualSteps() []Definition {
	const noun = "comparison"
	return []Definition{
		spoken(noun, `eventually, within `+number+` s, (.*[^:])`, `eventually, within <number> s, <step>`,
			"Demands what another step demands, but not at once: for what an API promises only later. Where that step looks at the response, the last request, which has to be a GET or HEAD, is sent again.",
			`Then eventually, within 5 s, the response at "/count" equals 1`,
			func(w *World) any {
				return func(ctx context.Context, seconds int, text string) error {
					return w.eventually(ctx, seconds, text, nil)
				}
			}),
		spoken(noun, `eventually, within `+number+` s, (.*:)`, `eventually, within <number> s, <step>:`,
			"The same for a step with a docstring.",
			"Then eventually, within 5 s, the response contains the JSON:\n  \"\"\"\n  {\"count\": 1}\n  \"\"\"",
			func(w *World) any { return w.eventually }),
	}
}

// readAgain is how long it takes to read again what is not yet as demanded.
const readAgain = 100 * time.Millisecond

// eventually carries out a step until it does not fail the target any more, or
// the time is over.
func (w *World) eventually(ctx context.Context, seconds int, text string, doc *godog.DocString) error {
	step, err := w.demand(ctx, text, doc)
	if err != nil {
		return err
	}
	end := time.Now().Add(time.Duration(seconds) * time.Second)
	for {
		err := step()
		var wrong *AssertionError
		if !errors.As(err, &wrong) {
			return err
		}
		if time.Now().After(end) {
			wrong.Message = fmt.Sprintf("%s, also after %d s", wrong.Message, seconds)
			return wrong
		}
		if err := pause(ctx, readAgain); err != nil {
			return err
		}
		if w.again.Method == http.MethodGet || w.again.Method == http.MethodHead {
			if w.last, err = w.deps.Session.Do(ctx, w.again); err != nil {
				return err
			}
		}
	}
}

// demand returns the step that a text means, which has to be one for Then.
func (w *World) demand(ctx context.Context, text string, doc *godog.DocString) (func() error, error) {
	for _, d := range DefinitionsOf(w.deps.Families) {
		m := d.Pattern.FindStringSubmatch(text)
		if m == nil || !d.Demands() {
			continue
		}
		f := reflect.ValueOf(d.Bind(w))
		args, err := arguments(ctx, f.Type(), m[1:], doc)
		if err != nil {
			return nil, err
		}
		return func() error {
			err, _ := f.Call(args)[0].Interface().(error)
			return err
		}, nil
	}
	return nil, fmt.Errorf("no step that demands something reads %q; see \"esconform steps\"", text)
}

// arguments are what a step's function is called with.
func arguments(ctx context.Context, t reflect.Type, groups []string, doc *godog.DocString) ([]reflect.Value, error) {
	var args []reflect.Value
	for i := range t.NumIn() {
		switch in := t.In(i); {
		case in == reflect.TypeFor[context.Context]():
			args = append(args, reflect.ValueOf(ctx))
		case in == reflect.TypeFor[*godog.DocString]() && doc != nil:
			args = append(args, reflect.ValueOf(doc))
		case in.Kind() == reflect.String && len(groups) > 0:
			args, groups = append(args, reflect.ValueOf(groups[0])), groups[1:]
		case in.Kind() == reflect.Int && len(groups) > 0:
			n, err := strconv.Atoi(groups[0])
			if err != nil {
				return nil, err
			}
			args, groups = append(args, reflect.ValueOf(n)), groups[1:]
		default:
			return nil, errors.New("such a step cannot be waited for")
		}
	}
	return args, nil
}
