package steps

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"reflect"
	"time"

	"github.com/cucumber/godog"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/wire"
)

// Options say which server the features of a Go program are about.
type Options struct {
	// URL is its address.
	URL string
	// Username and Password, or APIKey, are the credentials; CACert is the
	// certificate authority of the server, PEM.
	Username, Password, APIKey string
	CACert                     []byte
	// Beside is the folder of the features: its apis, schemas and fixtures are
	// known beside those of esconform. Nil for none.
	Beside fs.FS
}

// Server is a server under test for a Go program that runs godog itself, with
// the vocabulary of this package. It is safe for concurrent use.
type Server struct {
	client   *wire.Client
	version  esversion.Version
	registry *resource.Registry
	families family.Set
	steps    []Definition
	files    Files
	shared   *Shared
	common   *resource.Scope // of what scenarios share
}

// Connect makes sure that the server answers.
func Connect(ctx context.Context, o Options) (*Server, error) {
	s := &Server{}
	err := s.learn(o.Beside)
	if err != nil {
		return nil, err
	}
	s.client, err = wire.New(wire.Config{URL: o.URL, CACert: o.CACert, Auth: wire.Auth{Username: o.Username, Password: o.Password, APIKey: o.APIKey}})
	if err != nil {
		return nil, err
	}
	session := s.client.Session()
	res, err := session.Do(ctx, wire.Request{Method: http.MethodGet, Path: "/"})
	if err == nil && res.Status != http.StatusOK {
		err = fmt.Errorf("ask %s for its version: got %s, want 200", o.URL, answer(res))
	}
	if err != nil {
		s.client.Close()
		return nil, err
	}
	s.version, _ = esversion.Parse(stringAt(res, "/version/number")) // unknown where it is none
	var id [4]byte
	_, _ = rand.Read(id[:]) // never fails
	s.registry = resource.NewRegistry(hex.EncodeToString(id[:]))
	s.registry.Know(s.families)
	s.common = s.registry.Scope(session)
	s.shared = NewShared(s.common)
	return s, nil
}

// learn reads what is known of APIs and of answers.
func (s *Server) learn(beside fs.FS) (err error) {
	if s.families, err = family.Embedded(); err != nil {
		return err
	}
	if s.files, err = Published(); err != nil {
		return err
	}
	if beside != nil {
		own, err := fs.Sub(beside, family.Folder)
		if err != nil {
			return err
		}
		set, err := family.Load(own, family.Folder)
		if err == nil {
			s.families, err = s.families.With(set)
		}
		if err == nil {
			s.files, _, err = s.files.With(beside, "")
		}
		if err != nil {
			return err
		}
	}
	s.steps = DefinitionsOf(s.families)
	return nil
}

// Register gives a scenario the vocabulary: call it in the ScenarioInitializer
// of a godog.TestSuite. What the scenario creates is deleted when it ends; it
// fails where that cannot be done.
func (s *Server) Register(sc *godog.ScenarioContext) {
	session := s.client.Session()
	scope := s.registry.Scope(session)
	w := NewWorld(Deps{
		Version: s.version, Session: session, Scope: scope, Shared: s.shared,
		Families: s.families, Steps: s.steps, Schemas: s.files.Schemas, Fixtures: s.files.Fixtures,
	})
	for _, d := range s.steps {
		sc.Step(d.Pattern, skipping(d.Bind(w)))
	}
	sc.After(func(ctx context.Context, _ *godog.Scenario, _ error) (context.Context, error) {
		w.Release()
		return ctx, cleanUp(ctx, scope)
	})
}

// skipping turns a reason to skip into what godog takes for one.
func skipping(step any) any {
	f := reflect.ValueOf(step)
	return reflect.MakeFunc(f.Type(), func(args []reflect.Value) []reflect.Value {
		out := f.Call(args)
		var skip *SkipError
		if err, _ := out[0].Interface().(error); errors.As(err, &skip) {
			err = fmt.Errorf("%s: %w", skip.Reason, godog.ErrSkip)
			return []reflect.Value{reflect.ValueOf(&err).Elem()}
		}
		return out
	}).Interface()
}

// cleanupTime is how long a deletion may take, also once a scenario is over.
const cleanupTime = time.Minute

func cleanUp(ctx context.Context, scope *resource.Scope) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTime)
	defer cancel()
	return scope.Cleanup(ctx)
}

// Close deletes what the scenarios had in common. The error names what is left
// in the server.
func (s *Server) Close(ctx context.Context) error {
	defer s.client.Close()
	if err := cleanUp(ctx, s.common); err != nil {
		return err
	}
	if left := s.registry.Summary().Leftovers; len(left) > 0 {
		return fmt.Errorf("left behind: %s %s (%s), and %d more", left[0].Kind, left[0].ID, left[0].Why, len(left)-1)
	}
	return nil
}
