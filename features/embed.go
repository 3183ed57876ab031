// Package features embeds the requirements that the suite proves: the
// catalogue and the feature files, one folder per API.
package features

import "embed"

// FS holds requirements.yaml, coverage.yaml, checks.yaml and every feature folder, which may
// have requirements of its own.
//
//go:embed requirements.yaml coverage.yaml checks.yaml */*.feature */requirements.yaml
var FS embed.FS
