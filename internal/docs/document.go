package docs

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/docs/openapi"
	"github.com/esconform/esconform/internal/docs/operation"
	"github.com/esconform/esconform/internal/docs/render"
	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/userfile"
)

// IsDocument reports whether a file is an OpenAPI document, by its name.
func IsDocument(file string) bool {
	return slices.Contains([]string{".json", ".yaml", ".yml"}, strings.ToLower(filepath.Ext(file)))
}

// readDocument reads an OpenAPI document of which operations are selected.
func (in *input) readDocument(cfg Config, file string) error {
	b, err := userfile.Read(file, maxSpec)
	if err != nil {
		return fmt.Errorf("read OpenAPI document: %w", err)
	}
	d, err := openapi.Read(file, b)
	if err != nil {
		return err
	}
	if len(operation.Paths(d, cfg.Operations)) == 0 {
		return fmt.Errorf("read OpenAPI document %s: no operation of it is selected; look at --operation, --path and --tag", file)
	}
	in.documents = append(in.documents, d)
	return nil
}

// nameDocuments tells several documents apart, and their claims in a baseline, by
// the names of their files.
func (in *input) nameDocuments() {
	if len(in.documents) < 2 {
		return
	}
	taken := map[string]bool{}
	for _, d := range in.documents {
		name := filepath.Base(d.File())
		base := d.ID + "-" + strings.TrimSuffix(name, filepath.Ext(name))
		d.ID = base
		for n := 2; taken[d.ID]; n++ {
			d.ID = fmt.Sprintf("%s-%d", base, n)
		}
		taken[d.ID] = true
	}
}

// creations are the calls of the documents that create what no catalogue knows.
func creations(in *input) []family.Creation {
	var out []family.Creation
	for _, d := range in.documents {
		out = append(out, operation.Creations(d)...)
	}
	return out
}

// verifyDocument holds an OpenAPI document against the server.
func verifyDocument(ctx context.Context, cfg Config, d *openapi.Document, rep *render.Report) {
	found := operation.Run(ctx, operation.Config{
		Document: d, Select: cfg.Operations, ClusterWide: cfg.ClusterWide, Client: cfg.Client, Registry: cfg.Registry,
		Version: cfg.Version, Limits: cfg.Limits, Parallel: parallel(cfg),
	})
	rep.AddDocument(d, found)
}
