// Package lock tells what a process that is still there holds from what one
// that was killed has left. The system gives a lock up when the process ends,
// however it ends.
package lock

import (
	"fmt"
	"os"
	"path/filepath"
)

// Take locks a file for as long as it is open. It returns false where somebody
// else has locked it. A file system that knows no locks refuses nobody.
func Take(f *os.File) bool { return take(f) }

// Held reports whether somebody has locked the file of that name, or may have:
// where it cannot be opened.
func Held(name string) bool {
	f, err := os.Open(name)
	if err != nil {
		return !os.IsNotExist(err)
	}
	defer f.Close() //nolint:errcheck // nothing was written
	return !take(f)
}

// Run is the sign that a run is going on on this machine.
type Run struct{ file *os.File }

// Begin gives the sign for the run of this id.
func Begin(id string) (*Run, error) {
	f, err := os.OpenFile(OfRun(id), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("mark the run %s as going on: %w", id, err)
	}
	if !take(f) {
		_ = f.Close()
		return nil, fmt.Errorf("mark the run %s as going on: another process has done so", id)
	}
	return &Run{f}, nil
}

// Name is the file that is locked.
func (r *Run) Name() string { return r.file.Name() }

// End takes the sign back.
func (r *Run) End() {
	_ = os.Remove(r.file.Name()) // it says nothing once it is not locked
	_ = r.file.Close()
}

// OfRun is the file by which a run of this machine is known to go on.
func OfRun(id string) string { return filepath.Join(os.TempDir(), "esconform-"+id+".lock") }
