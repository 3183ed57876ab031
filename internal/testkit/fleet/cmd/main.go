// Command cmd makes the reports that merge and matrix are measured with: those
// of a fleet of clusters, or those of the shards of one run. With -simulate it
// says instead what running the suite on a fleet takes.
package main

import (
	"cmp"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/esconform/esconform/internal/compare/releases"
	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/testkit/fleet"
)

func main() {
	out := flag.String("out", "fleet", "`folder` for the reports")
	clusters := flag.Int("clusters", 0, "`number` of clusters: one report each, of the known releases in turn")
	shards := flag.Int("shards", 0, "`number` of shards that the first run is divided into")
	seed := flag.Uint64("seed", 1, "chooses what fails on which cluster")
	simulate := flag.Bool("simulate", false, "simulate a fleet rather than write reports of one")
	m := fleet.Model{}
	flag.IntVar(&m.Pods, "pods", 100, "with -simulate, `number` of pods at a time")
	flag.DurationVar(&m.Start, "start", 5*time.Second, "with -simulate, how long half of the pods take at most to start")
	flag.IntVar(&m.Slots, "slots", 8, "with -simulate, `number` of requests that a cluster works on at a time")
	flag.Float64Var(&m.Slow, "slow", 3, "with -simulate, how many times as long one cluster in twenty takes")
	flag.Float64Var(&m.Lost, "lost", 0.01, "with -simulate, share of the pods that are lost")
	flag.DurationVar(&m.Read, "read", 0, "with -simulate, what a read takes; 0 as in the run")
	flag.DurationVar(&m.Write, "write", 0, "with -simulate, what a write takes; 0 as in the run")
	flag.Parse()
	var err error
	if m.Clusters, m.Shards, m.Seed = *clusters, max(1, *shards), *seed; *simulate {
		err = simulated(m, flag.Args())
	} else {
		err = run(*out, *clusters, *shards, *seed, flag.Args())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "fleet:", err)
		os.Exit(1)
	}
}

// simulated says what the suite of a run takes on a fleet.
func simulated(m fleet.Model, dirs []string) error {
	if len(dirs) != 1 || m.Clusters < 1 || m.Pods < 1 || m.Slots < 1 {
		return fmt.Errorf("simulate: give one report folder, and at least one cluster, pod and slot")
	}
	b, err := fleet.Read(dirs[0])
	if err != nil {
		return err
	}
	b.Costly(os.Stdout)
	read, write := b.Costs()
	m.Read, m.Write = cmp.Or(m.Read, read), cmp.Or(m.Write, write)
	b.Simulate(os.Stdout, m)
	return nil
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
