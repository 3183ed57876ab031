package fleet

import (
	"cmp"
	"container/heap"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/esconform/esconform/internal/result"
)

// Model is a fleet that the suite is spread over by an Indexed Job: a pod for
// each shard of each cluster.
type Model struct {
	Clusters, Shards int
	Pods             int           // at a time
	Start            time.Duration // until a pod sends its first request: half take less
	Slots            int           // requests that a cluster works on at a time
	Slow             float64       // how much longer one cluster in twenty takes
	Lost             float64       // share of the pods that are lost in mid-run, and begin again
	Read, Write      time.Duration // that a request takes a cluster which has nothing else to do
	Seed             uint64
}

// fixed is how many requests a shard sends whatever its size: it looks at the
// target and tries what it will do.
const fixed = 28

// parallel is how many scenarios a pod has in flight.
const parallel = 8

// Costs are what reads and writes take the server of a run: those two that come
// closest to how long its scenarios waited.
func (b *Base) Costs() (read, write time.Duration) {
	var rr, rw, ww, rt, wt float64
	for _, sc := range b.run.Scenarios {
		r, w, t := float64(sc.Requests-sc.Writes), float64(sc.Writes), sc.ServerMS
		rr, rw, ww, rt, wt = rr+r*r, rw+r*w, ww+w*w, rt+r*t, wt+w*t
	}
	det := rr*ww - rw*rw
	if det == 0 {
		return 0, 0
	}
	ms := func(v float64) time.Duration { return time.Duration(max(0, v/det) * float64(time.Millisecond)) }
	return ms(rt*ww - wt*rw), ms(wt*rr - rt*rw)
}

// event is the end of a request, or the start of a pod.
type event struct {
	at  time.Duration
	pod *pod
	// todo is what is left of the scenario whose request ends; nil starts the pod.
	todo *result.Sent
}

type events []event

func (e events) Len() int           { return len(e) }
func (e events) Less(i, j int) bool { return e[i].at < e[j].at }
func (e events) Swap(i, j int)      { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)        { *e = append(*e, x.(event)) }
func (e *events) Pop() any {
	last := len(*e) - 1
	x := (*e)[last]
	*e = (*e)[:last]
	return x
}

// cluster serves requests in the order in which they come.
type cluster struct {
	slow       float64
	busy       int
	waiting    []event
	begun, end time.Duration
	rates      map[int]result.Sent // by second
	shards     int                 // that are not over
}

type pod struct {
	of        *cluster
	scenarios []result.Sent
	next      int
	running   int
	dies      int // before the scenario of this number; -1 where it does not
}

type simulation struct {
	Model
	rng     *rand.Rand
	now     time.Duration
	queue   events
	pending []*pod // that no node has room for
	lost    int
}

// Simulate spreads the suite of the run over the fleet, and writes what it
// takes.
func (b *Base) Simulate(w io.Writer, m Model) {
	s := &simulation{Model: m, rng: rand.New(rand.NewPCG(m.Seed, 0))}
	clusters := s.deal(b.costs())
	for len(s.pending) > 0 && len(s.queue) < m.Pods {
		s.start()
	}
	for s.queue.Len() > 0 {
		s.step(heap.Pop(&s.queue).(event))
	}
	s.report(w, clusters)
}

// costs is what each scenario sends, with its share of set-up and cleanup.
func (b *Base) costs() []result.Sent {
	var out []result.Sent
	outside, count := b.run.Traffic.Outside, b.run.Traffic.Scenarios
	for _, sc := range b.run.Scenarios {
		if sc.Requests == 0 {
			continue
		}
		n := len(out)
		share := func(all int) int { return all*(n+1)/count - all*n/count }
		out = append(out, sc.Plus(result.Sent{Requests: share(outside.Requests), Writes: share(outside.Writes)}))
	}
	return out
}

// deal makes the pods, in the order of their indices.
func (s *simulation) deal(suite []result.Sent) []*cluster {
	var clusters []*cluster
	for range s.Clusters {
		c := &cluster{slow: 1, rates: map[int]result.Sent{}, shards: s.Shards, begun: -1}
		if s.rng.IntN(20) == 0 {
			c.slow = s.Slow
		}
		clusters = append(clusters, c)
		for shard := range s.Shards {
			p := &pod{of: c, scenarios: []result.Sent{{Requests: fixed, Writes: fixed / 4}}, dies: -1}
			for i := shard; i < len(suite); i += s.Shards {
				p.scenarios = append(p.scenarios, suite[i])
			}
			if s.rng.Float64() < s.Lost {
				p.dies = s.rng.IntN(len(p.scenarios))
			}
			s.pending = append(s.pending, p)
		}
	}
	return clusters
}

