// Package bom leaves out the byte order mark that some editors put at the
// start of a UTF-8 file. It is not part of the text.
package bom

import "bytes"

// Mark is U+FEFF in UTF-8.
const Mark = "\uFEFF"

// Trim returns the text without the mark.
func Trim(text []byte) []byte { return bytes.TrimPrefix(text, []byte(Mark)) }
