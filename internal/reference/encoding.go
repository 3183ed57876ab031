package reference

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/klauspost/compress/snappy"
)

// coding is a content coding that Elasticsearch has.
type coding struct {
	decode func(io.Reader) (io.Reader, error)
	encode func(io.Writer) io.WriteCloser
}

// codings are those of a real node, in the order in which it prefers them: it
// codings are those of a real node, codingOrder that in which it prefers them.
// It has neither brotli nor zstd.
var (
	codings = map[string]coding{
		"snappy":  {decodeSnappy, func(w io.Writer) io.WriteCloser { return snappy.NewBufferedWriter(w) }},
		"gzip":    {decodeGzip, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }},
		"deflate": {decodeDeflate, func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }},
	}
	codingOrder = []string{"snappy", "gzip", "deflate"}
)

// readBody reads the body of a request and undoes its Content-Encoding. One
// that nobody knows is left alone. The limit holds for both forms.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if r.ContentLength > maxBody {
		return nil, &http.MaxBytesError{Limit: maxBody}
	}
	body := http.MaxBytesReader(w, r.Body, maxBody)
	name := strings.ToLower(strings.TrimSpace(r.Header.Get("Content-Encoding")))
	known, ok := codings[strings.TrimPrefix(name, "x-")]
	if !ok {
		return readAll(body, r.ContentLength)
	}
	plain, err := known.decode(body)
	if err == nil {
		limited := http.MaxBytesReader(w, io.NopCloser(plain), maxBody)
		var content []byte
		if content, err = io.ReadAll(limited); err == nil || endsEarly(err) {
			return content, nil
		}
	}
	if endsEarly(err) {
		return nil, nil
	}
	return nil, err
}

// readAll reads a body that is said to have n bytes, or nothing if that is
// negative, without growing where it has them.
func readAll(body io.Reader, n int64) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(int(max(n, 0)) + bytes.MinRead)
	_, err := b.ReadFrom(body)
	return b.Bytes(), err
}

// endsEarly reports whether a compressed body is all right as far as it goes: a
// real node takes it to be whole, and passes over what stands behind its end.
func endsEarly(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

func decodeSnappy(r io.Reader) (io.Reader, error) { return snappy.NewReader(r), nil }

func decodeGzip(r io.Reader) (io.Reader, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, err
	}
	return gzipMembers{z}, nil
}

// gzipMembers reads the members of a gzip stream up to what is none.
type gzipMembers struct{ *gzip.Reader }

func (g gzipMembers) Read(p []byte) (int, error) {
	n, err := g.Reader.Read(p)
	if errors.Is(err, gzip.ErrHeader) {
		err = io.EOF
	}
	return n, err
}

// decodeDeflate reads zlib's format and, as many clients mean it, the bare
// one.
func decodeDeflate(r io.Reader) (io.Reader, error) {
	b := bufio.NewReader(r)
	head, err := b.Peek(2)
	if err != nil {
		return nil, err
	}
	if head[0]&0x78 == 0x78 && (int(head[0])<<8|int(head[1]))%31 == 0 {
		return zlib.NewReader(b)
	}
	return flate.NewReader(b), nil
}

func encodeBody(name string, body []byte) []byte {
	var b bytes.Buffer
	w := codings[name].encode(&b)
	_, _ = w.Write(body) // a buffer takes everything
	_ = w.Close()
	return b.Bytes()
}

// answerCoding chooses the coding of the answer to a request, "" for none, by
// the rules of a real node's HTTP server. Over TLS nothing is compressed, lest
// its length tell secrets.
func answerCoding(r *http.Request) string {
	if r.TLS != nil || !r.ProtoAtLeast(1, 1) {
		return ""
	}
	weights, star := codingWeights(strings.Join(r.Header.Values("Accept-Encoding"), ","))
	best, wanted := "", false
	for _, name := range codingOrder {
		q, named := weights[name]
		wanted = wanted || q > 0
		if named && (best == "" || q > weights[best]) {
			best = name
		}
	}
	if wanted {
		return best
	}
	for _, name := range codingOrder {
		if _, named := weights[name]; !named && star > 0 {
			return name
		}
	}
	return ""
}

// codingWeights reads an Accept-Encoding header; star is the weight of "*".
func codingWeights(header string) (weights map[string]float64, star float64) {
	weights = map[string]float64{}
	for part := range strings.SplitSeq(header, ",") {
		q := 1.0
		if _, value, ok := strings.Cut(part, "="); ok {
			q, _ = strconv.ParseFloat(strings.TrimSpace(value), 32) // 0 for what is no number
		}
		if strings.Contains(part, "*") {
			star = q
			continue
		}
		for _, name := range codingOrder {
			if strings.Contains(part, name) {
				weights[name] = max(q, weights[name])
				break
			}
		}
	}
	return weights, star
}
