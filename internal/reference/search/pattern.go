package search

import "strings"

// pattern is a text in which * stands for any letters and ? for one.
type pattern []step

// step is one letter of a pattern, or what stands for letters.
type step struct {
	letter   rune
	any, one bool
	inName   bool // any letters but dots
}

// wildcards reads a pattern in which a backslash makes a letter of what is
// behind it.
func wildcards(text string) pattern {
	var p pattern
	quoted := false
	for _, c := range text {
		switch {
		case !quoted && c == '\\':
			quoted = true
			continue
		case !quoted && c == '*':
			p = append(p, step{any: true})
		case !quoted && c == '?':
			p = append(p, step{one: true})
		default:
			p = append(p, step{letter: c})
		}
		quoted = false
	}
	if quoted {
		p = append(p, step{letter: '\\'})
	}
	return p
}

// paths reads a pattern of paths, in which only * is special: it stands for a
// part of one name, unless it crosses dots or is doubled.
func paths(text string, crosses bool) pattern {
	crosses = crosses || strings.Contains(text, "**")
	var p pattern
	for _, c := range text {
		p = append(p, step{letter: c, any: c == '*', inName: !crosses})
	}
	return p
}

// after returns where in the pattern one can be behind a text: at its end, the
// text fits.
func (p pattern) after(text string) map[int]bool {
	at := p.skip(map[int]bool{0: true})
	for _, c := range text {
		next := map[int]bool{}
		for i := range at {
			switch {
			case i == len(p):
			case p[i].any && (c != '.' || !p[i].inName):
				next[i] = true
			case p[i].any:
			case p[i].one || p[i].letter == c:
				next[i+1] = true
			}
		}
		at = p.skip(next)
	}
	return at
}

// skip adds what is behind each * that stands for nothing.
func (p pattern) skip(at map[int]bool) map[int]bool {
	for i := range len(p) {
		if at[i] && p[i].any {
			at[i+1] = true
		}
	}
	return at
}

func (p pattern) fits(text string) bool { return p.after(text)[len(p)] }

// begins reports whether something that begins with a text can fit.
func (p pattern) begins(text string) bool { return len(p.after(text)) > 0 }
