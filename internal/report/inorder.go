package report

import (
	"runtime"

	"golang.org/x/sync/errgroup"
)

// InOrder reads one report after the other, as many side by side as there are
// processors, and hands them over in order. No more than those are held.
func InOrder[T any](names []string, read func(name string) (T, error), take func(T) error) error {
	atOnce := runtime.GOMAXPROCS(0)
	for len(names) > 0 {
		n := min(atOnce, len(names))
		got := make([]T, n)
		var group errgroup.Group
		for i, name := range names[:n] {
			group.Go(func() (err error) {
				got[i], err = read(name)
				return err
			})
		}
		if err := group.Wait(); err != nil {
			return err
		}
		for _, one := range got {
			if err := take(one); err != nil {
				return err
			}
		}
		names = names[n:]
	}
	return nil
}
