// Command manifests holds manifests for Kubernetes against the types of its API:
// every field has to be one, with a value of its type.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/yaml"
	strict "sigs.k8s.io/yaml"
)

// kinds are those that the manifests have.
var kinds = map[string]func() any{
	"batch/v1 Job":             func() any { return &batch.Job{} },
	"v1 ConfigMap":             func() any { return &core.ConfigMap{} },
	"v1 PersistentVolumeClaim": func() any { return &core.PersistentVolumeClaim{} },
}

func main() {
	failed := false
	for _, name := range os.Args[1:] {
		if err := check(name); err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
			failed = true
		}
	}
	if failed || len(os.Args) == 1 {
		os.Exit(1)
	}
}

func check(name string) error {
	raw, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	documents := yaml.NewDocumentDecoder(io.NopCloser(bytes.NewReader(raw)))
	text := make([]byte, len(raw))
	for {
		n, err := documents.Read(text)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		var is struct{ APIVersion, Kind string }
		if err := strict.Unmarshal(text[:n], &is); err != nil {
			return err
		}
		kind, known := kinds[is.APIVersion+" "+is.Kind]
		if !known {
			return fmt.Errorf("%s %s: name its type in .ci/manifests", is.APIVersion, is.Kind)
		}
		if err := strict.UnmarshalStrict(text[:n], kind()); err != nil {
			return fmt.Errorf("%s: %w", is.Kind, err)
		}
	}
}
