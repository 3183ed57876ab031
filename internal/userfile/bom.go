package userfile

import "bytes"

// BOM is the byte order mark that some editors put at the start of a UTF-8
// file. It is not part of the text.
const BOM = "\uFEFF"

// TrimBOM returns the text without the mark.
func TrimBOM(text []byte) []byte { return bytes.TrimPrefix(text, []byte(BOM)) }
