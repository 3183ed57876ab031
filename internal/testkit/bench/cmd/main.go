// Command cmd runs the benchmark of "make bench", whose last line is the ratio,
// or with the argument writes that of "make bench-writes". It exits 1 where a
// bound is broken.
package main

import (
	"bufio"
	"context"
	"fmt"
	"math"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"github.com/esconform/esconform/features"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/testkit/bench"
)

// The bounds: our share of a run, memory, and what leases have to save of a run
// without them.
const (
	maxRatio  = 1.15
	maxPeakMB = 200
	pairs     = 3

	fewerWrites = 0.40
	lessTime    = 0.35
)

// softMemory is the collector's limit in bytes, as the program itself sets it.
const softMemory = 150 << 20

func main() {
	debug.SetMemoryLimit(softMemory)
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run() error {
	ctx := context.Background()
	s, err := suite.Load(suite.Source{Name: "features", FS: features.FS})
	if err != nil {
		return err
	}
	if slices.Contains(os.Args[1:], "writes") {
		return writes(ctx, s)
	}
	scenarios, took, err := bench.Long(ctx, s, 1)
	if err != nil {
		return err
	}
	fmt.Printf("%d scenarios in one process: %.2f s, %.2f ms each, peak memory %d MB\n",
		scenarios, took.Seconds(), took.Seconds()*1000/float64(scenarios), peakMB())
	if mb := peakMB(); mb >= maxPeakMB {
		return fmt.Errorf("peak memory is %d MB, the bound is %d MB", mb, maxPeakMB)
	}
	// What was sent and answered is kept from here on, which no run does.
	debug.SetMemoryLimit(math.MaxInt64)
	best := 0.0
	for i := range pairs {
		p, err := bench.Measure(ctx, s, suite.DefaultParallel)
		if err != nil {
			return err
		}
		fmt.Printf("%d scenarios, %d requests, %s a write, %d at a time: suite %.2f s, blind %.2f s\n",
			p.Scenarios, p.Requests, bench.WriteDelay, suite.DefaultParallel, p.Suite.Seconds(), p.Blind.Seconds())
		if r := p.Ratio(); i == 0 || r < best {
			best = r
		}
		if checkRatio(best) == nil {
			break // another pair could only be better
		}
	}
	fmt.Printf("ratio %.3f\n", best)
	return checkRatio(best)
}

// writes compares a run with leases to one without.
func writes(ctx context.Context, s *suite.Suite) error {
	fmt.Printf("%s a write, one at a time, %s anything else, %d scenarios at a time\n", bench.WriteDelay, bench.ReadDelay, suite.DefaultParallel)
	without, err := bench.Writes(ctx, s, suite.DefaultParallel, true)
	if err != nil {
		return err
	}
	fmt.Println("without leases:", without)
	with, err := bench.Writes(ctx, s, suite.DefaultParallel, false)
	if err != nil {
		return err
	}
	writes, took := 1-float64(with.Writes)/float64(without.Writes), 1-float64(with.Took)/float64(without.Took)
	fmt.Printf("with leases: %s: %.1f %% fewer writes, %.1f %% less time\n", with, 100*writes, 100*took)
	if writes < fewerWrites || took < lessTime {
		return fmt.Errorf("leases have to save %.0f %% of the writes and %.0f %% of the time", 100*fewerWrites, 100*lessTime)
	}
	return nil
}

// checkRatio holds the ratio against its bound. A machine that others use as
// well may set a wider one: BENCH_MAX_RATIO.
func checkRatio(ratio float64) error {
	bound := maxRatio
	if text := os.Getenv("BENCH_MAX_RATIO"); text != "" {
		var err error
		if bound, err = strconv.ParseFloat(text, 64); err != nil {
			return fmt.Errorf("read BENCH_MAX_RATIO: %w", err)
		}
	}
	if ratio > bound {
		return fmt.Errorf("the ratio is over its bound of %.2f", bound)
	}
	return nil
}

// peakMB returns the largest memory that this process ever had, in MB, or 0
// where the system does not tell.
func peakMB() int {
	f, err := os.Open("/proc/self/status")
	if err != nil {
		return 0
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if rest, ok := strings.CutPrefix(lines.Text(), "VmHWM:"); ok {
			var kb int
			_, _ = fmt.Sscan(rest, &kb)
			return kb / 1024
		}
	}
	return 0
}
