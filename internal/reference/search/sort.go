package search

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/estime"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// sortKey is one thing that hits are sorted by.
type sortKey struct {
	field    string // or _score or _doc
	desc     bool
	missing  any // "_first", "_last" or a value; nil for the last
	mode     string
	unmapped string // the kind of a field that is not mapped, "" to refuse it
	format   estime.Format
}

// The keys that are no fields.
const (
	byScore = "_score"
	byDoc   = "_doc"
)

func newSortKey(field string) sortKey { return sortKey{field: field, desc: field == byScore} }

// sorts reads what to sort by, in a list or alone.
func (r *reader) sorts() (keys []sortKey, err *eserr.Error) {
	switch {
	case r.Token() == xcontent.StartObject:
		return keys, r.sortObject(&keys)
	case r.isValue():
		text, err := r.Text()
		return append(keys, newSortKey(text)), err
	}
	for {
		t, err := r.Next()
		switch {
		case err != nil || t == xcontent.EndArray:
			return keys, err
		case t == xcontent.StartObject:
			err = r.sortObject(&keys)
		case t == xcontent.String:
			var text string
			text, err = r.Text()
			keys = append(keys, newSortKey(text))
		default:
			err = eserr.IllegalArgument("malformed sort format, within the sort array, an object, or an actual string are allowed")
		}
		if err != nil {
			return nil, err
		}
	}
}

// sortObject reads keys of the form {field: order} or {field: {option: …}}.
func (r *reader) sortObject(keys *[]sortKey) *eserr.Error {
	return r.members(func(name string) (err *eserr.Error) {
		key := newSortKey(name)
		switch {
		case name == "_script" || name == "_geo_distance":
			return Unsupported("sorting by [" + name + "]")
		case r.Token() == xcontent.String:
			err = r.order(&key)
		default:
			err = r.sortOptions(&key)
		}
		*keys = append(*keys, key)
		return err
	})
}

func (r *reader) order(key *sortKey) *eserr.Error {
	text, err := r.Text()
	if err != nil {
		return err
	}
	order := strings.ToLower(text)
	if order != "asc" && order != "desc" {
		return eserr.IllegalArgument("No enum constant org.elasticsearch.search.sort.SortOrder.%s", strings.ToUpper(text))
	}
	key.desc = order == "desc"
	return nil
}

func (r *reader) sortOptions(key *sortKey) *eserr.Error {
	field := func(name string, read func() *eserr.Error, tokens ...xcontent.Token) xcontent.Field {
		return xcontent.Field{Name: name, Tokens: tokens, Read: func(*xcontent.Parser) (any, *eserr.Error) { return nil, read() }}
	}
	text := func(into *string) func() *eserr.Error {
		return func() (err *eserr.Error) { *into, err = r.Text(); return err }
	}
	parser := xcontent.ObjectParser{Name: "field_sort", Fields: []xcontent.Field{
		field("missing", func() (err *eserr.Error) { key.missing, err = r.Value(); return err }, xcontent.String, xcontent.Num, xcontent.Bool),
		field("unmapped_type", text(&key.unmapped), xcontent.String),
		field("order", func() *eserr.Error { return r.order(key) }, xcontent.String),
		field("mode", func() *eserr.Error { return r.sortMode(&key.mode) }, xcontent.String),
		field("nested", func() *eserr.Error { return Unsupported("[nested] of a sort") }, xcontent.StartObject),
		field("numeric_type", func() *eserr.Error { return Unsupported("[numeric_type] of a sort") }, xcontent.String),
		field("format", func() *eserr.Error { return r.dateFormat(&key.format) }, xcontent.String),
	}}
	if key.field == byScore {
		parser = xcontent.ObjectParser{Name: byScore, Fields: parser.Fields[2:3]}
	}
	_, err := parser.Parse(r.Parser)
	return err
}

func (r *reader) sortMode(into *string) *eserr.Error {
	text, err := r.Text()
	if err != nil {
		return err
	}
	if *into = strings.ToLower(text); !slices.Contains([]string{"min", "max", "sum", "avg", "median"}, *into) {
		return eserr.IllegalArgument("Unknown SortMode [%s]", text)
	}
	return nil
}

// rank is the value of a hit that one key sorts by: nil where it has none, and
// where that goes is up to the key.
type rank struct {
	value any // string, int64, float64 or nil
	shown any // as the answer tells it
}

// ranker makes the ranks of one key in one index.
type ranker func(doc int, score float32) rank

// ranker returns how documents rank by a key.
func (sh *shard) ranker(key sortKey) (ranker, *eserr.Error) {
	switch key.field {
	case byScore:
		return func(_ int, score float32) rank { return rank{float64(score), scoreNumber(score)} }, nil
	case byDoc:
		return func(doc int, _ float32) rank { return rank{int64(doc), integer(int64(doc))} }, nil
	case "_id":
		return nil, eserr.IllegalArgument("Fielddata access on the _id field is disallowed, " +
			"you can re-enable it by updating the dynamic cluster setting: indices.id_field_data.enabled")
	}
	c := sh.column(key.field)
	switch {
	case c == nil && key.unmapped == "":
		return nil, sh.failed(nil, "No mapping found for [%s] in order to sort on", key.field)
	case c == nil && !slices.Contains([]string{Keyword, Date, Long, Integer, Short, Float, "double", Boolean}, key.unmapped):
		return nil, eserr.IllegalArgument("No mapper found for type [%s]", key.unmapped)
	case c == nil:
		c = &column{Field: Field{Kind: key.unmapped}, values: make([][]any, len(sh.Docs))}
	case c.Kind == Text:
		return nil, eserr.IllegalArgument("Fielddata is disabled on [%s] in [%s]. Text fields are not optimised for operations that "+
			"require per-document field data like aggregations and sorting, so these operations are disabled by default. "+
			"Please use a keyword field instead. Alternatively, set fielddata=true on [%s] in order to load field data by uninverting "+
			"the inverted index. Note that this can use significant memory.", key.field, sh.Name, key.field)
	}
	switch combined := key.mode == "sum" || key.mode == "avg" || key.mode == "median"; {
	case combined && c.Kind == Keyword:
		return nil, sh.failed(nil, "we only support AVG, MEDIAN and SUM on number based fields")
	case !key.format.IsZero() && c.Kind != Date:
		return nil, Unsupported("[format] of a sort by anything but dates")
	}
	absent, err := key.absent(c.Kind)
	if err != nil {
		return nil, err
	}
	return func(doc int, _ float32) rank {
		v := pick(c.sortable(doc), key)
		if v == nil {
			return absent
		}
		return rank{v, key.show(c.Kind, v)}
	}, nil
}

