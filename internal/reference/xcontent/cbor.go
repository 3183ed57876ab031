package xcontent

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"strconv"

	"github.com/fxamacker/cbor/v2"

	"github.com/esconform/esconform/internal/reference/eserr"
)

// CBOR writes a value as Jackson does: objects and lists without a length in
// front, numbers as short as they can be.
func CBOR(v any) []byte {
	var b bytes.Buffer
	appendCBOR(cbor.NewEncoder(&b), v)
	return b.Bytes()
}

// appendCBOR writes to a buffer, which takes everything.
func appendCBOR(e *cbor.Encoder, v any) {
	switch v := v.(type) {
	case *Object:
		_ = e.StartIndefiniteMap()
		for _, k := range v.keys {
			_ = e.Encode(k)
			appendCBOR(e, v.vals[k])
		}
		_ = e.EndIndefinite()
	case []any:
		_ = e.StartIndefiniteArray()
		for _, element := range v {
			appendCBOR(e, element)
		}
		_ = e.EndIndefinite()
	case Number:
		_ = e.Encode(v.native())
	default:
		_ = e.Encode(v)
	}
}

// native is the number as the narrowest of int64, *big.Int and float64.
func (n Number) native() any {
	if whole, err := strconv.ParseInt(string(n), 10, 64); err == nil {
		return whole
	}
	if !isFloat(string(n)) {
		if whole, ok := new(big.Int).SetString(string(n), 10); ok {
			return whole
		}
	}
	f, _ := strconv.ParseFloat(string(n), 64) // infinite where it is too great
	return f
}

// FromCBOR rewrites a CBOR document as JSON. What stands behind it is passed
// over.
func FromCBOR(src []byte) ([]byte, *eserr.Error) {
	v, _, err := readCBOR(bytes.TrimPrefix(src, cborMark), 0)
	if err != nil {
		return nil, binaryError(err)
	}
	return JSON(v), nil
}

// cborMark may begin a document, to say that it is one.
var cborMark = []byte("\xd9\xd9\xf7")

// binaryError reports a document in a binary format that cannot be read.
func binaryError(err error) *eserr.Error {
	typ := "json_parse_exception"
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		typ, err = "json_e_o_f_exception", errors.New("Unexpected end-of-input")
	}
	return ParseError(Location{}, "%s", err).CausedBy(&eserr.Error{Type: typ, Reason: err.Error(), Status: 400, Family: eserr.Java})
}

// The major types of CBOR that hold others, and the byte that ends one whose
// length is not told.
const (
	cborArray = 4
	cborMap   = 5
	cborBreak = 0xff
	cborOpen  = 31
)

// readCBOR reads one value, objects in the order of their members, and returns
// what stands behind it.
func readCBOR(src []byte, depth int) (v any, rest []byte, err error) {
	if len(src) == 0 {
		return nil, nil, io.ErrUnexpectedEOF
	}
	if depth > maxDepth {
		return nil, nil, fmt.Errorf("Document nesting depth (%d) exceeds the maximum allowed (%d)", depth, maxDepth)
	}
	switch src[0] >> 5 {
	case cborMap:
		o := NewObject()
		rest, err = eachInCBOR(src, func(item []byte) ([]byte, error) {
			var key string
			rest, err := cbor.UnmarshalFirst(item, &key)
			if err != nil {
				return nil, err
			}
			if o.Has(key) {
				return nil, fmt.Errorf("Duplicate field '%s'", key)
			}
			v, rest, err := readCBOR(rest, depth+1)
			o.Set(key, v)
			return rest, err
		})
		return o, rest, err
	case cborArray:
		list := []any{}
		rest, err = eachInCBOR(src, func(item []byte) ([]byte, error) {
			v, rest, err := readCBOR(item, depth+1)
			list = append(list, v)
			return rest, err
		})
		return list, rest, err
	}
	var plain any
	if rest, err = cbor.UnmarshalFirst(src, &plain); err != nil {
		return nil, nil, err
	}
	v, err = fromNative(plain)
	return v, rest, err
}

// eachInCBOR reads the items of a map or an array one by one.
func eachInCBOR(src []byte, read func(item []byte) (rest []byte, err error)) (rest []byte, err error) {
	info, rest := src[0]&0x1f, src[1:]
	count := uint64(info)
	switch {
	case info == cborOpen:
		count = math.MaxUint64
	case info >= 24:
		// The head of a map reads like that of the number which is its length.
		number := append([]byte{info}, rest...)
		if rest, err = cbor.UnmarshalFirst(number, &count); err != nil {
			return nil, err
		}
	}
	for ; count > 0; count-- {
		if info == cborOpen && len(rest) > 0 && rest[0] == cborBreak {
			return rest[1:], nil
		}
		if rest, err = read(rest); err != nil {
			return nil, err
		}
	}
	return rest, nil
}

// fromNative makes a value of what a decoder made.
func fromNative(v any) (any, error) {
	switch v := v.(type) {
	case nil, bool, string:
		return v, nil
	case uint64:
		return Number(strconv.FormatUint(v, 10)), nil
	case int64:
		return Number(strconv.FormatInt(v, 10)), nil
	case big.Int:
		return Number(v.String()), nil
	case float64:
		return decimal(v, 64), nil
	case []byte:
		return base64.StdEncoding.EncodeToString(v), nil
	case cbor.Tag:
		return fromNative(v.Content)
	}
	return nil, fmt.Errorf("unexpected value of type %T", v)
}

// decimal writes a floating-point number; what is none becomes a text, as in
// Jackson's JSON.
func decimal(f float64, bits int) any {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	return NormalNumber(strconv.FormatFloat(f, 'e', -1, bits))
}
