package xcontent

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"strconv"

	"github.com/esconform/esconform/internal/reference/eserr"
)

// FromSmile rewrites a Smile document as JSON. What stands behind it is passed
// over.
func FromSmile(src []byte) ([]byte, *eserr.Error) {
	if len(src) < 4 || string(src[:3]) != smileHeader {
		first := byte(0)
		if len(src) > 0 {
			first = src[0]
		}
		return nil, binaryError(fmt.Errorf("Input does not start with Smile format header (first byte = 0x%x)", first))
	}
	r := smileReader{src: src[4:], values: shared{off: src[3]&smileSharedValues == 0}, names: shared{off: src[3]&smileSharedNames == 0}}
	v, err := r.value(0)
	if err != nil {
		return nil, binaryError(err)
	}
	return JSON(v), nil
}

// shared are names or values that may be referred to.
type shared struct {
	off  bool
	list []string
}

func (s *shared) add(text string) string {
	if s.off || len(text) > maxSharedLength {
		return text
	}
	if len(s.list) == maxShared {
		s.list = nil
	}
	s.list = append(s.list, text)
	return text
}

func (s *shared) get(i int) (string, error) {
	if i >= len(s.list) {
		return "", fmt.Errorf("Invalid shared reference %d; only %d in buffer (invalid content)", i, len(s.list))
	}
	return s.list[i], nil
}

type smileReader struct {
	src           []byte
	names, values shared
}

func (r *smileReader) next() (byte, error) {
	b, err := r.take(1)
	if err != nil {
		return 0, err
	}
	return b[0], nil
}

func (r *smileReader) take(n int) ([]byte, error) {
	if n > len(r.src) {
		return nil, io.ErrUnexpectedEOF
	}
	b := r.src[:n]
	r.src = r.src[n:]
	return b, nil
}

// until takes what stands before the end of a long text.
func (r *smileReader) until(end byte) (string, error) {
	for i, c := range r.src {
		if c == end {
			text := string(r.src[:i])
			r.src = r.src[i+1:]
			return text, nil
		}
	}
	return "", io.ErrUnexpectedEOF
}

func (r *smileReader) vInt() (n uint64, err error) {
	for {
		c, err := r.next()
		if err != nil {
			return 0, err
		}
		if c&0x80 != 0 {
			return n<<6 | uint64(c&0x3f), nil
		}
		n = n<<7 | uint64(c)
	}
}

var errSmileToken = errors.New("Invalid type marker byte for expected value token")

func (r *smileReader) value(depth int) (any, error) {
	token, err := r.next()
	if err != nil {
		return nil, err
	}
	return r.valueOf(token, depth)
}

