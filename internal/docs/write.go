package docs

import (
	"github.com/esconform/esconform/internal/docs/render"
)

func write(cfg Config, rep *render.Report) error {
	if cfg.Out != nil {
		if err := render.Terminal(cfg.Out, rep, cfg.Verbose); err != nil {
			return err
		}
	}
	return nil
}