// sortable are the values of a document as they are sorted by: booleans are 0
// and 1.
func (c *column) sortable(doc int) []any {
	if c.Kind != Boolean {
		return c.values[doc]
	}
	var numbers []any
	for _, v := range c.values[doc] {
		numbers = append(numbers, int64(btoi(v == "true")))
	}
	return numbers
}

// pick chooses the value of several that a document is sorted by.
func pick(values []any, key sortKey) any {
	if len(values) == 0 {
		return nil
	}
	switch key.mode {
	case "avg", "sum", "median":
		return combine(values, key.mode)
	case "":
		key.mode = "min"
		if key.desc {
			key.mode = "max"
		}
	}
	if key.mode == "max" {
		return slices.MaxFunc(values, compare)
	}
	return slices.MinFunc(values, compare)
}

// combine makes one number of several; whole ones stay whole.
func combine(values []any, mode string) any {
	sorted := slices.SortedFunc(slices.Values(values), compare)
	total, whole := 0.0, true
	numbers := make([]float64, len(sorted))
	for i, v := range sorted {
		switch v := v.(type) {
		case int64:
			numbers[i] = float64(v)
		case float64:
			numbers[i], whole = v, false
		}
		total += numbers[i]
	}
	n := len(numbers)
	switch mode {
	case "avg":
		total /= float64(n)
	case "median":
		total = (numbers[(n-1)/2] + numbers[n/2]) / 2
	}
	if whole {
		return int64(math.Round(total))
	}
	return total
}

// compare orders values of one kind. Where indices have different ones, texts
// come last.
func compare(a, b any) int {
	switch a := a.(type) {
	case string:
		if b, ok := b.(string); ok {
			return cmp.Compare(a, b)
		}
		return 1
	case int64:
		if b, ok := b.(int64); ok {
			return cmp.Compare(a, b)
		}
		return compare(float64(a), b)
	case float64:
		switch b := b.(type) {
		case float64:
			return cmp.Compare(a, b)
		case int64:
			return cmp.Compare(a, float64(b))
		}
	}
	return -1
}

// absent is the rank of documents without a value: numbers that stand at the
// end, as the kind has them.
func (k sortKey) absent(kind string) (rank, *eserr.Error) {
	greatest := k.desc == (k.missing == "_first")
	switch {
	case k.missing != nil && k.missing != "_first" && k.missing != "_last":
		return k.instead(kind)
	case kind == Keyword:
		return rank{}, nil
	case kind == Float || kind == "double":
		v := math.Inf(-1)
		text := "-Infinity"
		if greatest {
			v, text = math.Inf(1), "Infinity"
		}
		return rank{v, text}, nil
	}
	bounds := limits[Long]
	if kind == Integer || kind == Short {
		bounds = limits[Integer]
	}
	v := bounds.min
	if greatest {
		v = bounds.max
	}
	shown := k.show(kind, v)
	if !k.format.IsZero() {
		shown = nil
	}
	return rank{v, shown}, nil
}

// instead is the rank of documents without a value where the key names one.
func (k sortKey) instead(kind string) (rank, *eserr.Error) {
	if kind == Keyword {
		return rank{textOf(k.missing), textOf(k.missing)}, nil
	}
	n, err := parseNumber(k.missing)
	if err != nil {
		return rank{}, err
	}
	if kind == Float {
		return rank{n.float, k.show(kind, n.float)}, nil
	}
	return rank{n.whole, k.show(kind, n.whole)}, nil
}

// show writes a value as the answer tells it.
func (k sortKey) show(kind string, v any) any {
	switch v := v.(type) {
	case int64:
		if kind == Date && !k.format.IsZero() {
			return k.format.Write(time.UnixMilli(v))
		}
		return integer(v)
	case float64:
		return xcontent.NormalNumber(strconv.FormatFloat(v, 'e', -1, 64))
	}
	return v
}

// before orders two hits by their ranks: 0 where they are alike.
func before(a, b []rank, keys []sortKey) int {
	for i, k := range keys {
		if order := k.compare(a[i], b[i]); order != 0 {
			return order
		}
	}
	return 0
}

func (k sortKey) compare(a, b rank) int {
	if a.value == nil || b.value == nil { // texts: those without are last, or first
		order := cmp.Compare(btoi(a.value == nil), btoi(b.value == nil))
		if k.missing == "_first" {
			order = -order
		}
		return order
	}
	order := compare(a.value, b.value)
	if k.desc {
		return -order
	}
	return order
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
