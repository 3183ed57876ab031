// Package waivers holds the known deviations of Elasticsearch itself from what
// it documents.
package waivers

import _ "embed"

// File is one file of waivers, with the name under which it stands in the
// project.
type File struct {
	Name string
	Data []byte
}

// Known is what every server that was measured does wrong, and the embedded one
// likewise.
var Known = File{"waivers/elasticsearch-known.yaml", known}

// Unmapped is what a server does wrong whose mapping lacks a field.
var Unmapped = File{"waivers/elasticsearch-unmapped.yaml", unmapped}

//go:embed elasticsearch-known.yaml
var known []byte

//go:embed elasticsearch-unmapped.yaml
var unmapped []byte
