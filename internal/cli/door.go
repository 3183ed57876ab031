package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/internal/wire"
)

// addressVariables may hold a password in a URL.
var addressVariables = append([]string{"DOCKER_HOST", environmentName("url")}, proxyVariables...)

// proxyVariables are those that other programs take a proxy from.
var proxyVariables = []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"}

// learnSecrets takes note of every secret that the process was given, so that
// no message repeats one, whoever words it.
func (a *app) learnSecrets(args []string) {
	a.secrets.Add(a.getenv(passwordVariable))
	a.secrets.AddKey(bareKey(a.getenv(apiKeyVariable)))
	for _, name := range addressVariables {
		for _, address := range wire.Addresses(a.getenv(name)) {
			a.secrets.AddURL(address)
		}
	}
	for _, arg := range args {
		for _, address := range wire.Addresses(arg) {
			if at := strings.Index(address, "://"); at >= 0 {
				a.secrets.AddURL(address[at+len("://"):]) // also of --url=https://…
			}
		}
	}
}

// open brings a target up, and says where it is not reached as other programs
// would reach it.
func (a *app) open(ctx context.Context, t *targetFlags) (*target.Target, error) {
	t.secrets = a.secrets
	if proxy := proxyFor(wire.Addresses(t.url)[0]); proxy != "" {
		fmt.Fprintf(a.stderr, "esconform: the proxy %s of the environment is not used: requests go to the target directly\n", proxy)
	}
	return t.open(ctx, a.getenv)
}

// proxyFor returns the proxy that the environment has for an address, "" for
// none. Addresses of this machine never have one.
func proxyFor(address string) string {
	to, err := url.Parse(address)
	if err != nil || to.Host == "" {
		return ""
	}
	proxy, err := http.ProxyFromEnvironment(&http.Request{URL: to})
	if err != nil || proxy == nil {
		return ""
	}
	return foreign.URL(proxy.String())
}

// flush writes what has no end of its line yet. Where that fails, there is
// nowhere left to say so.
func (a *app) flush() { _ = errors.Join(a.stderr.Flush(), a.stdout.Flush()) }
