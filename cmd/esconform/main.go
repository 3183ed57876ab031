// Command esconform holds a running Elasticsearch against what its connector
// sync-job API is required to do.
package main

import (
	"os"

	"github.com/esconform/esconform/internal/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
