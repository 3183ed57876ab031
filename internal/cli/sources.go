package cli

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/pflag"

	"github.com/esconform/esconform/internal/restspec"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/userfile"
)

// sourceFlags say what is part of the suite beside the embedded features.
type sourceFlags struct {
	suite.Own
	restTests, restSpec string
}

func (s *sourceFlags) register(f *pflag.FlagSet) {
	f.StringSliceVar(&s.Folders, "features", nil, "add the feature files of this `folder`")
	f.BoolVar(&s.Only, "only-features", false, "leave out the scenarios that come with esconform")
	f.StringVar(&s.restTests, "rest-tests", "", "add Elasticsearch's YAML REST tests of this `folder`; select them by the tag "+suite.RestTag)
	f.StringVar(&s.restSpec, "rest-spec", "", "with --rest-tests, the `folder` or jar of the REST specification")
}

// sourcesOf are the flags that a run was started with.
func sourcesOf(s result.Selection) *sourceFlags {
	return &sourceFlags{Own: suite.Own{Folders: s.Features, Only: s.OnlyFeatures}, restTests: s.RestTests, restSpec: s.RestSpec}
}

// checkRest refuses REST tests without their specification, and that without them.
func (s *sourceFlags) checkRest() error {
	switch {
	case s.restTests == "" && s.restSpec != "":
		return errors.New("--rest-spec: there are no tests that need it; add --rest-tests")
	case s.restTests != "" && s.restSpec == "":
		return errors.New("--rest-tests: the tests name APIs, and the REST specification says how these are called; add --rest-spec")
	}
	return nil
}

func (s *sourceFlags) load() (*suite.Suite, error) {
	if err := s.checkRest(); err != nil {
		return nil, err
	}
	loaded, err := suite.Open(s.Own)
	if err != nil || s.restTests == "" {
		return loaded, err
	}
	info, err := os.Stat(s.restTests)
	if err != nil {
		return nil, fmt.Errorf("read REST tests: %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("read REST tests in %s: it is a file; give the folder that holds it", s.restTests)
	}
	spec, err := restspec.Open(s.restSpec)
	if err != nil {
		return nil, err
	}
	return loaded, loaded.AddRest(s.restTests, userfile.Dir(s.restTests, userfile.Small), s.restSpec, spec)
}
