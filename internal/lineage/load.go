package lineage

import (
	"bytes"
	"context"
	"fmt"
	"net/http"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/wire"
)

// Loaded is a document that is in the target.
type Loaded struct {
	Document
	Lineage   string
	ID        string
	Body      []byte
	Connector string // that it is of, or is
}

// Missing is why a scenario about loaded documents is skipped without any.
const Missing = "needs documents that older versions have left; load them with --lineage all"

// Load stores the documents of lineages past the API, under names of the run.
// Whoever owns the scope cleans it up, also after an error.
func Load(ctx context.Context, scope *resource.Scope, families family.Set, lineages []Lineage) ([]Loaded, error) {
	var loaded []Loaded
	for _, l := range lineages {
		connector, index := "", scope.NewID()
		for _, d := range l.Documents {
			r, known := families.Resource(d.Kind)
			if !known {
				return loaded, fmt.Errorf("load the lineage %s: %s is a %s, which no API knows", l.Version, d.Name, d.Kind)
			}
			one := Loaded{Document: d, Lineage: l.Version, ID: scope.NewID()}
			if d.Kind == "connector" {
				connector = one.ID
			}
			one.Connector = connector
			one.Body = bytes.ReplaceAll(bytes.ReplaceAll(d.MadeAt(""), []byte("{connector}"), []byte(connector)), []byte("{index}"), []byte(index))
			if err := store(ctx, scope, r, one); err != nil {
				return loaded, fmt.Errorf("load %s of the lineage %s: %w", d.Name, l.Version, err)
			}
			loaded = append(loaded, one)
		}
	}
	return loaded, nil
}

func store(ctx context.Context, scope *resource.Scope, r *family.Resource, l Loaded) error {
	res, err := scope.Do(ctx, wire.Request{Method: http.MethodPut, Path: r.StoredIn() + "/_create/" + l.ID + "?refresh=true", Body: l.Body})
	switch {
	case err != nil:
		return err
	case res.Status == http.StatusForbidden:
		return fmt.Errorf("the account may not write the index %s; give one that may, or leave out --lineage", r.StoredIn()[1:])
	case res.Status != http.StatusCreated:
		return fmt.Errorf("got %d %s, want 201", res.Status, res.Text())
	}
	return nil
}
