package wire

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"sync"
)

// nodes are the addresses of a target: one, or several of one cluster, to which
// requests go in turn.
type nodes struct {
	mu   sync.RWMutex
	list []node
}

type node struct {
	url  *url.URL // without userinfo, its path without a final slash
	away bool     // nothing is sent to it
}

// nextAddress is where another address begins: a comma alone may stand in a
// password.
var nextAddress = regexp.MustCompile(`,\s*(https?://)`)

// Addresses splits what names a target into its addresses.
func Addresses(text string) []string {
	return strings.Split(nextAddress.ReplaceAllString(text, "\n$1"), "\n")
}

// readURLs reads the addresses of a target and the credentials in them, which
// hold for all.
func readURLs(text string, auth Auth) (*nodes, Auth, error) {
	n := &nodes{}
	found := auth
	for _, raw := range Addresses(text) {
		u, has, err := readURL(raw, auth)
		switch {
		case err != nil:
			return nil, auth, err
		case has != auth && found != auth && has != found:
			return nil, auth, errors.New("the addresses of the target hold different credentials: one account is used on all nodes")
		case has != auth:
			found = has
		}
		for _, other := range n.list {
			switch {
			case *other.url == *u:
				return nil, auth, fmt.Errorf("the address %s is given twice: give each node once", u)
			case other.url.Scheme != u.Scheme:
				return nil, auth, fmt.Errorf("the addresses %s and %s are of one cluster: both begin with http://, or both with https://", other.url, u)
			}
		}
		n.list = append(n.list, node{url: u})
	}
	return n, found, nil
}

// at returns the node whose turn it is, the next one where that is away.
func (n *nodes) at(turn int) *url.URL {
	n.mu.RLock()
	defer n.mu.RUnlock()
	for i := range n.list {
		if next := n.list[(turn+i)%len(n.list)]; !next.away {
			return next.url
		}
	}
	return n.list[turn%len(n.list)].url
}

// number returns the node of this number, away or not.
func (n *nodes) number(i int) *url.URL {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return n.list[i].url
}

func (n *nodes) set(i int, change func(*node)) {
	n.mu.Lock()
	defer n.mu.Unlock()
	change(&n.list[i])
}

// several reports whether there is more than one.
func (n *nodes) several() bool { return len(n.list) > 1 }

// Nodes returns how many addresses the target has.
func (c *Client) Nodes() int { return len(c.nodes.list) }

// Node returns the host and port of a node, of which the first is 0.
func (c *Client) Node(i int) string { return c.nodes.number(i).Host }

// Move has everything from now on sent to other hosts and ports, where the
// nodes of the same target have come up again after a restart.
func (c *Client) Move(hosts ...string) {
	for i, host := range hosts {
		c.Back(i, host)
	}
	c.CloseIdle()
}

// Away has nothing sent to a node until Back, but what is for it alone. The
// others take its turns.
func (c *Client) Away(i int) { c.nodes.set(i, func(n *node) { n.away = true }) }

// Back has requests go to a node again, which may be at another host and port.
func (c *Client) Back(i int, host string) {
	c.nodes.set(i, func(n *node) {
		moved := *n.url
		moved.Host = host
		*n = node{url: &moved}
	})
}
