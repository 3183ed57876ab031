package report

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"github.com/esconform/esconform/internal/observe"
	"github.com/esconform/esconform/internal/result"
)

// Recall gives a run that was read from a report what was observed in scenarios
// of which the report does not have all exchanges: it stands beside it.
func Recall(dir string, run *result.Run) error {
	capped := func(sc result.Scenario) bool { return sc.Evidence == result.EvidenceCapped }
	if !slices.ContainsFunc(run.Scenarios, capped) {
		return nil
	}
	name := filepath.Join(dir, observe.File)
	set, err := observe.ReadFile(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("the report has the first and the last exchange of scenarios that passed, and %s, which has what was observed in all, is not beside it; put it there, or run with --evidence all", name)
	case err != nil:
		return err
	case !set.Recall(run):
		return fmt.Errorf("%s is of another run than the report beside it; give the folder of one run", name)
	}
	return nil
}
