package docs

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/esconform/esconform/internal/docs/asciidoc"
	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/openapi"
	"github.com/esconform/esconform/internal/docs/spec"
	"github.com/esconform/esconform/internal/userfile"
)

// What is larger is no reference page, and no specification.
const (
	maxPage  = 8 << 20
	maxSpec  = 32 << 20
	maxPages = 1000 // of all files
)

// input is everything that was read from files.
type input struct {
	pages []*asciidoc.Page
	specs []namedSet
	// documents are read as pages.
	documents []*openapi.Document
}

type namedSet struct {
	source claim.Source
	file   string
	set    *spec.Set
}

// read reads pages and specifications. The error is a *UsageError, or the
// cause why ctx ended.
func read(ctx context.Context, cfg Config) (*input, error) {
	in := &input{}
	done := make(chan error, 1)
	go func() { done <- in.read(cfg) }() // parsing takes its time
	select {
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case err := <-done:
		if err != nil {
			return nil, &UsageError{err}
		}
		return in, nil
	}
}

func (in *input) read(cfg Config) error {
	for _, step := range []func(Config) error{in.readPages, in.readOpenAPI, in.readRestSpec} {
		if err := step(cfg); err != nil {
			return err
		}
	}
	return nil
}

func (in *input) readPages(cfg Config) error {
	if len(cfg.Pages) == 0 {
		return errors.New("no page given: name at least one file")
	}
	var root *asciidoc.Root
	if cfg.Root != "" {
		var err error
		if root, err = asciidoc.OpenRoot(cfg.Root); err != nil {
			return fmt.Errorf("open the folder of the documentation (--docs-root): %w", err)
		}
		defer root.Close() //nolint:errcheck // only read
	}
	for _, file := range cfg.Pages {
		if IsDocument(file) {
			if err := in.readDocument(cfg, file); err != nil {
				return err
			}
			continue
		}
		b, err := userfile.Read(file, maxPage)
		if err != nil {
			return fmt.Errorf("read page: %w", err)
		}
		pages, err := asciidoc.ReadBelow(root, file, b)
		if err != nil {
			return err
		}
		if in.pages = append(in.pages, pages...); len(in.pages) > maxPages {
			return fmt.Errorf("read page %s: more than %d pages; give fewer at once", file, maxPages)
		}
	}
	in.nameDocuments()
	return nil
}

func (in *input) readOpenAPI(cfg Config) error {
	if cfg.OpenAPI == "" {
		return nil
	}
	b, err := userfile.Read(cfg.OpenAPI, maxSpec)
	if err != nil {
		return fmt.Errorf("read OpenAPI document: %w", err)
	}
	set, err := spec.OpenAPI(cfg.OpenAPI, b)
	if err != nil {
		return err
	}
	in.specs = append(in.specs, namedSet{claim.SourceOpenAPI, cfg.OpenAPI, set})
	return nil
}

func (in *input) readRestSpec(cfg Config) error {
	if cfg.RestSpec == "" {
		return nil
	}
	set, err := spec.RestSpec(filepath.Clean(cfg.RestSpec), userfile.Dir(cfg.RestSpec, maxSpec))
	if err != nil {
		return err
	}
	in.specs = append(in.specs, namedSet{claim.SourceRestSpec, cfg.RestSpec, set})
	return nil
}
