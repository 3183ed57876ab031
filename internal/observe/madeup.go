package observe

import "strings"

const (
	digits     = "0123456789"
	lowercase  = "abcdefghijklmnopqrstuvwxyz"
	uppercase  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	identifier = digits + lowercase + uppercase + "-_"
	placeMade  = "<id>"
)

// unlessMadeUp replaces an id that the target made up, of a node, an index, an
// allocation or a document, and that the scenario does not know by its making.
func (n *normaliser) unlessMadeUp(s, pointer string) string {
	if !madeUp(s) {
		return s
	}
	n.found.add(ruleID, pointer)
	return placeMade
}

// madeUp tells such an id by its form: 15 or 16 bytes in base64 of URLs, which
// are no word as they hold capitals, small letters and digits.
func madeUp(s string) bool {
	return (len(s) == 20 || len(s) == 22) && strings.Trim(s, identifier) == "" &&
		strings.ContainsAny(s, digits) && strings.ContainsAny(s, lowercase) && strings.ContainsAny(s, uppercase)
}

// indexOf returns the index that a path begins with. One of the target's own
// is none: scenarios share these.
func indexOf(path string) string {
	path, _, _ = strings.Cut(path, "?")
	index, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if strings.HasPrefix(index, "_") || strings.HasPrefix(index, ".") {
		return ""
	}
	return index
}
