// Command cmd makes the reports that merge and matrix are measured with: those
// of a fleet of clusters, or those of the shards of one run.
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/esconform/esconform/internal/compare/releases"
	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/testkit/fleet"
)

func main() {
	out := flag.String("out", "fleet", "`folder` for the reports")
	clusters := flag.Int("clusters", 0, "`number` of clusters: one report each, of the known releases in turn")
	shards := flag.Int("shards", 0, "`number` of shards that the first run is divided into")
	seed := flag.Uint64("seed", 1, "chooses what fails on which cluster")
	flag.Parse()
	if err := run(*out, *clusters, *shards, *seed, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "fleet:", err)
		os.Exit(1)
	}
}

// run multiplies the runs in the folders, which are of ascending versions.
func run(out string, clusters, shards int, seed uint64, dirs []string) error {
	var bases []*fleet.Base
	for _, dir := range dirs {
		b, err := fleet.Read(dir)
		if err != nil {
			return err
		}
		bases = append(bases, b)
	}
	if len(bases) == 0 {
		return fmt.Errorf("give the report folders of runs to multiply")
	}
	if shards > 0 {
		return bases[0].Shards(out, shards)
	}
	rng := rand.New(rand.NewPCG(seed, 0))
	versions := releases.Known()
	for n := range clusters {
		v := versions[n%len(versions)]
		bad := 0
		if rng.IntN(20) == 0 { // one cluster in twenty is not as its version is
			bad = 1 + rng.IntN(3)
		}
		if err := baseOf(bases, v).Cluster(filepath.Join(out, fmt.Sprintf("cluster-%03d", n)), n, v.String(), bad, rng); err != nil {
			return err
		}
	}
	return nil
}

// baseOf is the last run whose version is not after v, or the first.
func baseOf(bases []*fleet.Base, v esversion.Version) *fleet.Base {
	found := bases[0]
	for _, b := range bases {
		if own, err := esversion.Parse(b.Version()); err == nil && v.AtLeast(own) {
			found = b
		}
	}
	return found
}
