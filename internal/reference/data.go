package reference

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/store"
)

// dataHeader is the first line of what Save writes, and of a data file: it
// tells them from any other file. Each further line is one change.
const dataHeader = `{"esconform":"data of the reference server","format":1}`

// dataLine is one change: of what is stored, or of who there is.
type dataLine struct {
	*store.Entry
	Security json.RawMessage `json:"security,omitempty"`
}

// errNoData says that a file is none of ours.
var errNoData = errors.New("it holds no data of esconform serve")

// Save writes everything that is stored, for Load, and whoever was created
// where security is on.
func (s *Server) Save(w io.Writer) error {
	b := bufio.NewWriter(w)
	_, _ = fmt.Fprintln(b, dataHeader) // Flush tells what goes wrong
	enc := json.NewEncoder(b)
	for _, e := range s.store.Entries() {
		if err := enc.Encode(dataLine{Entry: &e}); err != nil {
			return fmt.Errorf("write stored documents: %w", err)
		}
	}
	who := s.unread
	if s.security != nil {
		var err error
		if who, err = s.security.State(); err != nil {
			return err
		}
	}
	if who != nil {
		if err := enc.Encode(dataLine{Security: who}); err != nil {
			return fmt.Errorf("write users, roles and keys: %w", err)
		}
	}
	return b.Flush()
}

// Load replaces everything by what Save wrote, and by the changes that stand
// behind it. A last line that was not finished is no change.
func (s *Server) Load(r io.Reader) error {
	s.store.Reset()
	lines := bufio.NewReader(r)
	for n := 1; ; n++ {
		line, err := lines.ReadBytes('\n')
		switch {
		case n == 1 && string(bytes.TrimSpace(line)) != dataHeader:
			return errNoData
		case errors.Is(err, io.EOF):
			if s.variant.Loaded != nil {
				s.variant.Loaded(s)
			}
			return nil
		case err != nil:
			return err
		case n == 1:
			continue
		}
		if err := s.loadLine(line); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
}

func (s *Server) loadLine(text []byte) error {
	var line dataLine
	if err := json.Unmarshal(text, &line); err != nil {
		return err
	}
	switch {
	case line.Entry != nil:
		return s.store.Apply(*line.Entry)
	case s.security != nil:
		return s.security.SetState(line.Security)
	}
	s.unread = line.Security
	return nil
}

// dataFile is a file to which changes are added before they are answered.
type dataFile struct {
	mu   sync.Mutex
	file *os.File
	size int64
}

// Open reads a data file and keeps it up to date: what is answered is in the
// file. One that is not there is created; one that is anything else is left
// alone.
func (s *Server) Open(name string) error {
	if target, err := filepath.EvalSymlinks(name); err == nil {
		name = target
	}
	old, err := openLocked(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if old != nil {
		defer old.Close() // keeps others off until the new one does
		if err := s.loadFile(old); err != nil {
			return err
		}
		if !locks { // nor can what is open be replaced
			_ = old.Close()
		}
	}
	file, err := s.renew(name)
	if err != nil {
		return err
	}
	end, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return errors.Join(err, file.Close())
	}
	s.data = &dataFile{file: file, size: end}
	s.store.Journal(func(e store.Entry) error { return s.data.add(dataLine{Entry: &e}) })
	return nil
}

// openLocked opens a file that is one, and keeps other servers off it.
func openLocked(name string) (*os.File, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is no regular file")
	}
	file, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	if err := lockFile(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// loadFile loads a file; one without a byte is as good as none.
func (s *Server) loadFile(f *os.File) error {
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return err
	}
	return s.Load(f)
}

// renew puts a file without what is outdated in the place of the old one, which
// stays as it is where that fails.
func (s *Server) renew(name string) (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return nil, err
	}
	fresh, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*")
	if err != nil {
		return nil, err
	}
	if err := errors.Join(s.Save(fresh), fresh.Sync(), fresh.Close()); err != nil {
		return nil, errors.Join(err, os.Remove(fresh.Name()))
	}
	if err := os.Rename(fresh.Name(), name); err != nil {
		return nil, errors.Join(err, os.Remove(fresh.Name()))
	}
	return openLocked(name)
}

// Close ends what Open began: nothing can be changed any more.
func (s *Server) Close() error {
	if s.data == nil {
		return nil
	}
	return s.data.file.Close()
}

// add writes a line. One that does not fit on the disk leaves nothing behind.
func (d *dataFile) add(line dataLine) error {
	text, err := json.Marshal(line)
	if err != nil {
		return err
	}
	text = append(text, '\n')
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, err := d.file.WriteAt(text, d.size); err != nil {
		return errors.Join(err, d.file.Truncate(d.size))
	}
	d.size += int64(len(text))
	return nil
}

// kept writes down who there is after a call has changed it.
func (s *Server) kept(h handler) handler {
	return func(c *Call) (action, *eserr.Error) {
		act, err := h(c)
		if err != nil || s.data == nil {
			return act, err
		}
		return func() (*Response, *eserr.Error) {
			resp, err := act()
			if err != nil {
				return nil, err
			}
			who, problem := s.security.State()
			if problem == nil {
				problem = s.data.add(dataLine{Security: who})
			}
			if problem != nil {
				return nil, eserr.JavaError("i_o_exception", "%s", problem)
			}
			return resp, nil
		}, nil
	}
}
