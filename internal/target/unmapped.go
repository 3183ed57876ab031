package target

import (
	"context"
	"net/http"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

// unmapped lists fields that APIs heed and the mapping behind them lacks, or may
// not be asked for. The embedded server heeds fields whatever its mapping shows,
// which is that of 9.5.3 as it was recorded.
func (t *Target) unmapped(ctx context.Context, session *wire.Session, families []*family.Family) (lacking []string) {
	if !t.Info.IsElasticsearch {
		return nil
	}
	for _, b := range family.Set(families).Backings() {
		for _, field := range b.Heeded {
			if !maps(ctx, session, b.Alias, field) {
				lacking = append(lacking, b.Alias+": "+field)
			}
		}
	}
	return lacking
}

// maps reports whether the mapping behind an alias is known to have a field.
func maps(ctx context.Context, session *wire.Session, alias, field string) bool {
	res, err := ask(ctx, session, "/"+alias+"/_mapping/field/"+field)
	if err != nil || res.Status != http.StatusOK {
		return false
	}
	doc, err := res.JSON()
	if err != nil {
		return false
	}
	indices, _ := doc.(map[string]any)
	for index := range indices {
		if _, ok := jsonval.Pointer(doc, "/"+index+"/mappings/"+field); !ok {
			return false
		}
	}
	return len(indices) > 0
}
