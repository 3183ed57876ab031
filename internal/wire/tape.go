package wire

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/result"
)

// Tape is what a session has sent, and how that was answered. Another session
// plays it where its scenario begins with the same requests, and what they made
// is still as it was: then they are not sent again, and stand in its record with
// the answers of then.
type Tape struct {
	of      string // who it is of
	began   time.Time
	takes   []Take
	strayed bool // while it was played, something else was asked for
}

// Take is a request on a tape. Response is nil where there was no answer.
type Take struct {
	Request  Request
	Response *Response
	exchange result.Exchange
	reads    bool // and changes nothing
	played   bool
}

// Writes are the requests on the tape that can change something, in the order in
// which they were answered.
func (t *Tape) Writes() []Take {
	return slices.DeleteFunc(slices.Clone(t.takes), func(t Take) bool { return t.reads })
}

// Calls are all requests on the tape, as method and path.
func (t *Tape) Calls() []string {
	var calls []string
	for _, take := range t.takes {
		path, _, _ := strings.Cut(take.Request.Path, "?")
		calls = append(calls, take.Request.Method+" "+path)
	}
	return calls
}

var errOffTape = errors.New("what was made before for such a scenario was made by other requests")

// Record has the session put what it sends on a tape of somebody from now on.
func (s *Session) Record(of string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.recording = &Tape{of: of, began: time.Now()}
}

// Recorded ends that and returns the tape, nil where none was recorded.
func (s *Session) Recorded() *Tape {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.recording
	s.recording = nil
	return t
}

// Play has requests answered from a tape. Reads that are not on it are sent.
func (s *Session) Play(t *Tape) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.playing, s.at = &Tape{takes: slices.Clone(t.takes)}, t.began
}

// Played ends that, and reports whether exactly those requests that are on the
// tape were to change something.
func (s *Session) Played() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.playing
	s.playing = nil
	return t != nil && !t.strayed && !slices.ContainsFunc(t.Writes(), func(t Take) bool { return !t.played })
}

// Length is how many exchanges are recorded.
func (s *Session) Length() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.record.exchanges)
}

// Playing reports whether requests are answered from a tape.
func (s *Session) Playing() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.playing != nil
}

// Now is the time; while a tape is played, that at which the last of what was
// asked for was made.
func (s *Session) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.playing != nil {
		return s.at
	}
	return time.Now()
}

// recall answers a request from the tape, if one is played.
func (s *Session) recall(ctx context.Context, req Request) (answer *Response, taped bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.playing == nil {
		return nil, false, nil
	}
	i := slices.IndexFunc(s.playing.takes, func(t Take) bool { return !t.played && t.Response != nil && t.Request.same(req) })
	if i < 0 && reads(req) {
		return nil, false, nil
	}
	if i < 0 {
		s.playing.strayed = true
		return nil, true, s.client.transportError(ctx, req, errOffTape, "")
	}
	take := &s.playing.takes[i]
	take.played = true
	s.at = take.exchange.Started.Add(time.Duration(take.exchange.DurationMS * float64(time.Millisecond)))
	again := *take.Response
	again.Index = s.record.quote(take.exchange)
	return &again, true, nil
}

// add puts a request on the tape, if there is one.
func (t *Tape) add(req Request, res *Response, e result.Exchange) {
	if t == nil {
		return
	}
	e.Leased = t.of
	t.takes = append(t.takes, Take{Request: req, Response: res, exchange: e, reads: reads(req)})
}

func reads(req Request) bool { return family.EmbeddedPaths().Reads(req.Method, req.Path) }

func (r Request) same(other Request) bool {
	return r.Method == other.Method && r.Path == other.Path && bytes.Equal(r.Body, other.Body) &&
		maps.EqualFunc(r.Header, other.Header, slices.Equal[[]string]) && r.Gzip == other.Gzip && r.NoAuth == other.NoAuth &&
		(r.Auth == other.Auth || r.Auth != nil && other.Auth != nil && *r.Auth == *other.Auth)
}
