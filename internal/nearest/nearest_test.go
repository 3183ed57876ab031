package nearest

import "testing"

func TestName(t *testing.T) {
	t.Parallel()
	names := []string{"documented", "contract", "resilience", "security"}
	for word, want := range map[string]string{
		"documentd": "documented", "contrat": "contract", "resiliance": "resilience",
		"security": "security", "zzz": "", "": "",
	} {
		if got := Name(word, names); got != want {
			t.Errorf("Name(%q) = %q, want %q", word, got, want)
		}
	}
}
