package lock

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// beyond is where the lock is: far behind the end of any file, for Windows
// keeps others from reading what is locked.
const beyond = 1 << 30

func take(f *os.File) bool {
	err := windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0,
		&windows.Overlapped{OffsetHigh: beyond})
	return !errors.Is(err, windows.ERROR_LOCK_VIOLATION)
}
