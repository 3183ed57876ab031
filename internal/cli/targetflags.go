package cli

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/internal/target/container"
	"github.com/esconform/esconform/internal/userfile"
	"github.com/esconform/esconform/internal/wire"
)

// The variables that hold secrets. None of them has a flag: a command line is
// there for everybody on the machine to read.
const (
	passwordVariable = "ESCONFORM_PASSWORD"
	apiKeyVariable   = "ESCONFORM_API_KEY"
)

var secretVariables = []string{passwordVariable, apiKeyVariable}

// targetFlags choose a target and say how to reach it.
type targetFlags struct {
	runID    string     // that a container is known by; no flag
	restarts bool       // a selected scenario restarts the target; no flag
	memory   memorySize // of a container
	nodes    nodeCount  // containers of one cluster

	url, esVersion, image, emulate, fault string
	security, requireES, disposable       bool
	writeDelay                            time.Duration

	username, passwordFile, apiKeyFile         string
	caCert, fingerprint, clientCert, clientKey string
	insecure                                   bool
	caFile                                     string // where an embedded server with security leaves its authority

	limits  limits.Limits
	secrets *foreign.Secrets
}

func (t *targetFlags) register(f *pflag.FlagSet) {
	f.StringVar(&t.url, "url", "", "test the cluster at this `address`, or round the nodes at several (https://a:9200,https://b:9200)")
	f.StringVar(&t.esVersion, "es-version", "", "test a container of this Elasticsearch `version`")
	f.StringVar(&t.image, "image", "", "test a container of this `image`")
	t.memory.register(f)
	t.nodes.register(f)
	f.BoolVar(&t.security, "security", false, "turn security on, in the container or the embedded server: TLS, users and privileges")
	f.StringVar(&t.emulate, "emulate", "", "have the embedded server behave like this Elasticsearch `version`")
	f.StringVar(&t.fault, "fault", "", "`id` of a defect to give the embedded server; see \"esconform list --faults\"")
	f.DurationVar(&t.writeDelay, "write-delay", 0, "have the embedded server take this long for each write")
	f.BoolVar(&t.requireES, "require-elasticsearch", false, "refuse any target that is not Elasticsearch")

	f.BoolVar(&t.disposable, "disposable", false, "declare that nothing in the cluster at --url is anybody's: REST tests run as they are")

	t.registerAccess(f)
	t.registerLimits(f)
}

// registerAccess registers what it takes to be let into a cluster.
func (t *targetFlags) registerAccess(f *pflag.FlagSet) {
	f.StringVar(&t.username, "username", "", "user `name`; its password is taken from "+passwordVariable)
	f.StringVar(&t.passwordFile, "password-file", "", "`file` that holds the password")
	f.StringVar(&t.apiKeyFile, "api-key-file", "", "`file` that holds an API key (or "+apiKeyVariable+")")
	f.StringVar(&t.caCert, "ca-cert", "", "`file` with the certificate authority of the cluster, PEM")
	f.StringVar(&t.fingerprint, "ca-fingerprint", "", "SHA-256 `fingerprint` of the cluster's certificate authority, hex")
	f.StringVar(&t.clientCert, "client-cert", "", "`file` with a client certificate, PEM")
	f.StringVar(&t.clientKey, "client-key", "", "`file` with the key of the client certificate, PEM")
	f.BoolVar(&t.insecure, "insecure", false, "do not verify the cluster's certificate; shown in every report")
}

func (t *targetFlags) registerLimits(f *pflag.FlagSet) {
	def := limits.Default()
	f.DurationVar(&t.limits.Request, "timeout-request", def.Request, "time limit of one request")
	f.DurationVar(&t.limits.Scenario, "timeout-scenario", def.Scenario, "time limit of one scenario")
	f.DurationVar(&t.limits.Start, "timeout-start", def.Start, "time limit for the target to come up, and again for it to be ready for a write")
	f.DurationVar(&t.limits.Cleanup, "timeout-cleanup", def.Cleanup, "time limit for deleting what a scenario created")
	f.DurationVar(&t.limits.Sweep, "timeout-sweep", def.Sweep, "time limit, at the end, for deleting what could not be deleted in time")
	f.DurationVar(&t.limits.Run, "timeout-run", def.Run, "time limit of the whole run")
}

// check refuses what cannot work before anything starts.
func (t *targetFlags) check(getenv func(string) string) error {
	if err := t.checkKinds(); err != nil {
		return err
	}
	for _, v := range []struct{ flag, version string }{{"--es-version", t.esVersion}, {"--emulate", t.emulate}} {
		if v.version == "" {
			continue
		}
		if _, err := esversion.Parse(v.version); err != nil {
			return fmt.Errorf("%s: %w", v.flag, err)
		}
	}
	if t.fault != "" {
		faults, err := chooseFaults([]string{t.fault})
		if err != nil {
			return err
		}
		if faults[0].Security && !t.security {
			return fmt.Errorf("--fault %s: it shows only where security is on; add --security", t.fault)
		}
	}
	if t.url == "" {
		return nil
	}
	_, err := t.wireConfig(getenv)
	return err
}

