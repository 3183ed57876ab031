// Package schemas embeds the JSON Schemas (draft-07): of answers, of stored
// documents, and of the files that esconform itself reads and writes.
package schemas

import "embed"

// FS holds one schema a file; the file's name without .json is its name.
//
//go:embed *.json
var FS embed.FS
