package observe

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/setorder"
)

// normaliser replaces, in one scenario, what is another one the next time.
// Names and ids are numbered in the order in which the scenario meets them, so
// that one taken for another still shows.
type normaliser struct {
	found     masks
	names     *regexp.Regexp // of the run; nil where it has no id
	ids       map[string]string
	count     map[string]int
	replacer  *strings.Replacer
	instants  instants
	generated map[string]string // number → which field sent it
	racing    map[string]bool   // fields that several writers set at once
	raced     bool              // different calls were sent at once: what is there since then is chance
	own       map[string]bool   // what the scenario created
}

// namesOf finds the names that a run made up. They carry its id; a run that was
// put together from shards has several, separated by commas.
func namesOf(runID string) *regexp.Regexp {
	if runID == "" {
		return nil
	}
	ids := strings.Split(runID, ",")
	for i, id := range ids {
		ids[i] = regexp.QuoteMeta(id)
	}
	return regexp.MustCompile(`(?i)` + namePrefix + `(?:` + strings.Join(ids, "|") + `)[-_a-z0-9]*`)
}

const namePrefix = "esconform-"

func newNormaliser(names *regexp.Regexp, started time.Time, exchanges []*exchange, found masks) *normaliser {
	n := &normaliser{
		found: found, ids: map[string]string{}, count: map[string]int{}, generated: map[string]string{}, racing: map[string]bool{}, own: map[string]bool{},
		instants: instants{at: started, sent: map[int64]bool{}},
	}
	n.names = names
	for _, e := range exchanges {
		n.learn(e)
	}
	n.replacer = n.newReplacer()
	return n
}

// learn takes over what an exchange shows of names, ids, times and numbers.
func (n *normaliser) learn(e *exchange) {
	n.meet(e.Request.Path)
	n.meet(e.Request.Body)
	for _, header := range slices.Sorted(maps.Keys(e.Request.Headers)) {
		n.meet(strings.Join(e.Request.Headers[header], " "))
	}
	if e.requestOK {
		n.noteSent(e.request, "", generatingSteps.MatchString(e.Purpose))
	}
	if e.Response == nil {
		return
	}
	if e.Response.Status/100 == 2 && e.Request.Method != http.MethodGet {
		if index := indexOf(e.Request.Path); index != "" {
			n.own[index] = true
		}
	}
	if e.answerOK && e.Response.Status/100 == 2 {
		n.learnCreated(e)
	}
	n.meet(e.Response.Body)
}

// meet numbers the names of the run in a text.
func (n *normaliser) meet(text string) {
	if n.names == nil || !strings.Contains(text, namePrefix) && !strings.Contains(strings.ToLower(text), namePrefix) {
		return
	}
	for _, name := range n.names.FindAllString(text, -1) {
		n.number(strings.ToLower(name), "name")
		if name != strings.ToLower(name) {
			n.ids[name] = n.ids[strings.ToLower(name)]
		}
	}
}

func (n *normaliser) number(id, what string) {
	if _, known := n.ids[id]; known {
		return
	}
	n.count[what]++
	n.ids[id] = fmt.Sprintf("<%s %d>", what, n.count[what])
}

// minID is how long an id has to be to be replaced wherever it stands; a
// shorter one may be part of a word.
const minID = 8

// learnCreated takes over the id of something that the target made.
func (n *normaliser) learnCreated(e *exchange) {
	object, _ := e.answer.(map[string]any)
	id, _ := object["id"].(string)
	if id == "" {
		id, _ = object["_id"].(string)
	}
	if id == "" || e.Request.Method == http.MethodGet {
		return
	}
	n.own[id] = true
	if len(id) < minID || n.names != nil && n.names.MatchString(id) || strings.Contains(e.Request.Path, id) {
		return
	}
	path, _, _ := strings.Cut(e.Request.Path, "?")
	n.number(id, family.EmbeddedPaths().Observed(e.Request.Method, path))
}

