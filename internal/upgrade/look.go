package upgrade

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
)

// Sight is what one view showed of a subject.
type Sight struct {
	Subject
	View   string
	Status int
	There  bool
	Doc    any // nil where it is not there
	// Exchange shows it.
	Exchange result.Exchange
}

// Snapshot is what all views showed of all subjects, in their order.
type Snapshot []Sight

// atOnce bounds the subjects that are looked at, or made, at the same time.
const atOnce = 4

// Look observes subjects through every view that the catalogues know, and the
// indices that hold what these APIs store. The error is that of a request without
// an answer.
func Look(ctx context.Context, client *wire.Client, set family.Set, subjects []Subject) (Snapshot, error) {
	if err := refresh(ctx, client, set, subjects); err != nil {
		return nil, err
	}
	return lookAtAll(ctx, client, set, slices.Concat(subjects, backings(set, subjects)))
}

func lookAtAll(ctx context.Context, client *wire.Client, set family.Set, subjects []Subject) (Snapshot, error) {
	all := make([][]Sight, len(subjects))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for i, s := range subjects {
		group.Go(func() (err error) {
			all[i], err = look(ctx, client.Session(), set, s)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	var out Snapshot
	for _, sights := range all {
		out = append(out, sights...)
	}
	return out, nil
}

// refresh has searches find what was written past the API. A server that refuses
// is not asked again.
func refresh(ctx context.Context, client *wire.Client, set family.Set, subjects []Subject) error {
	asked := map[string]bool{"": true}
	for _, s := range subjects {
		at := ""
		if r, known := set.Kind(s.Kind); known && r.StoredIn() != "" {
			at = concrete(set, r.StoredIn())
		} else if s.Kind == index {
			at = s.fill("/{id}")
		}
		if asked[at] {
			continue
		}
		asked[at] = true
		if _, err := client.Session().Do(ctx, wire.Request{Method: http.MethodPost, Path: at + "/_refresh"}); err != nil {
			return err
		}
	}
	return nil
}

// groupBacking is the group of the indices that an API keeps its own in.
const groupBacking = "index of an API"

// backings are the indices behind the APIs that subjects are of.
func backings(set family.Set, subjects []Subject) []Subject {
	of := map[string]bool{}
	for _, s := range subjects {
		if r, known := set.Kind(s.Kind); known {
			of[r.StoredIn()] = true
		}
	}
	var out []Subject
	for _, b := range set.Backings() {
		if of["/"+b.Alias] {
			out = append(out, Subject{
				Group: groupBacking + ", " + strings.Trim(b.Alias, "."), Kind: index, ID: b.Index,
				Of: map[string]string{"id": b.Index, "alias": b.Alias},
			})
		}
	}
	return out
}

func isBacking(s *Sight) bool { return strings.HasPrefix(s.Group, groupBacking) }

// look observes one subject.
func look(ctx context.Context, session *wire.Session, set family.Set, s Subject) ([]Sight, error) {
	list := views(set, s)
	if s.Of["alias"] != "" {
		list = append(list, view{viewAlias, get(s.fill("/_alias/{alias}")), whole})
	}
	var out []Sight
	for i := 0; i < len(list); i++ {
		sight, err := see(ctx, session, s, list[i])
		if err != nil {
			return nil, err
		}
		if v, has := ofState(set, s, sight.Doc); has && sight.View == viewStored {
			list = append(list, v)
		}
		if sight.View == viewRead {
			list = append(list, listedBy(set, s, sight.Doc)...)
		}
		out = append(out, sight)
	}
	exchanges := session.Exchanges()
	for i := range out {
		out[i].Exchange = exchanges[i]
	}
	return out, nil
}

// see looks at a subject once.
func see(ctx context.Context, session *wire.Session, s Subject, v view) (Sight, error) {
	v.req.Purpose = "see the " + s.Kind + " " + v.name
	res, err := session.Do(ctx, v.req)
	if err != nil {
		return Sight{}, err
	}
	sight := Sight{Subject: s, View: v.name, Status: res.Status}
	if res.Status != http.StatusOK {
		return sight, nil
	}
	if doc, err := res.JSON(); err == nil {
		sight.Doc, sight.There = v.pick(doc)
	}
	if !sight.There {
		sight.Doc = nil
	}
	return sight, nil
}
