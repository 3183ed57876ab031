// Package userfile reads the files that a user names. Only regular files of a
// sensible size are read: a pipe would wait for ever, a device never end.
package userfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
)

// Limits of size, in bytes.
const (
	Small  = 1 << 20  // passwords, certificates, configuration, waivers, features
	Page   = 64 << 20 // pages and specifications
	Report = 2 << 30  // reports of runs
)

// maxFiles is how many files and folders are looked at below one folder.
const maxFiles = 10_000

// Read reads a file of at most limit bytes.
func Read(name string, limit int64) ([]byte, error) {
	f, err := Open(name, limit)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	var content bytes.Buffer
	content.Grow(int(info.Size()) + bytes.MinRead) // read in one piece
	if n, err := content.ReadFrom(io.LimitReader(f, limit+1)); err != nil {
		return nil, err
	} else if n > limit {
		return nil, tooLarge(name, limit)
	}
	return content.Bytes(), nil
}

// Open opens a file of at most limit bytes for reading.
func Open(name string, limit int64) (*os.File, error) {
	// Without O_NONBLOCK, opening a pipe waits for somebody to write into it.
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil {
		err = Regular(f)
	}
	if err == nil && info.Size() > limit {
		err = tooLarge(name, limit)
	}
	if err != nil {
		_ = f.Close() // the first error is the one that counts
		return nil, err
	}
	return f, nil
}

// Regular refuses what is no regular file.
func Regular(f *os.File) error {
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is %s; give a regular file", f.Name(), kind(info.Mode()))
	}
	return err
}

func tooLarge(name string, limit int64) error {
	return fmt.Errorf("%s is larger than %d MB; give another file", name, limit>>20)
}

func kind(m fs.FileMode) string {
	switch {
	case m.IsDir():
		return "a folder"
	case m&fs.ModeNamedPipe != 0:
		return "a pipe"
	case m&fs.ModeDevice != 0:
		return "a device"
	}
	return "no file that can be read"
}

// Dir is os.DirFS for a folder that a user names. Each of its files has at most
// limit bytes.
func Dir(name string, limit int64) fs.FS { return &dir{root: name, limit: limit} }

type dir struct {
	root   string
	limit  int64
	opened atomic.Int64
}

// Open opens a file or folder below the folder.
func (d *dir) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if d.opened.Add(1) > maxFiles {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fmt.Errorf("more than %d files and folders: give the folder that is meant", maxFiles)}
	}
	path := filepath.Join(d.root, filepath.FromSlash(name))
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		return os.Open(path)
	}
	f, err := Open(path, d.limit)
	if err != nil {
		var known *fs.PathError
		if errors.As(err, &known) {
			return nil, err
		}
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return f, nil
}
