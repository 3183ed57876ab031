package container

import (
	"bytes"
	"path"

	"github.com/testcontainers/testcontainers-go"

	"github.com/esconform/esconform/internal/certs"
)

// secure gives every node a certificate of one authority, with which they know
// each other and are known to clients: a node that makes certificates for itself
// makes them for itself alone.
func (c *cluster) secure() error {
	authority, err := certs.New()
	if err != nil {
		return err
	}
	for _, i := range c.nodes {
		i.ca = authority.PEM
		cert, key, err := authority.IssuePEM(append(certs.LocalHosts(), i.name)...)
		if err != nil {
			return err
		}
		i.certs = map[string][]byte{"ca.crt": authority.PEM, "node.crt": cert, "node.key": key}
	}
	return nil
}

// files are what a container finds when it starts.
func (i *instance) files() []testcontainers.ContainerFile {
	var out []testcontainers.ContainerFile
	for name, content := range i.certs {
		out = append(out, testcontainers.ContainerFile{
			Reader: bytes.NewReader(content), ContainerFilePath: path.Join(configDir, certDir, name), FileMode: 0o644,
		})
	}
	return out
}

const (
	configDir = "/usr/share/elasticsearch/config"
	certDir   = "esconform" // in it
)

// trust are the settings by which a node of a secured cluster uses its
// certificate, towards clients and other nodes.
func trust() map[string]string {
	settings := map[string]string{"xpack.security.transport.ssl.verification_mode": "certificate"}
	for _, side := range []string{"http", "transport"} {
		prefix := "xpack.security." + side + ".ssl."
		settings[prefix+"enabled"] = "true"
		settings[prefix+"key"] = certDir + "/node.key"
		settings[prefix+"certificate"] = certDir + "/node.crt"
		settings[prefix+"certificate_authorities"] = certDir + "/ca.crt"
	}
	return settings
}
