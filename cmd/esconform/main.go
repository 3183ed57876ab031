// Command esconform holds a running Elasticsearch against what its connector
// sync-job API is required to do.
package main

import (
	"os"

	// Certificate authorities for machines that have none, such as the image.
	_ "golang.org/x/crypto/x509roots/fallback"

	"github.com/esconform/esconform/internal/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
