// Package doors stands before servers as the nodes of a cluster: several doors
// of one embedded server, or one before each node of a real cluster. A door can
// be shut, as if its node had died, and can lag behind.
package doors

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
)

// Door is one of several addresses. It hands requests on to its server.
type Door struct {
	URL string

	house  *house
	behind *url.URL
	proxy  *httputil.ReverseProxy
	mu     sync.Mutex
	server *httptest.Server
	stale  atomic.Bool
}

// house is what the doors have in common.
type house struct {
	doors []*Door
	mu    sync.Mutex
	// before is what reads would have been answered before the last write to
	// the same resource, through whichever door, by their paths.
	before map[string]answer
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

// Open opens a door before each of these servers, which may be the same one
// several times.
func Open(servers ...string) ([]*Door, error) {
	h := &house{before: map[string]answer{}}
	for _, server := range servers {
		behind, err := url.Parse(server)
		if err != nil {
			return nil, err
		}
		d := &Door{house: h, behind: behind, proxy: httputil.NewSingleHostReverseProxy(behind)}
		d.proxy.Transport = anyCertificate
		d.proxy.ErrorHandler = func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) }
		h.doors = append(h.doors, d)
	}
	for _, d := range h.doors { // each of which may be asked at once, and knows all
		if err := d.open("127.0.0.1:0"); err != nil {
			return nil, err
		}
		d.URL = d.server.URL
	}
	return h.doors, nil
}

// Shut shuts all of them.
func Shut(doors []*Door) {
	for _, d := range doors {
		d.Shut()
	}
}

// anyCertificate reaches nodes by addresses that their certificates do not name.
var anyCertificate = &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, MaxIdleConnsPerHost: 64} //nolint:gosec // nodes of tests

// URLs are the addresses of doors as --url takes them.
func URLs(doors []*Door) string {
	all := make([]string, len(doors))
	for i, d := range doors {
		all[i] = d.URL
	}
	return strings.Join(all, ",")
}

func (d *Door) open(address string) error {
	var listening net.ListenConfig
	listener, err := listening.Listen(context.Background(), "tcp", address)
	if err != nil {
		return err
	}
	server := httptest.NewUnstartedServer(d)
	_ = server.Listener.Close() // its own, which nobody asked for
	server.Listener = listener
	server.Start()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.server = server
	return nil
}

// Host is the host and port of the door.
func (d *Door) Host() string { return strings.TrimPrefix(d.URL, "http://") }

// Shut ends every connection and takes no more. A second time it does nothing.
func (d *Door) Shut() {
	d.mu.Lock()
	server := d.server
	d.server = nil
	d.mu.Unlock()
	if server != nil {
		_ = server.Listener.Close()
		server.CloseClientConnections()
		server.Close()
	}
}

// Reopen opens the door again where it was.
func (d *Door) Reopen() error { return d.open(d.Host()) }

// Lag has the door answer reads as they were before the last write.
func (d *Door) Lag() { d.stale.Store(true) }

// ServeHTTP hands a request on, unless the door lags behind.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	reads := r.Method == http.MethodGet || r.Method == http.MethodHead
	if !reads {
		d.house.remember(r)
	}
	if old, known := d.house.was(r.URL.Path); reads && known && d.stale.Load() {
		for name, values := range old.header {
			w.Header()[name] = values
		}
		w.WriteHeader(old.status)
		_, _ = w.Write(old.body) // whoever went away needs no answer
		return
	}
	d.proxy.ServeHTTP(w, r)
}

func (h *house) was(path string) (answer, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	a, known := h.before[path]
	return a, known
}

// remember takes down what reads are answered before a write: of its path, and
// of the resources that this is about.
func (h *house) remember(r *http.Request) {
	for _, d := range h.doors {
		if !d.stale.Load() {
			continue
		}
		for path := r.URL.Path; strings.Count(path, "/") > 1; path = path[:strings.LastIndex(path, "/")] {
			if was, ok := d.ask(r, path); ok {
				h.mu.Lock()
				h.before[path] = was
				h.mu.Unlock()
			}
		}
		return
	}
}

// ask reads a path as who sends a request would.
func (d *Door) ask(r *http.Request, path string) (answer, bool) {
	req, err := http.NewRequestWithContext(r.Context(), http.MethodGet, d.behind.String()+path, nil)
	if err != nil {
		return answer{}, false
	}
	req.Header["Authorization"] = r.Header["Authorization"]
	res, err := anyCertificate.RoundTrip(req)
	if err != nil {
		return answer{}, false
	}
	defer res.Body.Close() //nolint:errcheck // only read
	var body bytes.Buffer
	_, err = io.Copy(&body, res.Body)
	return answer{res.StatusCode, res.Header, body.Bytes()}, err == nil
}
