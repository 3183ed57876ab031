package requirement

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestTable(t *testing.T) {
	t.Parallel()
	cat, err := Parse([]byte(`since: 8.0.0
calls:
  a.put: [PUT /a/*, POST /a]
  a.part: [PUT /a/*/part, PUT /a/_all/part]
  any: ["*"]
requirements:
  - {id: a.put.type, statement: It MUST., profile: contract, sources: [page]}
  - {id: a.part.type, statement: It MUST., profile: contract, sources: [page], since: 9.0.0}
  - {id: any.security, statement: It MUST., profile: security, sources: [page]}
`))
	if err != nil {
		t.Fatal(err)
	}
	const file = `kinds:
  - {kind: type, requirements: ["*.type"]}
  - {kind: security, requirements: ["*.security"]}
  - {kind: versions, bounded: true}
without:
  - {kinds: [versions], calls: [PUT /a/*, POST /a], because: never changed}
`
	checks, err := LoadChecks(fstest.MapFS{ChecksFile: {Data: []byte(file)}})
	if err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct {
		proof Proof
		want  string // call and kind
	}{
		"the call that is named":     {Proof{"s", []string{"a.put.type"}, []string{"POST /a?x=1"}}, "POST /a type"},
		"the first where none is":    {Proof{"s", []string{"a.put.type"}, []string{"GET /b"}}, "PUT /a/* type"},
		"the path of another method": {Proof{"s", []string{"a.part.type"}, []string{"GET /a/{x}/part/"}}, "PUT /a/*/part type, PUT /a/*/part versions"},
		"what is written out":        {Proof{"s", []string{"a.part.type"}, []string{"PUT /a/_all/part"}}, "PUT /a/_all/part type, PUT /a/_all/part versions"},
		"any call that is named":     {Proof{"s", []string{"any.security"}, []string{"PUT /a/{x}", "POST /a"}}, "POST /a security, PUT /a/* security"},
		"no call where any could be": {Proof{"s", []string{"any.security"}, nil}, ""},
		"what no catalogue knows":    {Proof{"s", []string{"own.type"}, []string{"POST /a"}}, ""},
	} {
		var got []string
		table := checks.Table(cat.AllCalls(), cat, []Proof{row.proof})
		for _, r := range table.Rows {
			for i, c := range r.Cells {
				if len(c.Scenarios) > 0 {
					got = append(got, r.Call+" "+table.Kinds[i])
				}
			}
		}
		if strings.Join(got, ", ") != row.want {
			t.Errorf("%s: %q, want %q", name, got, row.want)
		}
	}
	problems := checks.Table([]string{"POST /a"}, cat, []Proof{{"s", []string{"a.put.type"}, nil}}).Check()
	if len(problems) != 2 || !strings.Contains(problems[0], `POST /a has no check of the kind "type"`) {
		t.Errorf("problems %q", problems)
	}
	bounded := checks.Table([]string{"PUT /a/*"}, cat, nil)
	bounded.Rows[0].Cells[2] = bounded.Rows[0].Cells[2].with("s", "a.put.type")
	if problems := bounded.Check(); !slices.ContainsFunc(problems, func(p string) bool { return strings.Contains(p, "a reason for having none (never changed)") }) {
		t.Errorf("problems %q: a reason that is none is not seen", problems)
	}
}

func TestLoadChecksRefuses(t *testing.T) {
	t.Parallel()
	for want, text := range map[string]string{
		"no kinds":              "kinds: []",
		"is there twice":        "kinds: [{kind: a, bounded: true}, {kind: a, bounded: true}]",
		"not told by either":    "kinds: [{kind: a}]",
		"no pattern":            "kinds: [{kind: a, requirements: ['[']}]",
		`there is no kind "b"`:  "kinds: [{kind: a, bounded: true}]\nwithout: [{kinds: [b], calls: [GET /], because: x}]",
		"lacks calls":           "kinds: [{kind: a, bounded: true}]\nwithout: [{kinds: [a], because: x}]",
		"field kindz not found": "kindz: []",
	} {
		_, err := LoadChecks(fstest.MapFS{ChecksFile: {Data: []byte(text)}})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