// start gives the next pod a place. Its start-up is log-normal: one in twenty
// takes five times as long as half of them.
func (s *simulation) start() {
	if len(s.pending) == 0 {
		return
	}
	p := s.pending[0]
	s.pending = s.pending[1:]
	after := time.Duration(float64(s.Start) * math.Exp(s.rng.NormFloat64()))
	heap.Push(&s.queue, event{at: s.now + after, pod: p})
}

func (s *simulation) step(e event) {
	s.now = e.at
	p := e.pod
	if e.todo == nil {
		if p.of.begun < 0 {
			p.of.begun = s.now
		}
		s.fill(p)
		return
	}
	s.serveNext(p.of)
	if e.todo.Requests > 0 {
		s.send(event{pod: p, todo: e.todo})
		return
	}
	p.running--
	s.fill(p)
}

// fill has a pod begin scenarios as long as it may, and give up its place when
// none is left.
func (s *simulation) fill(p *pod) {
	for p.next < len(p.scenarios) && p.running < parallel && p.next != p.dies {
		todo := p.scenarios[p.next]
		p.next++
		p.running++
		s.send(event{pod: p, todo: &todo})
		if p.next == 1 {
			return // the target is tried first
		}
	}
	if p.running > 0 {
		return
	}
	if p.next == p.dies { // what it had in flight is over; another takes its index
		s.lost++
		p.next, p.dies = 0, -1
		s.pending = append([]*pod{p}, s.pending...)
	} else if p.of.shards--; p.of.shards == 0 {
		p.of.end = s.now
	}
	s.start()
}

// send hands a request to its cluster, which may have to let it wait.
func (s *simulation) send(e event) {
	c := e.pod.of
	if c.busy == s.Slots {
		c.waiting = append(c.waiting, e)
		return
	}
	c.busy++
	cost := s.Read
	one := result.Sent{Requests: 1}
	if e.todo.Writes > 0 {
		cost, one.Writes = s.Write, 1
	}
	*e.todo = e.todo.Minus(one)
	e.at = s.now + time.Duration(float64(cost)*c.slow*s.rng.ExpFloat64())
	second := int(e.at / time.Second)
	c.rates[second] = c.rates[second].Plus(one)
	heap.Push(&s.queue, e)
}

func (s *simulation) serveNext(c *cluster) {
	c.busy--
	if len(c.waiting) > 0 {
		e := c.waiting[0]
		c.waiting = c.waiting[1:]
		s.send(e)
	}
}

func (s *simulation) report(w io.Writer, clusters []*cluster) {
	var took []time.Duration
	var peak, all result.Sent
	var seconds float64
	byTime := map[int]result.Sent{}
	for _, c := range clusters {
		took = append(took, c.end-c.begun)
		seconds += (c.end - c.begun).Seconds()
		for second, sent := range c.rates {
			peak = result.Sent{Requests: max(peak.Requests, sent.Requests), Writes: max(peak.Writes, sent.Writes)}
			all = all.Plus(sent)
			byTime[second] = byTime[second].Plus(sent)
		}
	}
	most := 0
	for _, sent := range byTime {
		most = max(most, sent.Requests)
	}
	slices.Sort(took)
	at := func(share float64) float64 { return took[int(share*float64(len(took)-1))].Seconds() }
	fmt.Fprintf(w, "%4d clusters, %2d shards, %4d pods at a time: %5.0f s in all; a cluster %4.0f s, 95 %% within %4.0f s, the last %4.0f s; %d pods lost\n",
		s.Clusters, s.Shards, s.Pods, s.now.Seconds(), at(0.5), at(0.95), at(1), s.lost)
	fmt.Fprintf(w, "  a cluster gets %d requests, %d of them writes: %.0f and %.0f a second, at most %d and %d; the fleet at most %d requests a second\n",
		all.Requests/s.Clusters, all.Writes/s.Clusters, float64(all.Requests)/seconds, float64(all.Writes)/seconds, peak.Requests, peak.Writes, most)
}

// Costly says what a run costs a cluster, as measured.
func (b *Base) Costly(w io.Writer) {
	read, write := b.Costs()
	bytes, exchanges := 0, 0
	for i := range b.run.Scenarios {
		for _, e := range b.run.Scenarios[i].Exchanges {
			exchanges++
			bytes += size(&e.Request)
			if e.Response != nil {
				bytes += size(e.Response)
			}
		}
	}
	each := bytes / max(1, exchanges)
	fmt.Fprintf(w, "measured on %s %s: %s in %.1f s\n  a read takes %v, a write %v; the bodies of an exchange %d bytes, of the run %.1f MB\n",
		b.run.Target.Kind, b.Version(), b.run.Traffic, b.run.DurationMS/1000, read.Round(10*time.Microsecond), write.Round(10*time.Microsecond), each, float64(each*b.run.Traffic.Requests)/1e6)
}

func size(m *result.Message) int { return cmp.Or(m.CutFrom, len(m.Body)) }
