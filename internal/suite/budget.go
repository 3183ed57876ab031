package suite

import (
	"strings"

	"github.com/esconform/esconform/internal/result"
)

const (
	// maxTexts is how many bytes of expected and actual values one run keeps
	// in full: a server that sends megabytes must not fill the memory. What
	// exchanges keep is bounded by wire.
	maxTexts = 16 << 20
	// cutText is to how many bytes they are cut beyond that.
	cutText = 1 << 10
)

// budget is what is left of maxTexts.
type budget int

// spend keeps the texts of a failure within the budget.
func (b *budget) spend(f *result.Failure) {
	if f == nil {
		return
	}
	for _, text := range []*string{&f.Message, &f.Expected, &f.Actual} {
		if len(*text) > cutText && len(*text) > int(*b) {
			*text = strings.ToValidUTF8(strings.Clone((*text)[:cutText]), "") + " … (cut)"
		}
		*b -= budget(len(*text))
	}
}
