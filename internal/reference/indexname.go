package reference

import (
	"fmt"
	"strings"

	"github.com/esconform/esconform/internal/reference/eserr"
)

// Signs that no index name may hold, and what is said of them.
const (
	fileNameSigns   = `\/*?"<>| ,`
	fileNameProblem = `must not contain the following characters [' ','"','*',',','/','<','>','?','\','|']`
)

// maxIndexName is how long the name of an index can be, in bytes.
const maxIndexName = 255

// indexNameProblems says what is wrong with the name of a connector's index:
// nothing, or one thing.
func indexNameProblems(name string) []string {
	problem := ""
	switch {
	case strings.ContainsAny(name, fileNameSigns):
		problem = fileNameProblem
	case name == "":
		problem = "must not be empty"
	case strings.Contains(name, "#"):
		problem = "must not contain '#'"
	case strings.Contains(name, ":"):
		problem = "must not contain ':'"
	case strings.ContainsAny(name[:1], "_-+"):
		problem = "must not start with '_', '-', or '+'"
	case len(name) > maxIndexName:
		problem = fmt.Sprintf("index name is too long, (%d > %d)", len(name), maxIndexName)
	case name == "." || name == "..":
		problem = "must not be '.' or '..'"
	default:
		return nil
	}
	return []string{fmt.Sprintf("[%s] org.elasticsearch.indices.InvalidIndexNameException: Invalid index name [%[1]s], %s", name, problem)}
}

// managedPrefix is how the index of a connector has to begin that Elastic runs.
const managedPrefix = "content-"

func isManagedIndex(name string) bool { return strings.HasPrefix(name, managedPrefix) }

// checkIndexFree refuses an index that another connector writes to.
func (s *Server) checkIndexFree(id, index string) *eserr.Error {
	if index == "" {
		return nil
	}
	for _, d := range s.searchConnectors() {
		if d.ID != id && !isDeleted(d) && d.Source.String("index_name") == index {
			return eserr.StatusException(400, "Index name [%s] is used by another connector.", index)
		}
	}
	return nil
}