// checkKinds refuses flags that do not go together, and limits that are none.
func (t *targetFlags) checkKinds() error {
	var kinds []string
	for _, k := range []struct{ flag, value string }{{"--url", t.url}, {"--es-version", t.esVersion}, {"--image", t.image}} {
		if k.value != "" {
			kinds = append(kinds, k.flag)
		}
	}
	embedded := len(kinds) == 0
	for _, c := range []struct {
		wrong bool
		text  string
	}{
		{len(kinds) > 1, strings.Join(kinds, " and ") + " name different targets; give one of them"},
		{!embedded && t.emulate != "", "--emulate is for the embedded server; leave it out with " + strings.Join(kinds, "")},
		{!embedded && t.fault != "", "--fault is for the embedded server; leave it out with " + strings.Join(kinds, "")},
		{!embedded && t.writeDelay != 0, "--write-delay is for the embedded server; leave it out with " + strings.Join(kinds, "")},
		{embedded && t.requireES, "--require-elasticsearch: no target is given, and the embedded server is not Elasticsearch; add --url, --es-version or --image"},
		{embedded && t.nodes > 1, "--nodes is for containers, and the embedded server is a single node; add --es-version or --image"},
		{t.url != "" && t.nodes > 1, "--nodes is for containers; give --url the addresses of all nodes, separated by commas"},
		{t.security && t.url != "", "--security turns security on in a target that esconform starts; a cluster given by --url has it or not"},
		{t.disposable && t.url == "", "--disposable is about a cluster given by --url; what esconform starts is disposable anyway"},
		{t.insecure && (t.caCert != "" || t.fingerprint != ""), "--insecure contradicts --ca-cert and --ca-fingerprint; leave one out"},
		{(t.clientCert == "") != (t.clientKey == ""), "--client-cert and --client-key go together; give both"},
		{t.url == "" && (t.username != "" || t.passwordFile != "" || t.apiKeyFile != "" || t.caCert != "" || t.fingerprint != "" || t.clientCert != "" || t.insecure),
			"credentials and certificates are for a cluster of your own; add --url"},
	} {
		if c.wrong {
			return errors.New(c.text)
		}
	}
	for _, l := range []struct {
		flag  string
		value time.Duration
	}{
		{"timeout-request", t.limits.Request}, {"timeout-scenario", t.limits.Scenario}, {"timeout-start", t.limits.Start},
		{"timeout-cleanup", t.limits.Cleanup}, {"timeout-sweep", t.limits.Sweep}, {"timeout-run", t.limits.Run},
	} {
		if l.value <= 0 {
			return fmt.Errorf("--%s %s: a time limit is more than nothing, such as 10s", l.flag, l.value)
		}
	}
	if t.writeDelay < 0 {
		return fmt.Errorf("--write-delay %s: cannot be negative", t.writeDelay)
	}
	return nil
}

// kind describes the target before it is up, for the report of a run that
// never starts.
func (t *targetFlags) kind() result.Target {
	switch {
	case t.url != "":
		return result.Target{Kind: "url", URL: bare(t.url), Version: "unknown"}
	case t.esVersion != "" || t.image != "":
		return result.Target{Kind: "container", Version: "unknown", Image: t.image, Security: t.security}
	}
	return result.Target{Kind: "embedded", Version: "unknown", Security: t.security}
}

// bare is what --url names, without user names and passwords.
func bare(urls string) string { return eachAddress(urls, foreign.Bare) }

// eachAddress changes each of the addresses that --url names.
func eachAddress(urls string, change func(string) string) string {
	all := wire.Addresses(urls)
	for i := range all {
		all[i] = change(all[i])
	}
	return strings.Join(all, ",")
}

// embeddedSecurity reports whether the target is the embedded server with
// security on.
func (t *targetFlags) embeddedSecurity() bool {
	return t.security && t.url == "" && t.esVersion == "" && t.image == ""
}

