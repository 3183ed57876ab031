package steps

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/wire"
)

var outageSteps = chapter{noun: "target", rows: []row{
	{"When (a node|the master) is killed and comes back while <number> writers write <resources> and <number> readers read them",
		"Ends a node at once, one that is not the elected master or the master itself, and starts it again, while others write and read through the nodes that are up. Each writer writes numbers one after the other into resources of its own, as the catalogue says (`numbered`), and goes on with another one where a write was not acknowledged: whether such a write is there is open. It goes on until writes were acknowledged before, during and after.",
		"When a node is killed and comes back while 3 writers write index templates and 3 readers read them", (*outages).outage},
	{"When nodes are replaced by newer ones while <number> writers write <resources> and <number> readers read them",
		"Writes and reads, as above, while somebody else replaces all nodes, one after the other (`esconform upgrade --rolling`), and has that go on only once writes were acknowledged: before, while each node is away, and after it was replaced.",
		"When nodes are replaced by newer ones while 2 writers write index templates and 2 readers read them", (*outages).roll},
	{"Then every error of that time is an honest one",
		"Demands of each answer to a write or read that it is a success or an error of a server that is not there for the request (429, 408, 5xx), with a type and its own status in the body, or none at all; and that writes were acknowledged while the node was away.",
		"", (*outages).honest},
	{"Then no read of that time showed less than was acknowledged before it",
		"Demands of each read that it showed a number not less than that of the last write that was acknowledged before it was sent, and not more than that of the last one sent before it was answered, whichever node answered. Where no read was answered, it could not be seen.",
		"", (*outages).fresh},
	{"Then the cluster becomes green again",
		"Waits, as long as a target may take to come up (--timeout-start), until the health of the cluster is green with all of its nodes.",
		"", (*outages).green},
	{"Then every node shows what was acknowledged, and all of them the same",
		"Asks each node for everything that was written: by its id, in the list, and as it is stored, where the catalogue says where that is. No acknowledged write is lost, what was not acknowledged may be there or not, and no two nodes differ.",
		"", (*outages).settled},
}}

// outages end nodes while others write and read.
type outages struct {
	*things
	res      *family.Resource
	counters []*counter
	amiss    []exchanges // when errors were to be expected

	spent             atomic.Int64 // writers that have nothing left to write into
	read              atomic.Int64 // reads that showed whether something was there
	mu                sync.Mutex
	dishonest, behind error // the first of each kind
}

// exchanges are those of a session from one on up to another.
type exchanges struct{ from, to int }

// counter is a resource of one writer, into which it writes numbers. A write that
// was not acknowledged is its last: what comes of it is open, and when.
type counter struct {
	*thing
	sent, acknowledged atomic.Int64
}

const (
	// spares is how many writes of each writer may go without acknowledgement.
	spares = 8
	// enough is how many acknowledged writes show that a cluster takes them.
	enough = 5
	// betweenWrites lets a machine of few processors do something else.
	betweenWrites = 50 * time.Millisecond
)

// Foreseen reports whether an exchange is one of a time when errors were to be
// expected, and were judged.
func (w *World) Foreseen(exchange int) bool {
	return w.outages != nil && slices.ContainsFunc(w.outages.amiss, func(e exchanges) bool { return e.from <= exchange && exchange < e.to })
}

// foreseeing does something while errors are to be expected.
func (o *outages) foreseeing(do func() error) error {
	from := o.deps.Session.Sent().Requests
	err := do()
	o.amiss = append(o.amiss, exchanges{from, o.deps.Session.Sent().Requests})
	return err
}

func (o *outages) outage(ctx context.Context, which string, writers int, noun string, readers int) error {
	nodes, ok := o.deps.Target.(Nodes)
	if !ok || nodes.Controlled() < 3 {
		return &SkipError{Reason: "needs a cluster of 3 nodes that the run may stop"}
	}
	if err := o.prepareCounters(ctx, noun, min(writers, maxAtOnce)); err != nil {
		return err
	}
	if err := o.green(ctx); err != nil {
		return err
	}
	victim, err := o.victim(ctx, nodes, which)
	if err != nil {
		return err
	}
	return o.while(ctx, readers, func() error { return o.killAndRevive(ctx, nodes, victim) })
}

// roll goes on writing and reading while nodes are replaced.
func (o *outages) roll(ctx context.Context, writers int, noun string, readers int) error {
	rolls, ok := o.deps.Target.(Rolls)
	if !ok {
		return &SkipError{Reason: "needs a cluster whose nodes are being replaced"}
	}
	if err := o.prepareCounters(ctx, noun, min(writers, maxAtOnce)); err != nil {
		return err
	}
	return o.while(ctx, readers, func() error {
		return rolls.FollowRoll(ctx, func(when string) error { return o.moreWrites(ctx, when) })
	})
}

// while has all write and read while something is done.
func (o *outages) while(ctx context.Context, readers int, do func() error) error {
	return o.foreseeing(func() error {
		during, stop := context.WithCancel(ctx)
		var busy sync.WaitGroup
		defer busy.Wait()
		defer stop()
		for own := range slices.Chunk(o.counters, spares) {
			busy.Go(func() { o.keepWriting(during, own) })
		}
		for r := range min(readers, maxAtOnce) {
			busy.Go(func() { o.keepReading(during, r) })
		}
		return do()
	})
}