func (n *normaliser) newReplacer() *strings.Replacer {
	ids := make([]string, 0, len(n.ids))
	for id := range n.ids {
		ids = append(ids, id)
	}
	// The longer first: one may begin with the other.
	slices.SortFunc(ids, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	var pairs []string
	for _, id := range ids {
		pairs = append(pairs, id, n.ids[id])
	}
	return strings.NewReplacer(pairs...)
}

// noteSent remembers times, and numbers that a step made up, with the field
// that sent them.
func (n *normaliser) noteSent(v any, field string, generated bool) {
	switch v := v.(type) {
	case map[string]any:
		for key, member := range v {
			n.noteSent(member, key, generated)
		}
	case []any:
		for _, member := range v {
			n.noteSent(member, field, generated)
		}
	case string:
		n.instants.note(v)
	case json.Number:
		if i, err := strconv.ParseInt(v.String(), 10, 64); err == nil && generated && i >= minGenerated {
			n.generated[v.String()] = field
		}
	}
}

// racingFields notes which fields the requests of a step set at once, and
// from then on only their kind counts.
func (n *normaliser) racingFields(step []*exchange) {
	for _, e := range step {
		if object, ok := e.request.(map[string]any); ok && e.Request.Method == http.MethodPut {
			for key := range object {
				n.racing[key] = true
			}
		}
	}
	n.racing["_version"] = true
}

func (n *normaliser) text(s, pointer string, request bool) string {
	out := s
	if replaced := n.replacer.Replace(out); replaced != out {
		n.found.add(ruleID, pointer)
		out = replaced
	}
	for _, r := range textRules {
		if !strings.Contains(out, r.hint) {
			continue
		}
		if replaced := r.pattern.ReplaceAllString(out, r.with); replaced != out {
			n.found.add(r.rule, pointer)
			out = replaced
		}
	}
	if sorted := setorder.Sorted(out); sorted != out {
		n.found.add(ruleSet, pointer)
		out = sorted
	}
	if !strings.Contains(out, "T") {
		return out
	}
	return instantText.ReplaceAllStringFunc(out, func(at string) string { return n.instant(at, pointer, request) })
}

func (n *normaliser) instant(s, pointer string, request bool) string {
	replace := n.instants.inAnswer
	if request {
		replace = n.instants.inRequest
	}
	out, ok := replace(s)
	if ok {
		n.found.add(ruleInstant, pointer)
	}
	return out
}

func (n *normaliser) failure(s string) string {
	out := n.text(s, "/answer/error", false)
	for _, r := range errorRules {
		if replaced := r.pattern.ReplaceAllString(out, r.with); replaced != out {
			n.found.add(ruleAddress, "/answer/error")
			out = replaced
		}
	}
	return out
}

// path replaces names and ids in a path, also where they are percent-encoded.
func (n *normaliser) path(s string) string {
	out := n.text(s, "/request/path", true)
	if strings.Contains(out, "%") {
		if plain := unescaped(out); n.replacer.Replace(plain) != plain {
			n.found.add(ruleID, "/request/path")
			return n.replacer.Replace(plain) + " (percent-encoded)"
		}
	}
	return n.longText(out, "/request/path")
}

func (n *normaliser) longText(s, pointer string) string {
	if len(s) <= longBody {
		return s
	}
	n.found.add(ruleLong, pointer)
	sum := sha256.Sum256([]byte(s))
	return fmt.Sprintf("<%d bytes, sha256 %s>", len(s), hex.EncodeToString(sum[:6]))
}

var long = regexp.MustCompile(`^<\d+ bytes, sha256 [0-9a-f]{12}>$`)

// Long reports whether an answer's body was too long to be kept, JSON or not.
func (a *Answer) Long() bool { return a.Body == nil && long.MatchString(a.Text) }

// body encodes a JSON body, or describes it where it is long.
func (n *normaliser) body(doc any, pointer string) (json.RawMessage, string) {
	raw := jsonval.Encode(doc)
	if len(raw) > longBody {
		return nil, n.longText(string(raw), pointer)
	}
	return raw, ""
}

func (n *normaliser) headers(in map[string][]string, request bool) map[string]string {
	out := map[string]string{}
	for name, values := range in {
		value := strings.Join(values, ", ")
		if isTransportHeader(name) || request && (value == plainContentType && (name == "Content-Type" || name == "Accept") || value == "*/*") {
			continue
		}
		pointer := "/answer/headers/" + name
		if request {
			pointer = "/request/headers/" + name
		}
		out[name] = n.text(value, pointer, request)
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

func (n *normaliser) requestBody(doc any) any { return n.walk(doc, "/request/body", true) }

func (n *normaliser) answerBody(e *exchange) any {
	return n.walk(n.withoutForeign(e), "/answer/body", false)
}

// walk replaces everything in a document that the rules name.
func (n *normaliser) walk(v any, pointer string, request bool) any {
	switch v := v.(type) {
	case map[string]any:
		return n.object(v, pointer, request)
	case []any:
		out := make([]any, len(v))
		for i, member := range v {
			out[i] = n.walk(member, pointer+"/*", request)
		}
		return out
	case string:
		if out := n.instant(v, pointer, request); out != v {
			return out
		}
		return n.unlessMadeUp(n.text(v, pointer, request), pointer)
	case json.Number:
		if sender, ok := n.generated[v.String()]; ok {
			n.found.add(ruleGenerated, pointer)
			if request {
				return "<number>"
			}
			return "<" + sender + ", as sent>"
		}
		if out := n.instant(v.String(), pointer, request); out != v.String() {
			return out
		}
	}
	return v
}

func (n *normaliser) object(v map[string]any, pointer string, request bool) any {
	out := make(map[string]any, len(v))
	for key, member := range v {
		at := pointer + "/" + jsonval.Escape(key)
		switch rule := n.fieldRule(key, request); {
		case rule == ruleRace:
			n.found.add(rule, at)
			out[key] = kind(member)
		case rule != "":
			n.found.add(rule, at)
			out[key] = "<" + rule + ">"
		default:
			name := n.unlessMadeUp(n.replacer.Replace(key), pointer+"/*")
			if name != key {
				at = pointer + "/*"
			}
			out[name] = n.walk(member, at, request)
		}
	}
	// A job that was never touched was last seen when it was created; whether
	// that is so must survive the replacement.
	if out["last_seen"] == placeInstant && out["created_at"] == placeInstant && sameInstant(v["last_seen"], v["created_at"]) {
		out["last_seen"] = "<instant, as created_at>"
	}
	return out
}

func sameInstant(a, b any) bool {
	x, _ := a.(string)
	y, _ := b.(string)
	s, ok1 := parseInstant(x)
	t, ok2 := parseInstant(y)
	return ok1 && ok2 && s.Equal(t)
}

func (n *normaliser) fieldRule(key string, request bool) string {
	switch {
	case request:
		return ""
	case n.racing[key]:
		return ruleRace
	case slices.Contains(sequenceFields, key):
		return ruleSequence
	case slices.Contains(nodeFields, key):
		return ruleNode
	case slices.Contains(secretFields, key):
		return ruleSecret
	}
	return ""
}

// withoutForeign returns the answer without what other scenarios put into a
// list of something that the scenario did not create itself.
func (n *normaliser) withoutForeign(e *exchange) any {
	if e.Request.Method != http.MethodGet || n.lists(e) {
		return e.answer
	}
	doc := e.answer
	foreign := false
	for _, pointer := range listPointers {
		found, _ := jsonval.Pointer(doc, pointer)
		list, ok := found.([]any)
		if !ok {
			continue
		}
		foreign = true
		if isPage(e) {
			n.found.add(ruleForeign, "/answer/body"+pointer)
			doc = replaced(doc, pointer, "<"+ruleForeign+">")
			continue
		}
		own := slices.DeleteFunc(slices.Clone(list), func(item any) bool { return !n.own[idOf(item)] })
		doc = replaced(doc, pointer, own)
	}
	if !foreign {
		return doc
	}
	for _, pointer := range countPointers {
		if _, ok := jsonval.Pointer(doc, pointer); ok {
			n.found.add(ruleForeign, "/answer/body"+pointer)
			doc = replaced(doc, pointer, "<"+ruleForeign+">")
		}
	}
	return doc
}

// isPage reports whether the request asks for a part of a list: what others made
// decides which.
func isPage(e *exchange) bool {
	_, query, _ := strings.Cut(e.Request.Path, "?")
	values, _ := url.ParseQuery(query) // what cannot be read is no page
	return values.Has("from") || values.Has("size")
}

// lists reports whether the request asks for the list of something that the
// scenario created itself.
func (n *normaliser) lists(e *exchange) bool {
	for id := range n.own {
		if len(id) >= minID && (strings.Contains(e.Request.Path, id) || strings.Contains(e.Request.Body, id)) {
			return true
		}
	}
	return false
}

func idOf(item any) string {
	object, _ := item.(map[string]any)
	if id, ok := object["id"].(string); ok {
		return id
	}
	id, _ := object["_id"].(string)
	return id
}

// replaced returns a copy of doc with another value at the pointer, which has
// to exist and to lead through objects only.
func replaced(doc any, pointer string, value any) any {
	key, rest, more := strings.Cut(strings.TrimPrefix(pointer, "/"), "/")
	object, ok := doc.(map[string]any)
	if !ok {
		return doc
	}
	out := make(map[string]any, len(object))
	for k, v := range object {
		out[k] = v
	}
	out[key] = value
	if more {
		out[key] = replaced(object[key], "/"+rest, value)
	}
	return out
}