// open brings the target up; the flags have been checked. An error of usage is returned as it is; a target
// that does not come up is an inconclusiveError.
func (t *targetFlags) open(ctx context.Context, getenv func(string) string) (*target.Target, error) {
	switch {
	case t.url != "":
		return t.openURL(ctx, getenv)
	case t.esVersion != "" || t.image != "":
		tgt, err := container.Start(ctx, container.Config{
			RunID: t.runID, Image: t.image, Version: t.esVersion, Security: t.security, Limits: t.limits,
			Nodes: int(t.nodes), Restarts: t.restarts, Memory: t.memory.bytes, Secrets: t.secrets,
		})
		return tgt, t.started(ctx, tgt, err)
	}
	cfg := target.EmbeddedConfig{Fault: t.fault, WriteDelay: t.writeDelay, Security: t.security, CAFile: t.caFile, Limits: t.limits, Secrets: t.secrets}
	if t.emulate != "" {
		cfg.Emulate = esversion.MustParse(t.emulate) // check has parsed it
	}
	tgt, err := target.Embedded(ctx, cfg)
	return tgt, t.started(ctx, tgt, err)
}

func (t *targetFlags) openURL(ctx context.Context, getenv func(string) string) (*target.Target, error) {
	cfg, err := t.wireConfig(getenv)
	if err != nil {
		return nil, err
	}
	tgt, err := target.URL(ctx, cfg)
	return tgt, t.started(ctx, tgt, err)
}

// started turns the error of a target that did not come up into an
// inconclusive one, and refuses what only poses as Elasticsearch.
func (t *targetFlags) started(ctx context.Context, tgt *target.Target, err error) error {
	if err != nil {
		var start *target.StartError
		if errors.As(err, &start) || ctx.Err() != nil {
			return &inconclusiveError{err}
		}
		return err
	}
	tgt.Disposable = t.url == "" || t.disposable
	if t.requireES && !tgt.Info.IsElasticsearch {
		_ = tgt.Close(context.WithoutCancel(ctx))
		return fmt.Errorf("--require-elasticsearch: the target at %s is esconform's reference server, not Elasticsearch", tgt.Info.URL)
	}
	return nil
}

func (t *targetFlags) wireConfig(getenv func(string) string) (wire.Config, error) {
	cfg := wire.Config{URL: t.url, Fingerprint: t.fingerprint, Insecure: t.insecure, Limits: t.limits, Secrets: t.secrets}
	password, err := secret(getenv, passwordVariable, "--password-file", t.passwordFile)
	if err != nil {
		return cfg, err
	}
	apiKey, err := secret(getenv, apiKeyVariable, "--api-key-file", t.apiKeyFile)
	if err != nil {
		return cfg, err
	}
	switch {
	case t.username != "" && password == "":
		return cfg, fmt.Errorf("--username %s: no password; put it in %s or --password-file", t.username, passwordVariable)
	case t.username == "" && password != "":
		return cfg, errors.New("a password is given but no user; add --username")
	case t.username != "" && apiKey != "":
		return cfg, errors.New("both a user and an API key are given; use one of them")
	}
	cfg.Auth = wire.Auth{Username: t.username, Password: password, APIKey: bareKey(apiKey)}
	if t.caCert != "" {
		raw, err := userfile.Read(t.caCert, userfile.Small)
		if err != nil {
			return cfg, fmt.Errorf("read --ca-cert: %w", err)
		}
		cfg.CACert = userfile.TrimBOM(raw)
	}
	if t.clientCert != "" {
		pair, err := readPair(t.clientCert, t.clientKey)
		if err != nil {
			return cfg, fmt.Errorf("read --client-cert %s and --client-key %s: %w", t.clientCert, t.clientKey, err)
		}
		cfg.ClientCert = &pair
	}
	return cfg, nil
}

// bareKey is an API key without the word before it in a header: a file may hold
// what was copied from there.
func bareKey(key string) string {
	if scheme, bare, ok := strings.Cut(key, " "); ok && strings.EqualFold(scheme, "ApiKey") {
		return strings.TrimSpace(bare)
	}
	return key
}

func readPair(certFile, keyFile string) (tls.Certificate, error) {
	cert, err := userfile.Read(certFile, userfile.Small)
	if err != nil {
		return tls.Certificate{}, err
	}
	key, err := userfile.Read(keyFile, userfile.Small)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.X509KeyPair(userfile.TrimBOM(cert), userfile.TrimBOM(key))
}

// secret reads a secret from its variable or its file. A final newline in a
// file is not part of it.
func secret(getenv func(string) string, variable, flag, file string) (string, error) {
	value := getenv(variable)
	if file == "" {
		return value, nil
	}
	if value != "" {
		return "", fmt.Errorf("%s and %s are both given; use one of them", variable, flag)
	}
	raw, err := userfile.Read(file, userfile.Small)
	if err != nil {
		return "", fmt.Errorf("read %s: %w", flag, err)
	}
	value = strings.TrimRight(string(userfile.TrimBOM(raw)), "\r\n")
	if value == "" {
		return "", fmt.Errorf("read %s %s: the file is empty", flag, file)
	}
	return value, nil
}
