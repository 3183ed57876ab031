package wire

import (
	"maps"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/result"
)

// Curl returns a command that sends the request of an exchange again. base is
// what stands for the target's URL, "$ES" if empty. Credentials are never
// part of it: where the request had some, the command takes them from the
// shell variable ES_AUTH (the value of the Authorization header).
func Curl(e result.Exchange, base string) string {
	if base == "" {
		base = "$ES"
	}
	words := []string{"curl"}
	switch e.Request.Method {
	case "GET":
	case "HEAD":
		words = append(words, "-I")
	default:
		words = append(words, "-X "+word(e.Request.Method))
	}
	if strings.ContainsAny(e.Request.Path, "[]{}") {
		words = append(words, "-g")
	}
	if strings.Contains(e.Request.Path, "/.") {
		words = append(words, "--path-as-is")
	}
	words = append(words, `"`+base+inDoubleQuotes(e.Request.Path)+`"`)
	words = append(words, curlHeaders(e.Request)...)
	if body := e.Request.Body; body != "" && zips(e.Request) {
		words[0] = "printf %s " + singleQuoted(body) + " | gzip | curl"
		words = append(words, "--data-binary @-")
	} else if body != "" {
		flag := "-d "
		if strings.HasPrefix(body, "@") || strings.ContainsAny(body, "\r\n\x00") {
			flag = "--data-binary "
		}
		if strings.HasPrefix(body, "@") {
			flag = "--data-raw "
		}
		words = append(words, flag+singleQuoted(body))
	}
	command := strings.Join(words, " ")
	if e.Request.CutFrom > 0 {
		command += "  # only the start of the body"
	}
	return command
}

// zips reports whether the body, which is recorded as it was before, went out
// compressed.
func zips(m result.Message) bool { return slices.Contains(m.Headers["Content-Encoding"], "gzip") }

// curlHeaders leaves out what curl adds itself and what says nothing.
func curlHeaders(m result.Message) []string {
	var words []string
	for _, name := range slices.Sorted(maps.Keys(m.Headers)) {
		for _, value := range m.Headers[name] {
			switch {
			case name == "User-Agent":
			case name == "Authorization":
				words = append(words, `-H "Authorization: $ES_AUTH"`)
			case value == "":
				words = append(words, "-H "+singleQuoted(name+";")) // how curl sends an empty header
			default:
				words = append(words, "-H "+singleQuoted(name+": "+value))
			}
		}
	}
	if _, typed := m.Headers["Content-Type"]; !typed && m.Body != "" {
		words = append(words, "-H 'Content-Type:'") // keeps curl from adding its own
	}
	return words
}

func word(s string) string {
	if s != "" && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") == "" {
		return s
	}
	return singleQuoted(s)
}

func singleQuoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

var doubleQuoteEscaper = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "$", `\$`, "`", "\\`")

func inDoubleQuotes(s string) string { return doubleQuoteEscaper.Replace(s) }
