package fault

import (
	"net/http"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/security"
)

// denies refuses calls of some, whatever their privileges.
func denies(are func(*subject) bool) effect {
	return step{judge: func(c *call, denied *failure) *failure {
		if are(c.Who) {
			return deny(c)
		}
		return denied
	}}.effect
}

// superuserOnly denies what others than the superuser may do.
var superuserOnly = step{judge: func(c *call, denied *failure) *failure {
	if denied == nil && c.Who.User != security.Superuser {
		return deny(c)
	}
	return denied
}}.effect

func deny(c *call) *failure {
	a := c.Server.Actions(c)[0]
	a.Privileges = []string{"all"}
	return (&subject{User: c.Who.User, Key: c.Who.Key}).Authorize(a)
}

// allows allows calls of some, whatever their privileges.
func allows(are func(*subject) bool) effect {
	return step{judge: func(c *call, denied *failure) *failure {
		if are(c.Who) {
			return nil
		}
		return denied
	}}.effect
}

func anybody(*subject) bool { return true }

// allowedToOther holds for calls that are allowed to somebody else than the
// superuser.
func allowedToOther(c *call) bool {
	who, err := reference.Plain{}.Authenticate(c)
	return err == nil && (who.User != security.Superuser || who.Key != nil) && reference.Plain{}.Authorize(c.Plain(who)) == nil
}

// guarded are the calls of the suite, and which requirements guard them.
var guarded = []struct{ op, what, by string }{
	{"create-connector", "Creating a connector", write},
	{"delete-connector", "Deleting a connector", write},
	{"create-job", "Creating a sync job", write},
	{"delete-job", "Deleting a sync job", write},
	{"stats", "Setting the stats", write},
	{"check-in", "A check-in", write},
	{"claim", "A claim", write},
	{"error", "Reporting an error", write},
	{"cancel", "Cancelling a sync job", write},
	{"get-connector", "Reading a connector", read},
	{"list-connectors", "Listing connectors", read},
	{"get-job", "Reading a sync job", read},
	{"list-jobs", "Listing sync jobs", read},
	{"get-doc", "Reading a stored document", direct},
	{"search", "Searching the stored documents", direct},
	{"update-doc", "Changing a stored document", direct},
	{"put-doc", "Replacing a stored document", direct},
	{"delete-doc", "Deleting a stored document", direct},
	{"root", "GET /", server},
}

// What guards a call.
const (
	write  = "privilege.needed-to-write privilege.granted"
	read   = "privilege.needed-to-read privilege.granted"
	direct = "direct.needed direct.granted"
	server = "server.needed server.granted"
)

func privilegeFaults() []Fault {
	f := guards.fault
	var faults []Fault
	for _, g := range guarded {
		needed, granted, _ := strings.Cut(g.by, " ")
		faults = append(faults,
			f("unchecked."+g.op, g.what+" needs no privilege.", needed, allows(anybody)).on(g.op),
			f("superuser-only."+g.op, g.what+" is granted to the superuser alone.", granted, superuserOnly).on(g.op))
	}
	for _, g := range guarded {
		if !slices.Contains([]string{"stats", "check-in", "cancel", "claim", "error", "delete-job"}, g.op) {
			continue
		}
		undone := saysUpdated
		if g.op == "delete-job" {
			undone = says(200, "acknowledged", true)
		}
		faults = append(faults, f("granted-only."+g.op,
			"Nothing comes of it where another than the superuser is allowed: "+strings.ToLower(g.what[:1])+g.what[1:]+".", "privilege.granted",
			when(all(allowedToOther, jobExists), undone)).on(g.op))
	}
	suffices := func(id, what string, has func(*subject) bool) Fault {
		return f("suffices."+id, what, "privilege.needed-to-write", allows(has)).on("stats")
	}
	return append(faults,
		suffices("monitor-connector", "Who monitors connectors may set the stats.", func(s *subject) bool { return s.HasCluster("monitor_connector") }),
		suffices("monitor", "Who monitors the cluster may set the stats.", func(s *subject) bool { return s.HasCluster("monitor") }),
		suffices("index-all", "Who owns the index may set the stats.", func(s *subject) bool { return s.HasIndex(reference.JobAlias, "all") }),
		f("direct.alias-covers", "Privileges on an alias hold for its index, and the reverse.", "direct.name", step{judge: aliasCovers}.effect),
		f("privilege.keys-refused", "API keys may not set the stats.", "privilege.granted key.owner", denies(func(s *subject) bool { return s.Key != nil })).on("stats"),
	)
}

// aliasCovers allows on an index what is allowed on its alias, and the reverse.
func aliasCovers(c *call, denied *failure) *failure {
	may := func(a security.Action, index string) bool {
		for _, name := range []string{index, strings.TrimSuffix(index, "-v1"), index + "-v1"} {
			if a.Indices = []string{name}; c.Who.Authorize(a) == nil {
				return true
			}
		}
		return false
	}
	for _, a := range c.Server.Actions(c) {
		if len(a.Indices) == 0 || slices.ContainsFunc(a.Indices, func(index string) bool { return !may(a, index) }) {
			return denied
		}
	}
	return nil
}

// doneAllTheSame makes a request that was refused, where it writes.
func doneAllTheSame(status int) effect {
	return respond(status, func(c *call, _ *response) {
		if c.Method != http.MethodGet && c.Method != http.MethodHead {
			c.Server.Dispatch(c.Plain(nil))
		}
	})
}

