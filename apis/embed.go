// Package apis embeds what is known of each API: one YAML file a family. The
// engine knows no API; whatever it does to one it reads here.
package apis

import "embed"

// FS holds one catalogue a file.
//
//go:embed *.yaml
var FS embed.FS
