package merge

import (
	"fmt"
	"strings"

	"github.com/esconform/esconform/internal/result"
)

// check refuses shards that are not parts of one run. They are sorted by their
// part.
func check(shards []Shard) error {
	first := shards[0]
	for _, s := range shards {
		if s.Run.CutShort != "" {
			return fmt.Errorf("shard %s in %s was cut short (%s); run it again", s.part, s.Dir, s.Run.CutShort)
		}
		for _, d := range differences(first.Run, s.Run) {
			if d.a != d.b {
				return fmt.Errorf("%s and %s are of different runs: %s %s and %s; run all shards alike", first.Dir, s.Dir, d.what, orNone(d.a), orNone(d.b))
			}
		}
		if s.part.Count != first.part.Count {
			return fmt.Errorf("%s is shard %s and %s is shard %s: they are parts of different wholes", first.Dir, first.part, s.Dir, s.part)
		}
	}
	return complete(shards)
}

// complete refuses shards that are missing or there twice.
func complete(shards []Shard) error {
	dirs := map[int]string{}
	for _, s := range shards {
		if other, twice := dirs[s.part.Index]; twice {
			return fmt.Errorf("%s and %s are both shard %s", other, s.Dir, s.part)
		}
		dirs[s.part.Index] = s.Dir
	}
	var missing []string
	count := shards[0].part.Count
	for i := 1; i <= count; i++ {
		if _, ok := dirs[i]; !ok {
			missing = append(missing, fmt.Sprintf("%d/%d", i, count))
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("of %d shards %s missing; give their folders, too", count, isAre(missing))
	}
	return nil
}

func isAre(list []string) string {
	if len(list) == 1 {
		return list[0] + " is"
	}
	return strings.Join(list, ", ") + " are"
}

type difference struct{ what, a, b string }

// differences lists what has to be the same in all shards. A server of one's
// own has another address in each shard; a cluster has one.
func differences(a, b *result.Run) []difference {
	out := []difference{
		{"the suite is", a.Suite.Digest, b.Suite.Digest},
		{"the version of esconform is", a.Suite.Version, b.Suite.Version},
		{"the target is", target(a.Target), target(b.Target)},
		{"the selection is", selection(a.Selection), selection(b.Selection)},
		{"--repeat is", fmt.Sprint(a.Repeat), fmt.Sprint(b.Repeat)},
	}
	return out
}

func target(t result.Target) string {
	address := ""
	if t.Kind == "url" {
		address = " at " + t.URL
	}
	text := fmt.Sprintf("%s%s, version %s, build %s %s, image %q, security %t, insecure %t", t.Kind, address, t.Version, t.BuildHash, t.BuildFlavor, t.Image, t.Security, t.InsecureTLS)
	if t.Fault != "" {
		text += ", fault " + t.Fault
	}
	return text
}

// selection is what a shard is a part of.
func selection(s result.Selection) string {
	s.Shard = ""
	return s.Flags()
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
