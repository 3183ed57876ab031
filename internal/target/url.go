package target

import (
	"context"

	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
)

// URL reaches an existing cluster. It waits for nothing: what does not answer
// now, or is not Elasticsearch, is a *StartError. Any other error is one of
// the configuration.
func URL(ctx context.Context, cfg wire.Config) (*Target, error) {
	client, err := wire.New(cfg)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, client.Limits().Start)
	defer cancel()
	t, err := New(ctx, client, result.Target{Kind: "url", InsecureTLS: cfg.Insecure}, Hooks{})
	if err != nil {
		client.Close()
		return nil, err
	}
	return t, nil
}
