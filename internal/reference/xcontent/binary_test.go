package xcontent

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"
)

// binaryDocument has something of everything.
const binaryDocument = `{"a":1,"neg":-1,"fifteen":15,"sixteen":16,"-17":-17,"int":70000,"long":123456789012,"min":-9223372036854775808,` +
	`"big":123456789012345678901234567890,"bigneg":-123456789012345678901234567890,"f":1.5,"e":1.0E300,"t":true,"n":null,"s":"",` +
	`"u":"é€😀","l":[[],{},[{"a":"b"}]],"o":{"a":1,"clé":2}}`

// TestBinaryRoundTrip writes documents in the binary formats and reads them
// again.
func TestBinaryRoundTrip(t *testing.T) {
	t.Parallel()
	many := NewObject() // more names than are remembered, of every length
	for i := range 3000 {
		name := fmt.Sprint(i)
		many.Set(name, strings.Repeat("x", i%100)).Set(strings.Repeat("é", i%70)+name, strings.Repeat("é", i%70))
	}
	whole, err := ParseObject([]byte(binaryDocument))
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range []*Object{whole, many, NewObject()} {
		want := string(JSON(o))
		if got, err := FromCBOR(CBOR(o)); err != nil || string(got) != want {
			t.Errorf("CBOR: %v\n%s\nwant\n%s", err, got, want)
		}
		if got, err := FromSmile(Smile(o)); err != nil || string(got) != want {
			t.Errorf("Smile: %v\n%s\nwant\n%s", err, got, want)
		}
	}
}

// TestForeignBinary reads what other writers make of a document.
func TestForeignBinary(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		read      func([]byte) ([]byte, error)
		hex, want string
	}{
		"CBOR with lengths":        {cborBytes, "a2 61 61 82 01 20 61 62 7f 61 78 61 79 ff", `{"a":[1,-1],"b":"xy"}`},
		"CBOR with a mark":         {cborBytes, "d9d9f7 a0", `{}`},
		"CBOR with halves":         {cborBytes, "a1 61 61 83 f9 3c00 fa 3fc00000 fb 4000000000000000", `{"a":[1.0,1.5,2.0]}`},
		"CBOR with bytes":          {cborBytes, "a1 61 61 43 616263", `{"a":"YWJj"}`},
		"CBOR without a number":    {cborBytes, "a1 61 61 f9 7e00", `{"a":"NaN"}`},
		"CBOR, a long head":        {cborBytes, "b9 0001 61 61 98 01 f6", `{"a":[null]}`},
		"Smile with shared values": {smileBytes, "3a290a03 fa 80 61 42 666f6f 80 62 01 fb", `{"a":"foo","b":"foo"}`},
		"Smile, a float":           {smileBytes, "3a290a00 fa 80 61 28 03 7e 00 00 00 fb", `{"a":1.5}`},
		"Smile, a decimal":         {smileBytes, "3a290a00 fa 80 61 2a 82 81 07 01 fb", `{"a":1.5}`},
		"Smile, bytes":             {smileBytes, "3a290a00 fa 80 61 fd 83 616263 fb", `{"a":"YWJj"}`},
	} {
		src, err := hex.DecodeString(strings.ReplaceAll(c.hex, " ", ""))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := c.read(src); err != nil || string(got) != c.want {
			t.Errorf("%s: %s (%v), want %s", name, got, err, c.want)
		}
		for n := range src { // a part of it is none
			if got, err := c.read(src[:n]); err == nil {
				t.Errorf("%s: %d bytes of it are read as %s", name, n, got)
			}
		}
	}
}

func cborBytes(src []byte) ([]byte, error) {
	b, err := FromCBOR(src)
	if err != nil {
		return nil, err
	}
	return b, nil
}

func smileBytes(src []byte) ([]byte, error) {
	b, err := FromSmile(src)
	if err != nil {
		return nil, err
	}
	return b, nil
}

// FuzzBinary sees to it that nothing brings the readers down, and that what
// they make of it is JSON.
func FuzzBinary(f *testing.F) {
	o, err := ParseObject([]byte(binaryDocument))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(CBOR(o))
	f.Add(Smile(o))
	f.Add([]byte("\x9b\xff\xff\xff\xff\xff\xff\xff\xff\x01"))
	f.Add([]byte(":)\n\x03\xfa\x80a\x26\xbf\xfb"))
	f.Fuzz(func(t *testing.T, src []byte) {
		for _, read := range []func([]byte) ([]byte, error){cborBytes, smileBytes} {
			if b, err := read(src); err == nil && !json.Valid(b) {
				t.Errorf("%x becomes %q, which is no JSON", src, b)
			}
		}
	})
}

// TestEncodings reads one text in every encoding of Unicode, with a mark and
// without.
func TestEncodings(t *testing.T) {
	t.Parallel()
	const text = `{"a":"é😀"}`
	units := utf16.Encode([]rune(text))
	encode := func(width int, little bool, mark bool) []byte {
		var b bytes.Buffer
		put := func(v uint32) {
			for i := range width {
				shift := 8 * (width - 1 - i)
				if little {
					shift = 8 * i
				}
				b.WriteByte(byte(v >> shift))
			}
		}
		if mark {
			put(0xfeff)
		}
		if width == 2 {
			for _, u := range units {
				put(uint32(u))
			}
			return b.Bytes()
		}
		for _, r := range text {
			put(uint32(r))
		}
		return b.Bytes()
	}
	sources := [][]byte{[]byte(text), []byte("\ufeff" + text)}
	for _, width := range []int{2, 4} {
		for _, little := range []bool{false, true} {
			for _, mark := range []bool{false, true} {
				sources = append(sources, encode(width, little, mark))
			}
		}
	}
	for _, src := range sources {
		if o, err := ParseObject(src); err != nil || o.String("a") != "é😀" {
			t.Errorf("%x: %v", src, err)
		}
	}
}
