// Package waivers holds the known deviations of Elasticsearch itself from what
// it documents.
package waivers

import _ "embed"

// KnownFile is where they stand in the project.
const KnownFile = "waivers/elasticsearch-known.yaml"

// Known is that file.
//
//go:embed elasticsearch-known.yaml
var Known []byte
