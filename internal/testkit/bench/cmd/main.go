// Command cmd runs the benchmark of "make bench". Its last line is the ratio;
// it exits 1 where a bound is broken.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/esconform/esconform/features"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/testkit/bench"
)

// The bounds: our share of a run, and memory.
const (
	maxRatio  = 1.15
	maxPeakMB = 200
	pairs     = 3
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
	scenarios, took, err := bench.Long(ctx, s, 1)
	if err != nil {
		return err
	}
	fmt.Printf("%d scenarios in one process: %.2f s, %.2f ms each, peak memory %d MB\n",
		scenarios, took.Seconds(), took.Seconds()*1000/float64(scenarios), peakMB())
	if mb := peakMB(); mb >= maxPeakMB {
		return fmt.Errorf("peak memory is %d MB, the bound is %d MB", mb, maxPeakMB)
	}
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
