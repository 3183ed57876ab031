// Package nearest finds what somebody who mistyped a name probably meant.
package nearest

// Name returns the name closest to word, or "" where none is close: more than
// a third of its letters would have to change.
func Name(word string, names []string) string {
	best, bestDistance := "", len(word)/3+2
	for _, n := range names {
		if d := distance(word, n); d < bestDistance {
			best, bestDistance = n, d
		}
	}
	return best
}

// Hint returns `, did you mean "x"?`, or nothing where no name is close.
func Hint(word string, names []string) string {
	if n := Name(word, names); n != "" {
		return `, did you mean "` + n + `"?`
	}
	return ""
}

// distance is the Levenshtein distance of a and b in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
