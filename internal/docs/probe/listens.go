package probe

import (
	"context"
	"fmt"
	"net/http"

	"github.com/esconform/esconform/internal/wire"
)

// Listens asks for a path, named after the run, that no server has. One
// that answers it with a success answers anything so, and nothing that it says
// confirms a claim: the error says that.
func Listens(ctx context.Context, session *wire.Session, run string) error {
	path := "/_esconform_" + run + "/_none/_none/_none"
	res, err := session.Do(ctx, wire.Request{Method: http.MethodGet, Path: path, Purpose: "a path that no server has"})
	if err == nil && res.Status >= 200 && res.Status < 300 {
		return fmt.Errorf("the server answers %d to GET %s, which no server has, so none of its answers tells anything; look at what stands at the address", res.Status, path)
	}
	return nil // what else is wrong shows with the first claim
}
