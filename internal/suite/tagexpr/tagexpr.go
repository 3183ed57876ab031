// Package tagexpr reads tag expressions: @a and not (@b or @c). The package
// that Cucumber offers panics on unfinished expressions, so this is our own.
package tagexpr

import (
	"fmt"
	"slices"
	"strings"
)

// Expr is a parsed tag expression. The zero Expr matches everything.
type Expr struct {
	eval func(tags map[string]bool) bool
	tags []string
}

// Matches reports whether a scenario with these tags (each with its "@")
// satisfies the expression.
func (e Expr) Matches(tags []string) bool {
	if e.eval == nil {
		return true
	}
	set := make(map[string]bool, len(tags))
	for _, t := range tags {
		set[t] = true
	}
	return e.eval(set)
}

// Tags returns every tag that the expression names, sorted, each once.
func (e Expr) Tags() []string { return e.tags }

// maxDepth bounds nesting, so that no input exhausts the stack.
const maxDepth = 100

// Parse reads an expression made of tags, "and", "or", "not" and parentheses;
// "not" binds tightest, "or" loosest. An empty text matches everything. The
// error says what is wrong and at which character.
func Parse(text string) (Expr, error) {
	p := &parser{tokens: tokenize(text), end: len(text)}
	if len(p.tokens) == 0 {
		return Expr{}, nil
	}
	eval, err := p.or(0)
	if err == nil && p.pos < len(p.tokens) {
		err = fmt.Errorf("%q at character %d is not expected: join tags with \"and\" or \"or\"", p.tokens[p.pos].text, p.tokens[p.pos].at+1)
	}
	if err != nil {
		return Expr{}, fmt.Errorf("read tag expression %q: %w", text, err)
	}
	slices.Sort(p.tags)
	return Expr{eval: eval, tags: slices.Compact(p.tags)}, nil
}

type token struct {
	text string
	at   int
}

func tokenize(text string) []token {
	var tokens []token
	start := -1
	flush := func(end int) {
		if start >= 0 {
			tokens = append(tokens, token{text[start:end], start})
			start = -1
		}
	}
	for i, r := range text {
		switch {
		case strings.ContainsRune(" \t\r\n", r):
			flush(i)
		case r == '(' || r == ')':
			flush(i)
			tokens = append(tokens, token{string(r), i})
		case start < 0:
			start = i
		}
	}
	flush(len(text))
	return tokens
}

type node = func(map[string]bool) bool

type parser struct {
	tokens []token
	pos    int
	end    int
	tags   []string
}

func (p *parser) peek() string {
	if p.pos < len(p.tokens) {
		return p.tokens[p.pos].text
	}
	return ""
}

func (p *parser) or(depth int) (node, error) {
	return p.binary("or", depth, p.and, func(a, b node) node {
		return func(t map[string]bool) bool { return a(t) || b(t) }
	})
}

func (p *parser) and(depth int) (node, error) {
	return p.binary("and", depth, p.not, func(a, b node) node {
		return func(t map[string]bool) bool { return a(t) && b(t) }
	})
}

func (p *parser) binary(word string, depth int, operand func(int) (node, error), join func(a, b node) node) (node, error) {
	left, err := operand(depth)
	for err == nil && p.peek() == word {
		p.pos++
		var right node
		if right, err = operand(depth); err == nil {
			left = join(left, right)
		}
	}
	return left, err
}

func (p *parser) not(depth int) (node, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("nested more than %d deep", maxDepth)
	}
	if p.pos >= len(p.tokens) {
		return nil, fmt.Errorf("it ends at character %d where a tag is expected", p.end)
	}
	tok := p.tokens[p.pos]
	p.pos++
	switch {
	case tok.text == "not":
		inner, err := p.not(depth + 1)
		if err != nil {
			return nil, err
		}
		return func(t map[string]bool) bool { return !inner(t) }, nil
	case tok.text == "(":
		inner, err := p.or(depth + 1)
		if err != nil {
			return nil, err
		}
		if p.peek() != ")" {
			return nil, fmt.Errorf("the parenthesis at character %d is not closed", tok.at+1)
		}
		p.pos++
		return inner, nil
	case strings.HasPrefix(tok.text, "@") && len(tok.text) > 1:
		p.tags = append(p.tags, tok.text)
		return func(t map[string]bool) bool { return t[tok.text] }, nil
	}
	return nil, fmt.Errorf("%q at character %d is not a tag: tags start with \"@\"", tok.text, tok.at+1)
}
