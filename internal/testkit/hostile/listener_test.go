//go:build unix

package hostile

import (
	"net"
	"testing"
)

// neverAccepting returns the address of a listener that nobody accepts from.
// The kernel may take a few connections into its queue; none is ever answered.
func neverAccepting(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return listener.Addr().String()
}