// prepareCounters makes everything that will be written before anything is amiss.
func (o *outages) prepareCounters(ctx context.Context, noun string, writers int) error {
	r, err := o.resourceNamed(noun)
	if err != nil {
		return err
	}
	if r.Numbered == nil {
		return fmt.Errorf("no catalogue knows how a number is written into %s; say it there under numbered", withArticle(r.Name))
	}
	o.res = r
	for range writers * spares {
		n := resource.New{}
		if err := o.provide(ctx, r, &n); err != nil {
			return err
		}
		if r.Create[0].ID != "{answer}" {
			n.ID = strings.ToLower(o.deps.Scope.NewID())
		}
		id, err := o.deps.Scope.Create(ctx, r.Kind, n)
		if err != nil {
			return err
		}
		o.counters = append(o.counters, &counter{thing: &thing{res: r, id: cmp.Or(n.ID, id), of: n.Of}})
	}
	return nil
}

func (o *outages) victim(ctx context.Context, nodes Nodes, which string) (int, error) {
	master, err := nodes.Master(ctx)
	if which == "the master" || err != nil {
		return master, err
	}
	return (master + 1 + o.rand.Intn(nodes.Controlled()-1)) % nodes.Controlled(), nil
}

// killAndRevive ends a node between writes that are acknowledged, and starts it
// again once the others have taken some.
func (o *outages) killAndRevive(ctx context.Context, nodes Nodes, victim int) error {
	if err := o.moreWrites(ctx, "before a node was killed"); err != nil {
		return err
	}
	if err := nodes.Kill(ctx, victim); err != nil {
		return err
	}
	if err := o.moreWrites(ctx, "while a node was away"); err != nil {
		return err
	}
	if err := nodes.Revive(ctx, victim); err != nil {
		return err
	}
	return o.moreWrites(ctx, "after all nodes were back")
}

// moreWrites waits until more writes are acknowledged, as long as a target may
// take to come up.
func (o *outages) moreWrites(ctx context.Context, when string) error {
	limit, before := o.deps.Session.Client().Limits().Start, o.acknowledged()
	o.mu.Lock()
	judged := o.dishonest != nil
	o.mu.Unlock()
	if int(o.spent.Load())*spares == len(o.counters) && !judged {
		return fmt.Errorf("write %s: of %d %s each has a write that was not acknowledged, and there are no others to write into; run again when the cluster takes more writes", when, len(o.counters), o.res.Plural)
	}
	for end := time.Now().Add(limit); o.acknowledged() < before+enough; {
		if time.Now().After(end) {
			o.judge(&o.dishonest, CheckOutageWrite.failf(nil, fmt.Sprintf("%d acknowledged writes within %s", enough, limit), fmt.Sprint(o.acknowledged()-before), "the cluster took no writes %s", when))
			return nil
		}
		if err := pause(ctx, readPause); err != nil {
			return err
		}
	}
	return nil
}

func (o *outages) acknowledged() int64 {
	var sum int64
	for _, c := range o.counters {
		sum += c.acknowledged.Load()
	}
	return sum
}

// keepWriting writes numbers until it is stopped, or out of resources. After each
// failure it holds back twice as long: its spares last as long as anybody waits
// for a write.
func (o *outages) keepWriting(ctx context.Context, counters []*counter) {
	limit := o.deps.Session.Client().Limits().Start
	for i, c := range counters {
		for n := int64(1); ; n++ {
			if pause(ctx, betweenWrites) != nil {
				return
			}
			call := o.res.Numbered.Call
			call.Body = strings.ReplaceAll(call.Body, "{n}", strconv.FormatInt(n, 10))
			req, err := o.about(c.thing, call, nil)
			if err != nil {
				o.judge(&o.dishonest, err)
				return
			}
			c.sent.Store(n)
			// A write is not cut off at the end: it has its own limit.
			res, err := o.deps.Session.Do(context.WithoutCancel(ctx), req)
			if err != nil || !o.taken(res) {
				_ = pause(ctx, limit>>(spares-i)) // the end is seen before the next write
				break
			}
			c.acknowledged.Store(n)
		}
	}
	o.spent.Add(1)
}

// taken reports whether a write was acknowledged. One that not all nodes have
// applied, as its answer says, need not show yet.
func (o *outages) taken(res *wire.Response) bool {
	if res.Status/100 != 2 {
		o.judge(&o.dishonest, honestError(res))
		return false
	}
	doc, err := jsonBody(res, "a write")
	if err != nil {
		o.judge(&o.dishonest, err)
		return false
	}
	acknowledged, said := jsonval.Pointer(doc, "/acknowledged")
	return !said || acknowledged == true
}

// keepReading reads what is written, one after the other.
func (o *outages) keepReading(ctx context.Context, reader int) {
	for i := reader; pause(ctx, betweenWrites/2) == nil; i++ {
		c := o.counters[i%len(o.counters)]
		acknowledged := c.acknowledged.Load()
		path := o.res.Read.Request.Path
		res, err := o.deps.Session.Do(context.WithoutCancel(ctx), wire.Request{Method: http.MethodGet, Path: family.Fill(path, o.values(c.thing, path))})
		switch {
		case err != nil:
		case res.Status == http.StatusOK || res.Status == http.StatusNotFound:
			o.read.Add(1)
			_, err := o.number(c, res, o.shown, acknowledged, c.sent.Load(), CheckOutageRead)
			o.judge(&o.behind, err)
		default:
			o.judge(&o.dishonest, honestError(res))
		}
	}
}

// judge keeps the first of the errors of a kind.
func (o *outages) judge(first *error, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if *first == nil {
		*first = err
	}
}
