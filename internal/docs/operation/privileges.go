package operation

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/wire"
)

// needs are the privileges that a description says an operation takes.
type needs struct{ cluster, index []string }

var (
	authorization = regexp.MustCompile(`(?si)required authorization(.*)`)
	privilegeLine = regexp.MustCompile(`(?m)^\* (Cluster|Index) privileges: (.*)$`)
	inBackticks   = regexp.MustCompile("`([^`]+)`")
)

// needsOf reads the privileges out of a description.
func needsOf(description string) needs {
	var n needs
	said := authorization.FindStringSubmatch(description)
	if said == nil {
		return n
	}
	for _, line := range privilegeLine.FindAllStringSubmatch(said[1], -1) {
		into := &n.cluster
		if line[1] == "Index" {
			into = &n.index
		}
		for _, name := range inBackticks.FindAllStringSubmatch(line[2], -1) {
			*into = append(*into, name[1])
		}
	}
	return n
}

func (n needs) String() string {
	var parts []string
	if len(n.cluster) > 0 {
		parts = append(parts, "of the cluster: "+strings.Join(n.cluster, ", "))
	}
	if len(n.index) > 0 {
		parts = append(parts, "on the index: "+strings.Join(n.index, ", "))
	}
	return strings.Join(parts, "; ")
}

// secured reports whether the server knows who asks.
func (b *bench) secured() bool {
	b.askSecured.Do(func() {
		c, err := b.do("whether there are accounts", http.MethodGet, "/_security/_authenticate", nil)
		kind, _ := jsonval.Pointer(docOf(c), "/authentication_type")
		b.hasAccounts = err == nil && c.ok() && kind != nil && kind != "anonymous"
	})
	return b.hasAccounts
}

func docOf(c *call) any {
	if c == nil {
		return nil
	}
	return c.doc
}

// privileges asks whether a key that has just what the description names is let
// in, and one that has nothing is not.
func (b *bench) privileges() error {
	need := needsOf(b.op.Description())
	if len(need.cluster)+len(need.index) == 0 || !b.secured() {
		return nil
	}
	c := b.claim("privileges", claim.KindPrivilege, b.op.At(), need.String())
	just, err := b.as(need, "with a key that has just the privileges that are named")
	if err != nil || just == nil {
		b.cannot(c, claim.NotRun, "no key could be made that has these privileges")
		return err
	}
	none, err := b.as(needs{}, "with a key that has no privileges")
	switch {
	case err != nil:
		return err
	case just.unauthorized() && b.elsewhere(just):
		b.cannot(c, claim.Untestable, "the request is about an index that the key is not for: "+just.answer())
	case just.unauthorized():
		b.say(c, claim.Contradicted, "a key that has just these is refused: "+just.answer(), just)
	case none != nil && none.ok():
		b.say(c, claim.Contradicted, "a key without any privilege is let in, too", none)
	case just.ok() && none != nil && none.unauthorized():
		b.say(c, claim.Confirmed, "a key that has just these is let in, one without any is not")
	default:
		b.cannot(c, claim.Untestable, "a key that has just these gets: "+just.answer())
	}
	return nil
}

var onIndices = regexp.MustCompile(`on indices \[([^\]]*)\]`)

// elsewhere reports whether a refusal is about indices that are not the run's.
func (b *bench) elsewhere(c *call) bool {
	m := onIndices.FindStringSubmatch(c.text)
	return m != nil && !strings.HasPrefix(m[1], resource.Prefix+b.Registry.RunID()+"-")
}

func (c *call) unauthorized() bool {
	return c.status == http.StatusForbidden && strings.Contains(c.text, "unauthorized")
}

// as sends the accepted request with a key that has these privileges; nil where
// no such key can be made.
func (b *bench) as(n needs, purpose string) (*call, error) {
	role := map[string]any{"cluster": toList(n.cluster)}
	if len(n.index) > 0 {
		role["indices"] = []any{map[string]any{"names": []any{resource.Prefix + b.Registry.RunID() + "-*"}, "privileges": toList(n.index)}}
	}
	made, err := b.do("a key", http.MethodPost, "/_security/api_key", map[string]any{
		"name": b.name(), "expiration": "1h", "role_descriptors": map[string]any{"esconform": role},
	})
	if err != nil || !made.ok() {
		return nil, err
	}
	id, _ := jsonval.Pointer(made.doc, "/id")
	key, _ := jsonval.Pointer(made.doc, "/api_key")
	if !b.repeatable {
		b.current = nil
	}
	return b.send(variation{purpose: purpose, body: b.base.body, auth: &wire.Auth{APIKey: fmt.Sprintf("%s:%s", id, key)}})
}

func toList(names []string) []any {
	out := []any{}
	for _, n := range names {
		out = append(out, n)
	}
	return out
}
