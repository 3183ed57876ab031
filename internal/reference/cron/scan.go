package cron

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// scan reads one value of a field.
type scan struct {
	*check
	f field
	s []rune
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// value reads the whole value: what follows a complete one does not count.
func (s scan) value() error {
	switch first := s.s[0]; {
	case first >= 'A' && first <= 'Z' && !s.isLast():
		return s.name()
	case first == '?':
		return s.question()
	case first == '*' || first == '/':
		return s.every()
	case first == 'L':
		return s.last()
	case isDigit(first):
		value, i, err := s.digits(0)
		if err != nil {
			return err
		}
		return s.after(value, i)
	default:
		return illegal("Unexpected character [%c] at pos [0] ", first)
	}
}

// isLast tells L, LW and L-3W from names that begin with the same letter.
func (s scan) isLast() bool {
	rest, is := strings.CutPrefix(string(s.s), "L")
	if offset, has := strings.CutPrefix(rest, "-"); has {
		rest = strings.TrimLeft(offset, "0123456789")
	}
	return is && (rest == "" || rest == "W")
}

// name reads the name of a month or of a day of the week, or a range of them.
func (s scan) name() error {
	first, err := s.three(0)
	if err != nil {
		return err
	}
	if _, named := names[s.f]; !named {
		return illegal("illegal characters [%s] at pos [0] '", first)
	}
	if err := s.known(first, 0); err != nil || len(s.s) == 3 {
		return err
	}
	switch {
	case s.s[3] == '-':
		last, err := s.three(4)
		if err != nil {
			return err
		}
		return s.known(last, 4)
	case s.s[3] == '#' && s.f == dayOfWeek:
		return s.nth(4)
	}
	return nil
}

// known refuses a name that no value of the field has.
func (s scan) known(name string, at int) error {
	if n := names[s.f]; !slices.Contains(n.values, name) {
		return illegal("invalid %s value [%s] at pos [%d]", n.label, name, at)
	}
	return nil
}

// three returns three characters.
func (s scan) three(at int) (string, error) {
	end, length := at+3, len(s.s)
	if end <= length {
		return string(s.s[at:end]), nil
	}
	if s.java.Newer {
		return "", outOfBounds("Range [%d, %d) out of bounds for length %d", at, end, length)
	}
	return "", outOfBounds("begin %d, end %d, length %d", at, end, length)
}

// question reads the ? of the days that say nothing.
func (s scan) question() error {
	switch {
	case len(s.s) > 2 && s.s[1] != ' ' && s.s[2] != '\t':
		return illegal("illegal character [%c] after '?' at pos [1]", s.s[1])
	case s.f != dayOfMonth && s.f != dayOfWeek:
		return illegal("'?' can only be specified for Day-of-Month or Day-of-Week. at pos [1]")
	case s.f == dayOfWeek && !s.fromEnd && s.lastDay == none:
		return fmt.Errorf("java.util.NoSuchElementException")
	case s.f == dayOfWeek && !s.fromEnd && s.lastDay == noSpec:
		return illegal("'?' can only be specified for Day-of-Month -OR- Day-of-Week. at pos [1]")
	}
	return s.add(s.f, noSpec, none, 0)
}

// every reads * and */5.
func (s scan) every() error {
	text := string(s.s)
	switch text {
	case "*":
		return s.add(s.f, all, none, 0)
	case "/":
		return illegal("'/' must be followed by an integer. at pos [0]")
	case "*/":
		return illegal("Unexpected end of string. at pos [2]")
	}
	rest, steps := strings.CutPrefix(strings.TrimPrefix(text, "*"), "/")
	if !steps {
		return s.add(s.f, all, none, 1)
	}
	step, err := parseInt(rest)
	if err != nil {
		return err
	}
	if l, limited := fields[s.f]; limited && step > l.maxStep {
		at := len(text) - len(rest) + 1
		if step > 10 {
			at++
		}
		return illegal("increment [%d] > %d at pos [%d]%s", step, l.stepBound(), at, l.stepAfter)
	}
	return s.add(s.f, all, none, step)
}

// stepBound is the bound that an error names, which is one more where values
// begin at 0.
func (l limits) stepBound() int { return l.maxStep + 1 - l.min }

// last reads L, LW and L-3.
func (s scan) last() error {
	if s.f == dayOfWeek {
		return s.add(s.f, 7, 7, 0)
	}
	if s.f != dayOfMonth {
		return nil
	}
	s.fromEnd = true
	offset, has := strings.CutPrefix(string(s.s), "L-")
	switch {
	case !has:
		return nil
	case offset == "":
		return s.beyond(2)
	}
	days, err := parseInt("0" + strings.TrimRight(offset, "W"))
	if err == nil && days > 30 {
		return illegal("offset from last day must be <= 30 at pos [2]")
	}
	return err
}

// after reads what may follow a number.
func (s scan) after(value, i int) error {
	if i >= len(s.s) {
		return s.add(s.f, value, none, none)
	}
	only := map[rune]field{'L': dayOfWeek, 'W': dayOfMonth, '#': dayOfWeek}
	sign := s.s[i]
	if f, ok := only[sign]; ok && f != s.f {
		return illegal("'%c' option is not valid here. at pos [%d]", sign, i)
	}
	switch sign {
	case 'L':
		if l := fields[s.f]; value < l.min || value > l.max {
			return illegal("%s", l.beyond)
		}
		return nil
	case 'W':
		if value > 31 {
			return illegal("the 'W' option does not make sense with values larger than 31 (max number of days in a month) at pos [%d]", i)
		}
		s.note(s.f, value)
		return nil
	case '#':
		return s.nth(i + 1)
	case '-':
		return s.span(value, i+1)
	case '/':
		step, next, err := s.digits(i + 1)
		if err != nil {
			return err
		}
		if next == i+2 && next < len(s.s) {
			return illegal("Unexpected character [%c] after '/' at pos [%d]", s.s[next], next)
		}
		return s.add(s.f, value, none, step)
	}
	return s.add(s.f, value, none, 0)
}

// span reads the rest of 1-5 or 1-5/2.
func (s scan) span(value, at int) error {
	last, i, err := s.digits(at)
	if err != nil {
		return err
	}
	step := 1
	if i < len(s.s) && s.s[i] == '/' {
		if step, _, err = s.digits(i + 1); err != nil {
			return err
		}
	}
	return s.add(s.f, value, last, step)
}

// nth reads which of the days of a month with this name is meant.
func (s scan) nth(at int) error {
	if n, err := parseInt(string(s.s[at:])); err != nil || n < 1 || n > 5 {
		return illegal("a numeric value between 1 and 5 must follow the '#' option at pos [%d]", at)
	}
	return nil
}

// digits reads a number of at least one digit; next is what follows it.
func (s scan) digits(at int) (value, next int, err error) {
	if at >= len(s.s) {
		return 0, at, s.beyond(at)
	}
	for next = at; next < len(s.s) && isDigit(s.s[next]); {
		next++
	}
	value, err = parseInt(string(s.s[at:max(next, at+1)]))
	return value, next, err
}

// beyond reports a place after the end.
func (s scan) beyond(at int) error {
	if s.java.Newer {
		return outOfBounds("Index %d out of bounds for length %d", at, len(s.s))
	}
	return outOfBounds("String index out of range: %d", at)
}

func outOfBounds(format string, args ...any) error {
	return fmt.Errorf("java.lang.StringIndexOutOfBoundsException: "+format, args...)
}

func parseInt(text string) (int, error) {
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return 0, fmt.Errorf("java.lang.NumberFormatException: For input string: %q", text)
	}
	return int(n), nil
}
