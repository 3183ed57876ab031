// Package features embeds the requirements that the suite proves: the
// catalogue and the feature files, one folder per API.
package features

import "embed"

// FS holds requirements.yaml, coverage.yaml and every feature folder.
//
//go:embed requirements.yaml coverage.yaml */*.feature
var FS embed.FS
