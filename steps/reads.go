package steps

import "regexp"

// Schema is what Reads says of a step that holds something against a schema.
const Schema = "schemas"

// reading are the steps that read a file, and the folder that has it.
var reading = []struct {
	pattern *regexp.Regexp
	folder  string
}{
	{regexp.MustCompile(`^the response matches the schema "([^"{]*)"$`), Schema},
	{regexp.MustCompile(` with the body of the fixture "([^"{]*)"$`), "bodies"},
	{regexp.MustCompile(`^a connector of the fixture "([^"{]*)" with`), "connectors"},
	{regexp.MustCompile(` has stored as the fixture "([^"{]*)"$`), "documents"},
}

// Reads says which file a step reads: its folder among the fixtures, or Schema,
// and its name; "" for none.
func Reads(step string) (folder, name string) {
	for _, r := range reading {
		if m := r.pattern.FindStringSubmatch(step); m != nil {
			return r.folder, m[1]
		}
	}
	return "", ""
}
