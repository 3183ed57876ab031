package xcontent

import (
	"fmt"
	"math"
	"math/big"
	"unicode/utf8"
)

// Smile is Jackson's binary form of JSON
// (https://github.com/FasterXML/smile-format-specification).

// smileHeader begins a document: ":)", a line end, and a version with what the
// document makes use of.
const (
	smileHeader       = ":)\n"
	smileSharedNames  = 0x01
	smileSharedValues = 0x02
	smileRawBinary    = 0x04
)

// Tokens. Ranges of them hold a length or a reference in their lower bits.
const (
	smileEmpty     = 0x20
	smileNull      = 0x21
	smileFalse     = 0x22
	smileTrue      = 0x23
	smileInt32     = 0x24
	smileInt64     = 0x25
	smileBigInt    = 0x26
	smileFloat32   = 0x28
	smileFloat64   = 0x29
	smileBigFloat  = 0x2a
	smileLongName  = 0x34
	smileLongASCII = 0xe0
	smileLongText  = 0xe4
	smileBinary    = 0xe8
	smileArray     = 0xf8
	smileArrayEnd  = 0xf9
	smileObject    = 0xfa
	smileObjectEnd = 0xfb
	smileStringEnd = 0xfc
	smileRawBytes  = 0xfd
)

// maxShared is how many names or values are remembered before the list begins
// anew; longer ones than maxSharedLength bytes are not.
const (
	maxShared       = 1024
	maxSharedLength = 64
)

// Smile writes a value as Jackson does.
func Smile(v any) []byte {
	w := smileWriter{b: append([]byte(smileHeader), smileSharedNames|smileRawBinary), names: map[string]int{}}
	w.value(v)
	return w.b
}

type smileWriter struct {
	b     []byte
	names map[string]int
}

func (w *smileWriter) value(v any) {
	switch v := v.(type) {
	case nil:
		w.b = append(w.b, smileNull)
	case bool:
		token := byte(smileFalse)
		if v {
			token = smileTrue
		}
		w.b = append(w.b, token)
	case string:
		w.text(v)
	case Number:
		w.number(v.native())
	case int:
		w.number(int64(v))
	case int64:
		w.number(v)
	case []any:
		w.b = append(w.b, smileArray)
		for _, element := range v {
			w.value(element)
		}
		w.b = append(w.b, smileArrayEnd)
	case *Object:
		w.b = append(w.b, smileObject)
		for _, k := range v.keys {
			w.name(k)
			w.value(v.vals[k])
		}
		w.b = append(w.b, smileObjectEnd)
	default:
		w.text(fmt.Sprint(v))
	}
}

// name writes the name of a member: by its number where it was written before.
func (w *smileWriter) name(name string) {
	if i, seen := w.names[name]; seen {
		if i < 64 {
			w.b = append(w.b, 0x40|byte(i))
			return
		}
		w.b = append(w.b, 0x30|byte(i>>8), byte(i))
		return
	}
	n := len(name)
	switch ascii := isASCII(name); {
	case n == 0:
		w.b = append(w.b, smileEmpty)
		return
	case ascii && n <= 64:
		w.b = append(append(w.b, 0x80+byte(n-1)), name...)
	case !ascii && n <= 56:
		w.b = append(append(w.b, 0xc0+byte(n-2)), name...)
	default:
		w.b = append(append(append(w.b, smileLongName), name...), smileStringEnd)
		return
	}
	if len(w.names) == maxShared {
		clear(w.names)
	}
	w.names[name] = len(w.names)
}

func (w *smileWriter) text(s string) {
	n := len(s)
	switch ascii := isASCII(s); {
	case n == 0:
		w.b = append(w.b, smileEmpty)
	case ascii && n <= 64:
		w.b = append(append(w.b, 0x40+byte(n-1)), s...) // 0x60 and above from 33 on
	case !ascii && n <= 64:
		w.b = append(append(w.b, 0x80+byte(n-2)), s...)
	case ascii:
		w.b = append(append(append(w.b, smileLongASCII), s...), smileStringEnd)
	default:
		w.b = append(append(append(w.b, smileLongText), s...), smileStringEnd)
	}
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// number writes what Number.native returns.
func (w *smileWriter) number(n any) {
	switch n := n.(type) {
	case int64:
		switch {
		case n >= -16 && n <= 15:
			w.b = append(w.b, 0xc0|byte(zigzag(n)))
		case n == int64(int32(n)):
			w.b = appendVInt(append(w.b, smileInt32), zigzag(n))
		default:
			w.b = appendVInt(append(w.b, smileInt64), zigzag(n))
		}
	case *big.Int:
		w.b = append(w.b, smileBigInt)
		bytes := twosComplement(n)
		w.b = append(appendVInt(w.b, uint64(len(bytes))), sevenBits(bytes)...)
	case float64:
		w.b = append(w.b, smileFloat64)
		bits := math.Float64bits(n)
		for shift := 63; shift >= 0; shift -= 7 {
			w.b = append(w.b, byte(bits>>shift)&0x7f)
		}
	}
}

func zigzag(n int64) uint64 { return uint64(n)<<1 ^ uint64(n>>63) }

func unzigzag(n uint64) int64 { return int64(n>>1) ^ -int64(n&1) }

// appendVInt writes a number in groups of seven bits; the last byte holds six
// and is marked.
func appendVInt(b []byte, n uint64) []byte {
	last := byte(n&0x3f) | 0x80
	var groups []byte
	for n >>= 6; n > 0; n >>= 7 {
		groups = append(groups, byte(n&0x7f))
	}
	for i := len(groups) - 1; i >= 0; i-- {
		b = append(b, groups[i])
	}
	return append(b, last)
}

// twosComplement writes an integer as Java's BigInteger does.
func twosComplement(n *big.Int) []byte {
	size := n.BitLen()/8 + 1
	if n.Sign() < 0 {
		size = new(big.Int).Not(n).BitLen()/8 + 1
		n = new(big.Int).Add(n, new(big.Int).Lsh(big.NewInt(1), uint(8*size)))
	}
	return n.FillBytes(make([]byte, size))
}

// sevenBits spreads bytes over bytes of seven bits; the bits that are left
// over are in the low bits of the last one.
func sevenBits(src []byte) []byte {
	var b []byte
	acc, bits := uint(0), 0
	for _, c := range src {
		acc, bits = acc<<8|uint(c), bits+8
		for bits >= 7 {
			bits -= 7
			b = append(b, byte(acc>>bits)&0x7f)
		}
	}
	if bits > 0 {
		b = append(b, byte(acc)&(1<<bits-1))
	}
	return b
}
