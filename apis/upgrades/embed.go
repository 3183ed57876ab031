// Package upgrades embeds what upgrades are documented to change.
package upgrades

import _ "embed"

// Changes is the list of them; what each part means, package upgrade says.
//
//go:embed changes.yaml
var Changes []byte
