package operation

import (
	"fmt"
	"strings"
	"time"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/openapi"
)

// maxExamples is how many examples of one operation are sent.
const maxExamples = 8

// examples asks whether the server takes the examples, and whether what they
// send is what is there afterwards.
func (b *bench) examples() error {
	if b.op.body == nil {
		return nil
	}
	for _, x := range firstOf(b.op.body.Examples, maxExamples) {
		if err := b.example(x); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) example(x openapi.Sample) error {
	c := b.claim("example/"+orWord(x.Name, "body"), claim.KindExample, x.At, "the server takes the example")
	if found, _ := b.catalogued(); found.Resource != nil && found.Resource.Powerful {
		b.cannot(c, claim.Skipped, "what it says reaches beyond the thing itself")
		return nil
	}
	var body any = lines(x.Lines)
	if x.Lines == nil {
		body = x.Value
	}
	if x.Fault != "" {
		b.cannot(c, claim.Untestable, x.Fault)
		return nil
	}
	got, err := b.send(variation{purpose: "the example " + x.Name, body: body})
	switch {
	case err != nil:
		return err
	case got.ok():
		b.say(c, claim.Confirmed, got.answer())
		return b.readBack(x, got)
	case got.status == 400 && unknownField.MatchString(got.text), got.misreads(), needed.MatchString(got.text):
		b.say(c, claim.Contradicted, "the server refuses it: "+got.answer(), got)
	default:
		b.cannot(c, claim.Untestable, "the server refuses it, which may be due to what it names: "+got.answer())
	}
	return nil
}

// readBack compares what an example sends with what is there afterwards, as far
// as both have a value of the same name.
func (b *bench) readBack(x openapi.Sample, sent *call) error {
	members, _ := sent.sent.(map[string]any)
	if b.op.reads() || len(members) == 0 {
		return nil
	}
	stored, proof, err := b.stored()
	is, _ := stored.(map[string]any)
	if err != nil || len(is) == 0 {
		return err
	}
	same, other := 0, []string{}
	for name, v := range members {
		got, has := is[name]
		switch {
		case !has || kindOf(v) == "object" || kindOf(v) == "array" || kindOf(got) == "object" || kindOf(got) == "array":
		case asText(got) == asText(v), sameInstant(got, v):
			same++
		default:
			other = append(other, fmt.Sprintf("%s is sent as %s and read as %s", name, text(v), text(got)))
		}
	}
	if same+len(other) == 0 {
		return nil
	}
	c := b.claim("example/"+orWord(x.Name, "body")+"/stored", claim.KindExampleResult, x.At, "what the example sends is read back")
	if len(other) > 0 {
		b.say(c, claim.Contradicted, strings.Join(other, "; "), sent, proof)
		return nil
	}
	b.say(c, claim.Confirmed, "it is")
	return nil
}

// sameInstant reports whether two texts are the same time.
func sameInstant(a, b any) bool {
	one, err := time.Parse(time.RFC3339, asText(a))
	other, bad := time.Parse(time.RFC3339, asText(b))
	return err == nil && bad == nil && one.Equal(other)
}

// sampleClaims holds the examples of a document against its own schemas. The
// server is not asked.
func (b *bench) sampleClaims() {
	if b.op.body != nil {
		b.samplesOf("body", b.op.body)
	}
	for _, res := range b.op.responses {
		b.samplesOf(fmt.Sprintf("answer-%d", res.Status), &res.Content)
	}
}

func (b *bench) samplesOf(where string, content *openapi.Content) {
	for _, x := range content.Examples {
		c := b.claim("example/"+orWord(x.Name, where)+"/schema", claim.KindExampleText, x.At, "the example fits its schema")
		switch {
		case x.Fault != "":
			b.say(c, claim.Contradicted, x.Fault)
		case x.Lines != nil || !content.Schema.There():
			b.cannot(c, claim.Untestable, "it is lines of documents, or has no schema")
		default:
			b.fitsItself(c, misfits(content.Schema, x.Value))
		}
	}
}

// fitsItself says how an example fits its own schema. What is only due to a
// schema that says object of any value is a cause of its own.
func (b *bench) fitsItself(c *claim.Claim, found []misfit) {
	var other, anys []string
	var first misfit
	for _, m := range found {
		if m.how == misfitAny {
			anys = append(anys, m.say())
			continue
		}
		if other = append(other, m.say()); len(other) == 1 {
			first = m
		}
	}
	switch {
	case len(other) > 0:
		b.because(c, "sample "+first.how+" "+first.at.Pointer+" "+lastOf(first.name), claim.Contradicted, "in the example "+strings.Join(firstOf(other, 5), "; "))
	case len(anys) > 0:
		b.because(c, causeAny, claim.Contradicted, "in the example "+strings.Join(firstOf(anys, 3), "; "))
	default:
		b.say(c, claim.Confirmed, "it does")
	}
}
