package steps

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strconv"

	"github.com/cucumber/godog"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

// What the method of a step takes is made for it: texts have saved values in
// the place of their names, and the last answer, the sync job or the resource
// that a step speaks of are there, or the step says what is missing.

// Parameters that are made out of a group of the pattern.
type (
	// filled is a text in which every name in braces stands for what is saved.
	filled string
	// template is a text in which braces may also be what they are.
	template string
	// value is a JSON value, numbers as they are written.
	value struct{ v any }
	// several are names, separated by commas.
	several []string
	// newName is one under which something can be saved.
	newName string
)

// call is one step that is carried out.
type call struct {
	ctx    context.Context
	world  *World
	groups []string
	doc    *godog.DocString
	table  *godog.Table
}

// next takes groups of the pattern.
func (c *call) next(n int) []string {
	out := c.groups[:n]
	c.groups = c.groups[n:]
	return out
}

// argument makes a parameter out of so many groups of the pattern.
type argument struct {
	groups int
	make   func(c *call, groups []string) (any, error)
}

var arguments = map[reflect.Type]argument{
	reflect.TypeFor[context.Context](): {0, func(c *call, _ []string) (any, error) { return c.ctx, nil }},
	reflect.TypeFor[string]():          {1, func(_ *call, g []string) (any, error) { return g[0], nil }},
	reflect.TypeFor[int](): {1, func(_ *call, g []string) (any, error) {
		n, err := strconv.Atoi(g[0])
		if err != nil {
			err = fmt.Errorf("read the number %q: %w", g[0], err)
		}
		return n, err
	}},
	reflect.TypeFor[several]():  {1, func(_ *call, g []string) (any, error) { return several(list(g[0])), nil }},
	reflect.TypeFor[filled]():   {1, func(c *call, g []string) (any, error) { text, err := c.world.expand(g[0]); return filled(text), err }},
	reflect.TypeFor[template](): {1, func(c *call, g []string) (any, error) { text, err := c.world.expand(g[0]); return template(text), err }},
	reflect.TypeFor[value]():    {1, func(c *call, g []string) (any, error) { v, err := c.world.wanted(g[0]); return value{v}, err }},
	reflect.TypeFor[newName](): {1, func(_ *call, g []string) (any, error) {
		if !isName(g[0]) {
			return nil, fmt.Errorf("save something as %q: a name begins with a small letter and has small letters, digits, - and _", g[0])
		}
		return newName(g[0]), nil
	}},
	reflect.TypeFor[*wire.Response]():   {0, func(c *call, _ []string) (any, error) { return c.world.answered() }},
	reflect.TypeFor[theJob]():           {0, func(c *call, _ []string) (any, error) { return c.world.jobs.job() }},
	reflect.TypeFor[theConnector]():     {0, func(c *call, _ []string) (any, error) { return c.world.jobs.connector() }},
	reflect.TypeFor[*thing]():           {2, func(c *call, g []string) (any, error) { return c.world.thingNamed(g[0], g[1]) }},
	reflect.TypeFor[*subject]():         {4, func(c *call, g []string) (any, error) { return c.world.subject(c.ctx, g[0], g[1], g[2], g[3]) }},
	reflect.TypeFor[*godog.DocString](): {0, func(c *call, _ []string) (any, error) { return c.doc, nil }},
	reflect.TypeFor[*godog.Table]():     {0, func(c *call, _ []string) (any, error) { return c.table, nil }},
}

// method is a method of a part of the World, ready to be called.
type method struct {
	do        reflect.Value
	part      int // of the World, that has it
	args      []argument
	types     []reflect.Type
	signature reflect.Type // of the function that godog gets
	// What stands below the text.
	takesDoc, takesTable bool
}

// methodOf makes a method out of a method expression. What it cannot take is a
// mistake of whoever wrote it, which every test sees.
func methodOf(do any) method {
	m := method{do: reflect.ValueOf(do), part: partOf(reflect.TypeOf(do).In(0))}
	in := []reflect.Type{reflect.TypeFor[context.Context]()}
	for i := 1; i < m.do.Type().NumIn(); i++ {
		t := m.do.Type().In(i)
		arg, ok := arguments[t]
		if !ok {
			panic(fmt.Sprintf("steps: no argument of a step is a %s", t))
		}
		m.args, m.types = append(m.args, arg), append(m.types, t)
		for range arg.groups {
			in = append(in, reflect.TypeFor[string]())
		}
		if t == reflect.TypeFor[*godog.DocString]() || t == reflect.TypeFor[*godog.Table]() {
			in = append(in, t)
			m.takesDoc = t == reflect.TypeFor[*godog.DocString]()
			m.takesTable = !m.takesDoc
		}
	}
	m.signature = reflect.FuncOf(in, []reflect.Type{reflect.TypeFor[error]()}, false)
	return m
}

// partOf finds the part of the World that is of a type.
func partOf(t reflect.Type) int {
	for i, part := range new(World).parts() {
		if reflect.TypeOf(part) == t {
			return i
		}
	}
	panic(fmt.Sprintf("steps: no part of the World is a %s", t))
}

func (m method) call(c *call) error {
	args := []reflect.Value{reflect.ValueOf(c.world.parts()[m.part])}
	if args[0].IsNil() {
		return errors.New("the scenario is over")
	}
	for i, arg := range m.args {
		v, err := arg.make(c, c.next(arg.groups))
		if err != nil {
			return err
		}
		if v == nil {
			args = append(args, reflect.Zero(m.types[i]))
			continue
		}
		args = append(args, reflect.ValueOf(v))
	}
	out := m.do.Call(args)
	if len(out) == 0 {
		return nil
	}
	err, _ := out[0].Interface().(error)
	return err
}

// wanted reads a JSON value in which names stand for what is saved.
func (m *memory) wanted(text string) (any, error) {
	raw, err := m.body(text)
	if err != nil {
		return nil, err
	}
	want, err := jsonval.Decode(raw)
	if err != nil {
		return nil, fmt.Errorf("read the value %s: %w", raw, err)
	}
	return want, nil
}
