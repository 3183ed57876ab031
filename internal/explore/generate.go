// Package explore sends generated updates to a target, of the calls that a
// catalogue of APIs describes, and holds the answers against laws that are true
// of any body: what a 200 means for the stored document, what a rejection means,
// and that nothing ends in a server error.
package explore

import (
	"fmt"
	"math/rand"
	"strings"

	"github.com/esconform/esconform/internal/family"
)

// body is a generated request body: members in the order in which they are
// sent, each value as JSON text.
type body []member

type member struct{ key, value string }

// text writes the body as it goes over the wire.
func (b body) text() string {
	parts := make([]string, len(b))
	for i, m := range b {
		parts[i] = fmt.Sprintf("%q:%s", m.key, m.value)
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// without returns the body without its i-th member.
func (b body) without(i int) body {
	return append(append(body{}, b[:i]...), b[i+1:]...)
}

// with returns the body with another value of its i-th member.
func (b body) with(i int, value string) body {
	out := append(body{}, b...)
	out[i].value = value
	return out
}

// get returns the value of a member, or "".
func (b body) get(key string) string {
	for _, m := range b {
		if m.key == key {
			return m.value
		}
	}
	return ""
}

// generate makes a body. Most are valid: laws about a 200 need them.
func generate(fields []family.Field, r *rand.Rand) body {
	var b body
	for _, f := range fields {
		if f.Required && r.Intn(20) > 0 || !f.Required && r.Intn(2) == 0 {
			b = append(b, member{f.Name, values[f.Type](r)})
		}
	}
	if r.Intn(20) == 0 {
		b = append(b, member{"surplus", count(r)})
	}
	r.Shuffle(len(b), func(i, j int) { b[i], b[j] = b[j], b[i] })
	return b
}

// values make one for a field of each type.
var values = map[string]func(*rand.Rand) string{
	"count":   count,
	"instant": func(r *rand.Rand) string { return pick(r, instants, oddValues) },
	"object":  anObject,
}

func count(r *rand.Rand) string {
	if r.Intn(10) > 0 {
		return fmt.Sprint(r.Int31())
	}
	return pick(r, counts, oddValues)
}

var (
	counts = []string{"0", "1", "2147483647", "2147483648", "4294967296", "9223372036854775807", "9223372036854775808", "-1", "-0", `"7"`, "10.7", "1e2", "65536"}

	instants = []string{
		`"2023-01-02T10:00:00Z"`, `"2023-01-02T10:00:00.123Z"`, `"2023-01-02T10:00:00.123456789Z"`, `"2023-01-02T10:00:00+02:00"`,
		`"1970-01-01T00:00:00Z"`, `"2024-02-29T23:59:59Z"`, `"2023-12-31T23:59:59.999-11:30"`, `"2099-01-01T00:00:00.000001Z"`,
	}
	oddValues = []string{"null", "true", `"x"`, `""`, "{}", "[]", "[1]", "-5", "0.5", `"2023-02-30T00:00:00Z"`, `{"a":1}`}
)

// pick takes one of usual, now and then one of odd.
func pick(r *rand.Rand, usual, odd []string) string {
	if r.Intn(8) == 0 {
		return odd[r.Intn(len(odd))]
	}
	return usual[r.Intn(len(usual))]
}

func anObject(r *rand.Rand) string {
	if r.Intn(10) == 0 {
		return oddValues[r.Intn(len(oddValues))]
	}
	return object(r, 0)
}

// Few keys, so that updates of one job meet the keys of earlier ones.
var keys = []string{"a", "b", "c", "nested", "ключ", "with space"}

func object(r *rand.Rand, depth int) string {
	var parts []string
	for _, i := range r.Perm(len(keys))[:r.Intn(4)] {
		parts = append(parts, fmt.Sprintf("%q:%s", keys[i], value(r, depth)))
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func value(r *rand.Rand, depth int) string {
	if depth < 3 && r.Intn(4) == 0 {
		return object(r, depth+1)
	}
	// Integers up to long and short decimals: what every JSON parser keeps.
	plain := []string{"0", "1", "-3", "9007199254740993", "0.25", "true", "false", `"text"`, `"ünïcödé"`, `"line\nbreak"`, `[]`, `[1,"two",{"three":3}]`, `""`}
	return plain[r.Intn(len(plain))]
}
