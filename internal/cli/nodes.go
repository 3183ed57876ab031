package cli

import (
	"fmt"
	"strconv"

	"github.com/spf13/pflag"
)

// nodeCount is a flag for how many containers a cluster has.
type nodeCount int

const mostNodes = 9

func (n *nodeCount) register(f *pflag.FlagSet) {
	*n = 1
	f.Var(n, "nodes", "`number` of containers, as the nodes of one cluster")
}

func (n *nodeCount) String() string { return strconv.Itoa(int(*n)) }

func (n *nodeCount) Set(text string) error {
	count, err := strconv.Atoi(text)
	if err != nil || count < 1 || count > mostNodes {
		return fmt.Errorf("want 1 to %d", mostNodes)
	}
	*n = nodeCount(count)
	return nil
}

func (n *nodeCount) Type() string { return "number" }
