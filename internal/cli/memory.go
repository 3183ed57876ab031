package cli

import (
	"errors"

	"github.com/docker/go-units"
	"github.com/spf13/pflag"

	"github.com/esconform/esconform/internal/target/container"
)

// memorySize is a flag for the memory of a container.
type memorySize struct {
	bytes int64
	text  string // as it was given
}

// leastMemory is what Elasticsearch does not come up without.
const leastMemory = 512 << 20

func (m *memorySize) register(f *pflag.FlagSet) {
	*m = memorySize{container.DefaultMemory, "2g"}
	f.Var(m, "memory", "memory limit of a container, half of it for the heap")
}

func (m *memorySize) String() string { return m.text }

func (m *memorySize) Set(text string) error {
	n, err := units.RAMInBytes(text)
	switch {
	case err != nil:
		return errors.New("want a size such as 2g or 1500m")
	case n < leastMemory:
		return errors.New("Elasticsearch needs at least 512m")
	}
	*m = memorySize{n, text}
	return nil
}

func (m *memorySize) Type() string { return "size" }