func refusalFaults() []Fault {
	f := alike("security.refusal.").fault
	unsaid := func(id, what, from, to string) Fault { return f(id, what, "reason", reword(forbidden, from, to)) }
	// echoes says in a refusal what was sent.
	echoes := func(id, what string, status int, by string, said func(*call) string) Fault {
		return f("echo-"+id, what, "no-credential", rereason(status, func(c *call, reason string) string { return reason + by + said(c) }))
	}
	secret := func(c *call) string { _, secret := credentials(c); return secret }
	sentHeader := func(c *call) string { return c.Header.Get(authorization) }
	halfDone := func(id, what string, effects ...effect) Fault { return f(id, what, "changes-nothing", effects...) }
	firstCount := func(statuses ...int) effect {
		return onJob(status(statuses...), set("deleted_document_count", number(7)))
	}
	faults := []Fault{
		f("403-as-401", "A missing privilege is answered with 401.", "status", restatus(forbidden, unauthorized)),
		f("403-as-404", "A missing privilege is answered with 404.", "status", restatus(forbidden, 404)),
		f("403-as-400", "A missing privilege is answered with 400.", "status", restatus(forbidden, 400)),
		f("403-as-500", "A missing privilege is answered with 500.", "status", restatus(forbidden, 500)),
		f("challenge", "A 403 asks to authenticate.", "status", sends(status(forbidden), "WWW-Authenticate", "ApiKey")),
		f("other-type", "A 403 is of the type of an illegal argument.", "reason", retype(forbidden, "", "illegal_argument_exception")),
		unsaid("no-action", "A 403 does not name what was to be done.", "action [", "something ["),
		unsaid("no-user", "A 403 does not name who was to do it.", "for user [", "for somebody ["),
		unsaid("no-privileges", "A 403 does not name the privileges that grant it.", "privileges [", "privileges, see the manual ["),
		unsaid("less-privileges", "A 403 does not name the least privilege.", "manage_connector,", ""),
		f("product", "A 401 or 403 names the product.", "no-product", productIs(status(unauthorized, forbidden), "Elasticsearch")),
		echoes("secret", "A 401 repeats the password or the secret of the key.", unauthorized, " with ", secret),
		echoes("header", "A 401 repeats the Authorization header.", unauthorized, " by ", sentHeader),
		echoes("secret-when-forbidden", "A 403 repeats the password or the secret of the key.", forbidden, " with ", secret),
		echoes("header-when-forbidden", "A 403 repeats the Authorization header.", forbidden, " by ", sentHeader),
		f("echo-in-header", "A 401 repeats the Authorization header in a header.", "no-credential",
			respond(unauthorized, func(c *call, r *response) { r.Header.Set("X-Debug-Authorization", sentHeader(c)) })),
		halfDone("half-done", "A refused update stores the first count.", firstCount(forbidden)).on("stats"),
		halfDone("half-done-without-credentials", "An update without credentials stores the first count.", firstCount(unauthorized)).on("stats"),
		halfDone("touches", "A refused update is written without a change.", touchJob(status(forbidden, unauthorized))).on("stats"),
		halfDone("done-without-credentials", "Whatever is refused for its credentials is done all the same.", doneAllTheSame(unauthorized)),
	}
	for _, g := range guarded {
		if g.by == write || g.by == direct && strings.HasSuffix(g.op, "-doc") && g.op != "get-doc" {
			faults = append(faults, halfDone("done-"+g.op, g.what+" is refused and done all the same.", doneAllTheSame(forbidden)).on(g.op))
		}
	}
	return append(faults, tellingFaults()...)
}

// tellingFaults tell somebody without a privilege what there is.
func tellingFaults() []Fault {
	f := alike("security.refusal.").fault
	tells := func(op, what string, exists func(c *call) bool, err func(c *call) *failure) Fault {
		return f("404-first."+op, what, "tells-nothing", when(not(exists), respondError(forbidden, err))).on(op)
	}
	noJob := func(c *call) *failure { return jobNotFound(jobID(c)) }
	connectorExists := func(c *call) bool {
		d, found := c.Server.Store().Get(reference.ConnectorIndex, c.Vars[reference.ConnectorParam])
		return found && d.Source.Get("deleted") != true
	}
	noConnector := func(c *call) *failure {
		return eserr.NotFound("connector [%s] not found", c.Vars[reference.ConnectorParam])
	}
	docExists := func(c *call) bool {
		_, found := c.Server.Store().Get(reference.JobIndex, c.Vars["id"])
		return found
	}
	return []Fault{
		tells("stats", "Whoever may not set stats is told which sync jobs there are.", jobExists, noJob),
		tells("check-in", "Whoever may not check in is told which sync jobs there are.", jobExists, noJob),
		tells("delete-job", "Whoever may not delete is told which sync jobs there are.", jobExists, noJob),
		tells("get-job", "Whoever may not read is told which sync jobs there are.", jobExists, noJob),
		tells("get-connector", "Whoever may not read is told which connectors there are.", connectorExists, noConnector),
		tells("delete-connector", "Whoever may not delete is told which connectors there are.", connectorExists, noConnector),
		tells("get-doc", "Whoever may not read the index is told which documents it has.", docExists, func(c *call) *failure {
			return eserr.NotFound("document [%s] not found", c.Vars["id"])
		}),
		f("names-existing", "A 403 names the sync job where there is one.", "tells-nothing", when(jobExists, rereason(forbidden,
			func(c *call, reason string) string { return reason + " on sync job [" + jobID(c) + "]" }))).on("stats"),
	}
}
