package report

import (
	"sync"

	"github.com/esconform/esconform/internal/schema"
	"github.com/esconform/esconform/schemas"
)

// loadSchemas compiles the embedded schemas once.
var loadSchemas = sync.OnceValues(func() (*schema.Set, error) { return schema.Load(schemas.FS) })
