// Package outside is a Go project of its own whose features use the vocabulary
// of esconform.
package outside

import (
	"net/http/httptest"
	"os"
	"testing"

	"github.com/cucumber/godog"

	"github.com/esconform/esconform"
	"github.com/esconform/esconform/steps"
)

func TestFeatures(t *testing.T) {
	// The reference server plays the part of the Elasticsearch under test.
	handler, err := esconform.Reference("9.5.3")
	if err != nil {
		t.Fatal(err)
	}
	elasticsearch := httptest.NewServer(handler)
	defer elasticsearch.Close()

	server, err := steps.Connect(t.Context(), steps.Options{URL: elasticsearch.URL, Beside: os.DirFS("features")})
	if err != nil {
		t.Fatal(err)
	}
	suite := godog.TestSuite{
		ScenarioInitializer: server.Register,
		Options:             &godog.Options{Format: "pretty", Paths: []string{"features"}, TestingT: t, Strict: true},
	}
	if suite.Run() != 0 {
		t.Error("the features fail")
	}
	if err := server.Close(t.Context()); err != nil {
		t.Error(err)
	}
}