func (r *smileReader) valueOf(token byte, depth int) (any, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("Document nesting depth (%d) exceeds the maximum allowed (%d)", depth, maxDepth)
	}
	switch {
	case token == smileObject:
		return r.object(depth)
	case token == smileArray:
		list := []any{}
		for {
			token, err := r.next()
			if err != nil || token == smileArrayEnd {
				return list, err
			}
			v, err := r.valueOf(token, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
	case token > 0 && token < 0x20:
		return r.values.get(int(token) - 1)
	case token >= 0xec && token <= 0xef:
		low, err := r.next()
		if err != nil {
			return nil, err
		}
		return r.values.get(int(token&3)<<8 | int(low))
	case token == smileEmpty:
		return "", nil
	case token == smileNull:
		return nil, nil
	case token == smileFalse || token == smileTrue:
		return token == smileTrue, nil
	case token >= 0xc0 && token < 0xe0:
		return smileNumber(unzigzag(uint64(token & 0x1f))), nil
	case token >= 0x40 && token < 0xc0:
		n := int(token-0x40) + 1
		if token >= 0x80 {
			n = int(token-0x80) + 2
		}
		text, err := r.take(n)
		return r.values.add(string(text)), err
	case token == smileLongASCII || token == smileLongText:
		return r.until(smileStringEnd)
	}
	return r.number(token)
}

func smileNumber(n int64) Number { return Number(strconv.FormatInt(n, 10)) }

// number reads the numbers that have tokens of their own, and bytes.
func (r *smileReader) number(token byte) (any, error) {
	switch token {
	case smileInt32, smileInt64:
		n, err := r.vInt()
		return smileNumber(unzigzag(n)), err
	case smileFloat32:
		bits, err := r.bits(5)
		return decimal(float64(math.Float32frombits(uint32(bits))), 32), err
	case smileFloat64:
		bits, err := r.bits(10)
		return decimal(math.Float64frombits(bits), 64), err
	case smileBigInt:
		n, err := r.bigInt()
		if err != nil {
			return nil, err
		}
		return Number(n.String()), nil
	case smileBigFloat:
		scale, err := r.vInt()
		if err != nil {
			return nil, err
		}
		n, err := r.bigInt()
		if err != nil {
			return nil, err
		}
		return NormalNumber(fmt.Sprintf("%se%d", n, -unzigzag(scale))), nil
	case smileBinary:
		b, err := r.packed()
		return base64.StdEncoding.EncodeToString(b), err
	case smileRawBytes:
		n, err := r.vInt()
		if err != nil || n > uint64(len(r.src)) {
			return nil, io.ErrUnexpectedEOF
		}
		b, err := r.take(int(n))
		return base64.StdEncoding.EncodeToString(b), err
	}
	return nil, fmt.Errorf("%w: 0x%02x", errSmileToken, token)
}

// bits reads a number that is spread over so many bytes of seven bits.
func (r *smileReader) bits(n int) (bits uint64, err error) {
	b, err := r.take(n)
	for _, c := range b {
		bits = bits<<7 | uint64(c&0x7f)
	}
	return bits, err
}

func (r *smileReader) bigInt() (*big.Int, error) {
	b, err := r.packed()
	if err != nil {
		return nil, err
	}
	n := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return n, nil
}

// packed reads bytes that are spread over bytes of seven bits.
func (r *smileReader) packed() ([]byte, error) {
	n, err := r.vInt()
	if err != nil {
		return nil, err
	}
	if n > uint64(len(r.src)) {
		return nil, io.ErrUnexpectedEOF
	}
	size := int(n)
	src, err := r.take((size*8 + 6) / 7)
	if err != nil {
		return nil, err
	}
	b := make([]byte, 0, size)
	acc, bits := uint64(0), 0
	for i, c := range src {
		width := 7
		if left := size*8 - i*7; left < 7 {
			width = left
		}
		acc, bits = acc<<width|uint64(c)&(1<<width-1), bits+width
		if bits >= 8 {
			bits -= 8
			b = append(b, byte(acc>>bits))
		}
	}
	return b, nil
}

func (r *smileReader) object(depth int) (*Object, error) {
	o := NewObject()
	for {
		token, err := r.next()
		if err != nil || token == smileObjectEnd {
			return o, err
		}
		name, err := r.name(token)
		if err != nil {
			return nil, err
		}
		if o.Has(name) {
			return nil, fmt.Errorf("Duplicate field '%s'", name)
		}
		v, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		o.Set(name, v)
	}
}

func (r *smileReader) name(token byte) (string, error) {
	switch {
	case token == smileEmpty:
		return "", nil
	case token >= 0x30 && token <= 0x33:
		low, err := r.next()
		if err != nil {
			return "", err
		}
		return r.names.get(int(token&3)<<8 | int(low))
	case token == smileLongName:
		return r.until(smileStringEnd)
	case token >= 0x40 && token < 0x80:
		return r.names.get(int(token - 0x40))
	case token >= 0x80 && token < 0xc0:
		text, err := r.take(int(token-0x80) + 1)
		return r.names.add(string(text)), err
	case token >= 0xc0 && token < 0xf8:
		text, err := r.take(int(token-0xc0) + 2)
		return r.names.add(string(text)), err
	}
	return "", fmt.Errorf("%w: 0x%02x", errSmileToken, token)
}
