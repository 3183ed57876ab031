package report

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"

	"github.com/esconform/esconform/internal/lock"
	"github.com/esconform/esconform/internal/result"
)

// Folder is a report folder that one run has for itself, until it is closed or
// the process ends.
type Folder struct {
	dir     string
	file    *os.File // the journal, which is locked
	reserve *os.File // space that is kept for the verdict
	journal *Journal
}

// reserved is how much space is kept for the report.json of a run that has
// filled the disk.
const reserved = 4 << 20

// Take takes a report folder for the run of a header. It creates the folder,
// refuses one that another run is writing into, and removes the files that an
// earlier run has left there, so that nothing in it speaks of another run than
// this one, whatever becomes of it. names are the files that the run may
// write, beside its journal.
func Take(dir, journal string, header *result.Run, names ...string) (*Folder, error) {
	if err := MakeFolder(dir); err != nil {
		return nil, err
	}
	file, err := open(filepath.Join(dir, journal), os.O_CREATE)
	if err != nil {
		return nil, err
	}
	f := &Folder{dir: dir, file: file}
	if err := f.begin(header, names); err != nil {
		f.Close()
		return nil, fmt.Errorf("write into the report folder --out %s: %w", dir, err)
	}
	return f, nil
}

func (f *Folder) begin(header *result.Run, names []string) error {
	for _, name := range names {
		name = filepath.Join(f.dir, name)
		if info, err := os.Lstat(name); err == nil && info.IsDir() {
			return fmt.Errorf("%s is a folder, and a file of that name is to be written; move it away", name)
		}
	}
	if err := f.refuseOthers(names); err != nil {
		return err
	}
	if err := f.file.Truncate(0); err != nil {
		return err
	}
	f.journal = NewJournal(f.file, *header)
	for _, name := range names {
		if err := os.Remove(filepath.Join(f.dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return f.journal.err
}

// refuseOthers keeps files from being replaced that some other program wrote
// under a name of ours. Where a journal is, the rest is of that run, too.
func (f *Folder) refuseOthers(names []string) error {
	journal := f.file.Name()
	if info, err := f.file.Stat(); err == nil && info.Size() > 0 {
		names = []string{filepath.Base(journal)}
	}
	for _, name := range names {
		if name = filepath.Join(f.dir, name); !isOurs(name) {
			if info, err := f.file.Stat(); err == nil && info.Size() == 0 {
				_ = os.Remove(journal)
			}
			return fmt.Errorf("%s is no file of esconform, and would be replaced; move it away, or give a folder of its own", name)
		}
	}
	return nil
}

// isOurs reports whether a file, if there is one, begins like ours: a journal
// with its header, any other with the name of esconform. One that was cut off
// by a full disk may be empty.
func isOurs(name string) bool {
	file, err := os.Open(name)
	if err != nil {
		return errors.Is(err, fs.ErrNotExist)
	}
	defer func() { _ = file.Close() }()
	head, err := io.ReadAll(io.LimitReader(file, 4<<10))
	return err == nil && (len(head) == 0 || bytes.HasPrefix(head, []byte(`{"type":"run","run":`)) || bytes.Contains(head, []byte("esconform")))
}

// MakeFolder makes a folder for report files.
func MakeFolder(dir string) error {
	if isRoot(dir) {
		return fmt.Errorf("--out %s: it is the root of the file system; give a folder of its own", dir)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("create the report folder --out %s: %w", dir, err)
	}
	return nil
}

func isRoot(dir string) bool {
	whole, err := filepath.Abs(dir)
	if err != nil {
		return false
	}
	given, err1 := os.Stat(whole)
	root, err2 := os.Stat(filepath.VolumeName(whole) + string(filepath.Separator))
	return err1 == nil && err2 == nil && os.SameFile(given, root)
}

// open opens a journal for nobody else. What a link leads to is not ours to
// write over.
func open(name string, create int) (*os.File, error) {
	if info, err := os.Lstat(name); create != 0 && err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("open the journal of a run: %s is no regular file; remove it, or give another folder", name)
	}
	file, err := os.OpenFile(name, os.O_RDWR|create, 0o644)
	if err != nil {
		return nil, fmt.Errorf("open the journal of a run: %w", err)
	}
	if !lock.Take(file) {
		_ = file.Close()
		return nil, &BusyError{filepath.Dir(name)}
	}
	return file, nil
}

// BusyError says that a run is writing into a folder.
type BusyError struct{ Dir string }

func (e *BusyError) Error() string {
	return fmt.Sprintf("a run is writing into the report folder %s; wait for its end, or give another folder", e.Dir)
}

// KeepSpace keeps the journal from taking the space that the verdict will need.
// What takes it up has no name, where the system allows that, so that nothing is
// left of it when the process is killed.
func (f *Folder) KeepSpace() error {
	file, err := os.CreateTemp(f.dir, ".esconform-reserve-*")
	if err != nil {
		return fmt.Errorf("keep space for the report: %w", err)
	}
	_ = os.Remove(file.Name())
	f.reserve = file
	block := make([]byte, 64<<10)
	noise := rand.NewChaCha8([32]byte{}) // what does not get smaller where the file system compresses
	for range reserved / len(block) {
		_, _ = noise.Read(block) // never fails
		if _, err := file.Write(block); err != nil {
			f.giveSpace()
			return fmt.Errorf("keep space for the report: %w", err)
		}
	}
	return nil
}

func (f *Folder) giveSpace() {
	if f.reserve != nil {
		_ = f.reserve.Close()
		_ = os.Remove(f.reserve.Name())
		f.reserve = nil
	}
}

// Journal returns the run's journal.
func (f *Folder) Journal() *Journal { return f.journal }

// Write writes the reports of the run, and the last line of its journal. Each
// of more takes the place of the file of its name. What cannot be written
// makes the run inconclusive.
func (f *Folder) Write(run *result.Run, further []string, more ...File) error {
	f.giveSpace()
	return write(f.dir, run, further, more, func() error { return f.journal.End(run) })
}

// Close gives the folder back. Closing a folder that does not exist, or a
// second time, does nothing.
func (f *Folder) Close() {
	if f == nil {
		return
	}
	f.giveSpace()
	_ = f.file.Close() // what was written is with the system already
}

// Journals lists the journals in a folder.
func Journals(dir string, names ...string) ([]string, error) {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("there is no report folder %s", dir)
	}
	names = slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		_, err := os.Stat(filepath.Join(dir, name))
		return err != nil
	})
	if len(names) == 0 {
		return nil, fmt.Errorf("%s has no journal of a run in it; give a folder that --out of a run named", dir)
	}
	return names, nil
}
