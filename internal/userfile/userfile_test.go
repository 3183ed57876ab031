//go:build unix

package userfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestOnlyRegularFilesAreRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	write := func(name, content string) {
		t.Helper()
		if err := os.WriteFile(path(name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("full", "12345678")
	write("large", "123456789")
	for _, err := range []error{
		syscall.Mkfifo(path("pipe"), 0o600), os.Mkdir(path("folder"), 0o700),
		os.Symlink("full", path("link")), os.Symlink("/dev/zero", path("zero")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]string{
		"full": "", "link": "", "large": "is larger than 0 MB", "pipe": "is a pipe; give a regular file",
		"folder": "is a folder; give", "zero": "is a device; give", "absent": "no such file",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := Dir(dir, 8)
			within(t, func() {
				content, err := Read(path(name), 8)
				check(t, string(content), err, want)
			})
			if name == "folder" {
				return
			}
			within(t, func() {
				content, err := fs.ReadFile(in, name)
				check(t, string(content), err, want)
			})
		})
	}
	if _, err := Read(path("absent"), 8); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func check(t *testing.T, content string, err error, want string) {
	t.Helper()
	switch {
	case want == "" && (err != nil || content != "12345678"):
		t.Errorf("got %q, %v", content, err)
	case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
		t.Errorf("got %v, want %s", err, want)
	}
}

// within fails where something waits for ever.
func within(t *testing.T, do func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); do() }()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("it never ends")
	}
}

// A folder that nobody can have meant, such as /, is not read to its end.
func TestAFolderIsNotReadForEver(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	in := Dir(dir, 8)
	for range maxFiles {
		f, err := in.Open("a")
		if err != nil {
			t.Fatal(err)
		}
		_ = f.Close()
	}
	if _, err := in.Open("a"); err == nil || !strings.Contains(err.Error(), "more than 10000 files") {
		t.Errorf("got %v", err)
	}
	if _, err := in.Open("../a"); !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("got %v", err)
	}
	names, err := fs.Glob(Dir(dir, 8), "*")
	if err != nil || len(names) != 1 {
		t.Errorf("got %v, %v", names, err)
	}
}
