package upgrade

import (
	_ "embed"
	"fmt"

	"github.com/esconform/esconform/internal/requirement"
)

//go:embed requirements.yaml
var requirementsYAML []byte

// file is where the requirements are, and the scenarios for lack of another file.
const file = "internal/upgrade/requirements.yaml"

// AddTo has a catalogue know what is required of upgrades.
func AddTo(cat *requirement.Catalogue) error {
	own, err := requirement.Parse(requirementsYAML)
	if err != nil {
		return fmt.Errorf("read %s: %w", file, err)
	}
	all := own.All()
	for i := range all {
		all[i].File, all[i].Uncovered = file, true
	}
	return cat.Add(requirement.Of(all))
}
