//go:build !windows

package lock

import (
	"errors"
	"os"
	"syscall"
)

func take(f *os.File) bool {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	return !errors.Is(err, syscall.EWOULDBLOCK)
}
