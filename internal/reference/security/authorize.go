package security

import (
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/reference/eserr"
)

// Subject is somebody who is authenticated.
type Subject struct {
	User     string
	Assigned []string // roles that the user was given; none for an API key
	Key      *Key     // nil for a user with a password

	Undefined []string // those of Assigned that are not defined
	Granted   []Role   // what the subject may

	effective   []string // those of Assigned that are defined
	limit       []Role   // what a key's owner may; nil for a user
	runBy       string   // who acts as User, or ""
	deniedRunAs string   // whom this one wanted to act as, but may not
}

// Action is something that somebody does.
type Action struct {
	Name string
	// Privileges that grant it, in the order in which they are told.
	Privileges []string
	// Indices that it is done to, none for all that there are; nil for an
	// action of the cluster.
	Indices []string
}

// Authorize returns nil where the subject may do it, else a 403.
func (s *Subject) Authorize(a Action) *eserr.Error {
	if s.deniedRunAs != "" {
		return refusal("action [%s] is unauthorized for %s, because %s is unauthorized to run as [%s]",
			a.Name, s.describe(), s.name(), s.deniedRunAs)
	}
	if a.Privileges == nil || s.may(a) {
		return nil
	}
	kind, on := "cluster", ""
	if a.Indices != nil {
		kind = "index"
	}
	if len(a.Indices) > 0 {
		on = " on indices [" + strings.Join(a.Indices, ",") + "]"
	}
	return refusal("action [%s] is unauthorized for %s%s, this action is granted by the %s privileges [%s]",
		a.Name, s.describe(), on, kind, strings.Join(a.Privileges, ","))
}

func refusal(format string, args ...any) *eserr.Error {
	return eserr.New(http.StatusForbidden, Type, format, args...)
}

// HasCluster reports whether the subject has a privilege of the cluster, by
// itself or as part of a greater one.
func (s *Subject) HasCluster(privilege string) bool {
	return s.may(Action{Privileges: widened(privilege, clusterParts)})
}

// HasIndex reports whether the subject has a privilege on an index.
func (s *Subject) HasIndex(index, privilege string) bool {
	return s.may(Action{Privileges: widened(privilege, indexParts), Indices: []string{index}})
}

// clusterParts and indexParts tell in which greater privileges one is
// contained.
var (
	clusterParts = map[string][]string{
		"monitor_connector":  {"manage_connector", "manage"},
		"manage_connector":   {"manage"},
		"monitor":            {"manage"},
		"manage_api_key":     {"manage_security"},
		"manage_own_api_key": {"manage_api_key", "manage_security"},
	}
	indexParts = map[string][]string{
		"index": {"write"}, "delete": {"write"}, "create": {"index", "write"}, "create_doc": {"create", "index", "write"},
	}
)

func widened(privilege string, parts map[string][]string) []string {
	return append(append([]string{privilege}, parts[privilege]...), "all")
}

func (s *Subject) may(a Action) bool {
	return s.allowed(s.Granted, a) && (s.limit == nil || s.allowed(s.limit, a))
}

func (s *Subject) allowed(roles []Role, a Action) bool {
	if a.Indices == nil {
		return slices.ContainsFunc(roles, func(r Role) bool { return anyOf(r.Cluster, a.Privileges) })
	}
	if len(a.Indices) == 0 {
		return slices.ContainsFunc(roles, func(r Role) bool {
			return slices.ContainsFunc(r.Indices, func(p IndexPrivileges) bool { return anyOf(p.Privileges, a.Privileges) })
		})
	}
	for _, index := range a.Indices {
		if !onIndex(roles, index, a.Privileges) {
			return false
		}
	}
	return true
}

func onIndex(roles []Role, index string, privileges []string) bool {
	return slices.ContainsFunc(roles, func(r Role) bool {
		return slices.ContainsFunc(r.Indices, func(p IndexPrivileges) bool {
			return covers(p.Names, index) && anyOf(p.Privileges, privileges)
		})
	})
}

func (s *Subject) mayRunAs(name string) bool {
	return slices.ContainsFunc(s.Granted, func(r Role) bool { return covers(r.RunAs, name) })
}

// covers reports whether one of the patterns fits a name.
func covers(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		fits, err := path.Match(pattern, name)
		return pattern == name || err == nil && fits
	})
}

func anyOf(have, want []string) bool {
	return slices.ContainsFunc(have, func(p string) bool { return slices.Contains(want, p) })
}

// name says who it is.
func (s *Subject) name() string {
	if s.Key != nil {
		return fmt.Sprintf("API key id [%s] of user [%s]", s.Key.ID, s.User)
	}
	if s.runBy != "" {
		return fmt.Sprintf("user [%s] run as [%s]", s.runBy, s.User)
	}
	return fmt.Sprintf("user [%s]", s.User)
}

// describe says who it is and with which roles.
func (s *Subject) describe() string {
	if s.Key != nil {
		return s.name()
	}
	text := fmt.Sprintf("%s with effective roles [%s]", s.name(), strings.Join(s.effective, ","))
	if len(s.Undefined) > 0 {
		text += fmt.Sprintf(" (assigned roles [%s] were not found)", strings.Join(s.Undefined, ","))
	}
	return text
}
