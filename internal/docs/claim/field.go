package claim

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/esconform/esconform/internal/docs/asciidoc"
)

var whereOf = map[section]Where{secPath: InPath, secQuery: InQuery, secBody: InBody, secResponse: InResponse}

func (r *reader) field(name, text string, at At, broken bool, lines []asciidoc.Line) {
	req, typ, rest, unclosed := signature(text)
	if unclosed {
		r.unclosed(at, name)
	}
	f := Field{At: at, Name: name, In: whereOf[r.sec], Type: typ, Required: req, Text: rest, Broken: broken,
		Default: defaultOf(rest), Values: valuesOf(rest)}
	for _, m := range onlyRE.FindAllStringSubmatch(rest, -1) {
		f.Only = append(f.Only, m[1])
	}
	for _, l := range lines {
		if strings.Contains(l.Text, "(") && (req != nil || typ != "") {
			f.TypeAt, f.RequiredAt = l.No, l.No
			break
		}
	}
	r.m.Fields = append(r.m.Fields, f)
	if f.In == InBody {
		r.relate(relationsOf(rest, f.Parent(), at))
	}
}

// relate takes relations in, each once.
func (r *reader) relate(found []Relation) {
	for _, rel := range found {
		if len(r.m.Relations) < maxStatements && !slices.ContainsFunc(r.m.Relations, func(o Relation) bool { return slices.Equal(o.Fields, rel.Fields) }) {
			r.m.Relations = append(r.m.Relations, rel)
		}
	}
}

// unclosed notes that what stands before a text has no closing parenthesis.
func (r *reader) unclosed(at At, name string) {
	r.m.Defects = append(r.m.Defects, Defect{At: at, ID: "parenthesis/" + string(whereOf[r.sec]) + "-" + name, Kind: KindMarkup,
		Want: "a closing parenthesis after the type", Found: "none: where the type ends and the text begins is not to be seen"})
}

// more reads a paragraph that is the text of a field, or says of which field
// the list to come describes the parts.
func (r *reader) more(e *asciidoc.Element) bool {
	if whereOf[r.sec] == "" {
		return false
	}
	if m := partsRE.FindString(e.Text); m != "" {
		r.under = r.mentioned(m)
	}
	if e.Parent == nil || e.Parent.Text != "" || r.fields[e.Parent] == "" {
		return false
	}
	i := len(r.m.Fields) - 1
	if i < 0 || r.m.Fields[i].Name != r.fields[e.Parent] {
		return false
	}
	// The text of the item stands in the block that is attached to it.
	was := r.m.Fields[i]
	r.m.Fields = r.m.Fields[:i]
	at := At{Line: was.Line, End: e.End, Quote: was.Quote + " " + quoteOf(e)}
	text := e.Text
	if was.Text != "" || was.Type != "" || was.Required != nil {
		text = written(was) + " " + e.Text
	}
	r.field(was.Name, text, at, was.Broken, e.Lines)
	return true
}

// written is the beginning of a field's text as a page writes it.
func written(f Field) string {
	var words []string
	if f.Required != nil {
		words = append(words, map[bool]string{true: "Required", false: "Optional"}[*f.Required])
	}
	if f.Type != "" {
		words = append(words, f.Type)
	}
	if len(words) == 0 {
		return f.Text
	}
	return "(" + strings.Join(words, ", ") + ") " + f.Text
}

// partsRE finds "Each rule must have the following information:".
var partsRE = regexp.MustCompile(`(?i)[^.]*\bfollowing\b[^.]*\b(?:information|fields?|attributes?|properties|parameters?|actions?|options?|settings?)\b[^.]*:$`)

// mentioned is the field that a sentence names, in the singular or the plural:
// the last that was read.
func (r *reader) mentioned(sentence string) string {
	words := strings.FieldsFunc(strings.ToLower(sentence), func(c rune) bool { return c != '_' && !unicode.IsLetter(c) && !unicode.IsDigit(c) })
	for _, f := range r.last() {
		leaf := strings.ToLower(f.Leaf())
		if slices.Contains(words, leaf) || slices.Contains(words, strings.TrimSuffix(leaf, "s")) {
			return f.Name
		}
	}
	return ""
}

// last are the fields of the section, the last first. So many are looked at as a
// page can have.
func (r *reader) last() []*Field {
	var out []*Field
	for i := len(r.m.Fields) - 1; i >= 0 && len(out) < MaxFields && r.m.Fields[i].In == whereOf[r.sec]; i-- {
		out = append(out, &r.m.Fields[i])
	}
	return out
}

var (
	bulletFieldRE = regexp.MustCompile("^(`[\\w.\\[\\]-]+`):?\\s*(\\(.*)$")
	bulletValueRE = regexp.MustCompile("^`([^`\\s]+)`(?:[:,]|\\s|$)")
	valuesComeRE  = regexp.MustCompile(`(?i)\b(?:values|types|options|algorithms|formats|modes|levels)\b[^.]*:$`)
)

// bulletField reads "- `name` (Required, boolean) text" below a field, or
// "- `value`: text" where its text ends with "the following values:".
func (r *reader) bulletField(e *asciidoc.Element) bool {
	if whereOf[r.sec] == "" {
		return false
	}
	parent := r.under
	if e.Parent != nil && e.Parent != r.item {
		parent = r.fields[e.Parent]
		if parent == "" {
			return r.strayBullet(e)
		}
	} else if parent == "" && r.item != nil {
		parent = r.fields[r.item]
	}
	m := bulletFieldRE.FindStringSubmatch(e.Text)
	if m == nil {
		return r.value(e, parent)
	}
	r.named(e, m[1], m[2], parent, false)
	return true
}

// strayBullet says that a field below something that is none is not read.
func (r *reader) strayBullet(e *asciidoc.Element) bool {
	if !bulletFieldRE.MatchString(e.Text) {
		return false
	}
	r.m.Unread = append(r.m.Unread, Unread{e.Line, "a field of a list whose parent is no field: " + code(e.Text)[0]})
	return true
}

// value reads a bullet as one of the values of a field.
func (r *reader) value(e *asciidoc.Element, name string) bool {
	m := bulletValueRE.FindStringSubmatch(e.Text)
	if m == nil {
		return false
	}
	for _, f := range r.last() {
		if f.Name != name {
			continue
		}
		if f.In == InPath || !valuesComeRE.MatchString(f.Text) {
			return false
		}
		f.Values = append(f.Values, m[1])
		return true
	}
	return false
}
