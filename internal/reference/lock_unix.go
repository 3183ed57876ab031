//go:build linux || darwin

package reference

import (
	"errors"
	"os"
	"syscall"
)

// locks reports whether lockFile does anything.
const locks = true

// lockFile keeps other servers off a file until it is closed.
func lockFile(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return errors.New("another server uses it")
	}
	return err
}
