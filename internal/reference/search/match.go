package search

import (
	"slices"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// matchOptions are those of full-text queries.
type matchOptions struct {
	options
	text    any
	every   bool // all words are wanted
	minimum string
	lenient bool
}

// match reads a query for words.
func (r *reader) match() (Query, *eserr.Error) {
	o := matchOptions{options: newOptions()}
	return r.matching("match", &o, o.any, func(name string) (known bool, err *eserr.Error) {
		switch name {
		case "operator":
			operator, err := r.text()
			if err == nil && !slices.Contains([]string{"or", "and", "OR", "AND"}, operator) {
				err = eserr.IllegalArgument("operator needs to be either AND or OR, but not [%s]", operator)
			}
			o.every = operator == "and" || operator == "AND"
			return true, err
		case "minimum_should_match":
			o.minimum, err = r.text()
			return true, err
		case "lenient":
			o.lenient, err = r.Boolean()
			return true, err
		case "auto_generate_synonyms_phrase_query", "fuzzy_transpositions", "max_expansions", "prefix_length":
			return true, nil // of no consequence without synonyms and fuzziness
		case "analyzer", "fuzziness", "fuzzy_rewrite", "zero_terms_query":
			return true, Unsupported("[" + name + "] of the query [match]")
		}
		return false, nil
	})
}

// matchPhrase reads a query for words in their order.
func (r *reader) matchPhrase() (Query, *eserr.Error) {
	o := matchOptions{options: newOptions()}
	return r.matching("match_phrase", &o, phrase, func(name string) (known bool, err *eserr.Error) {
		switch name {
		case "slop":
			n, err := r.float()
			if err == nil && n != 0 {
				err = Unsupported("[slop] of the query [match_phrase]")
			}
			return true, err
		case "analyzer", "zero_terms_query":
			return true, Unsupported("[" + name + "] of the query [match_phrase]")
		}
		return false, nil
	})
}

// matching reads a full-text query with options of its own. On a field of text
// it becomes a query for words, on any other one for the value.
func (r *reader) matching(kind string, o *matchOptions, onText func(*column, []any, float32) (matcher, *eserr.Error),
	own func(name string) (known bool, err *eserr.Error),
) (Query, *eserr.Error) {
	read := func() (err *eserr.Error) {
		if r.Token() == xcontent.Null {
			return nil
		}
		o.text, err = r.text()
		return err
	}
	field, err := r.field(fieldQuery{kind: kind, value: read, option: func(name string) (known bool, err *eserr.Error) {
		if name == "query" {
			return true, read()
		}
		if known, err = own(name); known || err != nil {
			return known, err
		}
		return o.read(r, name)
	}})
	if err != nil {
		return Query{}, err
	}
	if o.text == nil {
		return Query{}, r.parsing("No text specified for text query")
	}
	return r.make(o.options, func(sh *shard, boost float32) (matcher, *eserr.Error) {
		if c := sh.column(field); c != nil && c.Kind == Text {
			return onText(c, words(o.text.(string)), boost)
		}
		m, err := sh.term(field, o.text, false, boost)
		if err != nil && o.lenient {
			return nothing, nil
		}
		return m, err
	}), nil
}

// any finds texts by some of the words.
func (o *matchOptions) any(c *column, words []any, boost float32) (matcher, *eserr.Error) {
	each := []matcher{}
	for _, word := range words {
		each = append(each, c.term(word.(string), boost))
	}
	need := 1
	if o.every {
		need = len(each)
	}
	if o.minimum != "" {
		n, err := minimumOf(o.minimum, len(each))
		if err != nil {
			return nil, err
		}
		need = max(need, n)
	}
	return func(doc int) (float32, bool) {
		score, n := sum(each, doc)
		return float32(score), n >= need
	}, nil
}

// phrase finds texts by words in their order.
func phrase(c *column, words []any, boost float32) (matcher, *eserr.Error) {
	if len(words) == 0 {
		return nothing, nil
	}
	weight := float32(0)
	for _, word := range words {
		weight += c.rarity(word.(string))
	}
	return c.ranked(weight, boost, func(doc int) (n int) {
		text := c.values[doc]
		for i := 0; i+len(words) <= len(text); i++ {
			if slices.Equal(text[i:i+len(words)], words) {
				n++
			}
		}
		return n
	}), nil
}
