package probe

import "regexp"

// lacks are answers by which a server says that it lacks something that others
// of its version have: a module, or a license. They say nothing of a page.
var lacks = []struct {
	re  *regexp.Regexp
	why string
}{
	{regexp.MustCompile(`current license is non-compliant for \[([^\]]+)\]`), "the license of the server does not allow "},
	{regexp.MustCompile(`No processor type exists with name \[([^\]]+)\]`), "the server has no processor of the type "},
	{regexp.MustCompile(`unsupported lang \[([^\]]+)\]`), "the server has no module for scripts in "},
	{regexp.MustCompile(`Unknown (?:filter|char_filter|tokenizer|analyzer) type \[([^\]]+)\]`), "the server has no analysis of the type "},
	{regexp.MustCompile(`failed to find action \[([^\]]+)\] to execute`), "the server has no module for the action "},
	{regexp.MustCompile(`[Ff]ailed to find template compiler|script_lang not supported \[([^\]]+)\]`), "the server has no module for scripts in "},
}

// Lacks is why an answer says nothing of other servers, "" where it does.
func (c *Call) Lacks() string {
	if c == nil || c.Status < 400 {
		return ""
	}
	return Lacking(c.Body)
}

// Lacking is what a refusal says that the server lacks, "" where it says no such
// thing.
func Lacking(refusal string) string {
	for _, l := range lacks {
		if m := l.re.FindStringSubmatch(refusal); m != nil {
			return l.why + m[1]
		}
	}
	return ""
}
