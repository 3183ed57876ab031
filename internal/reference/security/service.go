// Package security is Elasticsearch's security as far as the connector API
// meets it: users, roles and API keys kept in memory, who somebody is, and
// what they may do. Reasons are worded as real nodes word them (measured on
// 9.5.3).
package security

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// Superuser is the built-in user, SuperuserRole its role, which may do
// everything.
const (
	Superuser     = "elastic"
	SuperuserRole = "superuser"
)

// Config is what a service begins with.
type Config struct {
	// Password of the superuser.
	Password string
	// Now is the clock that keys expire by.
	Now func() time.Time
	// NewID makes an id of so many letters.
	NewID func(letters int) string
}

// Service knows who there is. It is safe for concurrent use.
type Service struct {
	now   func() time.Time
	newID func(int) string

	mu    sync.RWMutex
	roles map[string]Role
	users map[string]user
	keys  map[string]*Key
}

// Role is a set of privileges.
type Role struct {
	Cluster []string          `json:"cluster"`
	Indices []IndexPrivileges `json:"indices"`
	RunAs   []string          `json:"run_as"` // names of users, with wildcards
}

// IndexPrivileges are privileges on indices. A name covers the index or alias
// of that name alone, not what the alias stands for; * and ? are wildcards.
type IndexPrivileges struct {
	Names      []string `json:"names"`
	Privileges []string `json:"privileges"`
}

// user is an account with a password, which is kept as a digest.
type user struct {
	Roles    []string `json:"roles"`
	Password digest   `json:"password"`
}

// Key is an API key.
type Key struct {
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	Owner       string    `json:"owner"`
	Created     time.Time `json:"created"`
	Expires     time.Time `json:"expires"` // zero: never
	Invalidated bool      `json:"invalidated"`

	Secret digest `json:"secret"`
	Roles  []Role `json:"roles"` // nil: what the owner may
	Limit  []Role `json:"limit"` // what the owner may
}

// builtin are the roles that nobody has to create.
var builtin = map[string]Role{
	SuperuserRole: {
		Cluster: []string{"all"},
		Indices: []IndexPrivileges{{Names: []string{"*"}, Privileges: []string{"all"}}},
		RunAs:   []string{"*"},
	},
}

// New returns a service with the superuser alone.
func New(c Config) *Service {
	return &Service{
		now: c.Now, newID: c.NewID,
		roles: map[string]Role{}, keys: map[string]*Key{},
		users: map[string]user{Superuser: {Roles: []string{SuperuserRole}, Password: digestOf(c.Password)}},
	}
}

// PutRole creates or replaces a role and reports whether it is new.
func (s *Service) PutRole(name string, r Role) (created bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, existed := s.roles[name]
	s.roles[name] = r
	return !existed
}

// Role returns a role that somebody created.
func (s *Service) Role(name string) (Role, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	r, ok := s.roles[name]
	return r, ok
}

// RoleNames lists the roles that somebody created, sorted.
func (s *Service) RoleNames() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Sorted(maps.Keys(s.roles))
}

// DeleteRole removes a role and reports whether it was there.
func (s *Service) DeleteRole(name string) (found bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, found = s.roles[name]
	delete(s.roles, name)
	return found
}

// PutUser creates a user, or changes roles and, where there is one, password
// of the one of that name. A new user has to have a password.
func (s *Service) PutUser(name, password string, roles []string) (created, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u, existed := s.users[name]
	if !existed && password == "" {
		return false, false
	}
	if password != "" {
		u.Password = digestOf(password)
	}
	u.Roles = slices.Clone(roles)
	s.users[name] = u
	return !existed, true
}

// UserRoles returns the roles that a user was given.
func (s *Service) UserRoles(name string) ([]string, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	u, ok := s.users[name]
	return slices.Clone(u.Roles), ok
}

// UserNames lists all users, sorted.
func (s *Service) UserNames() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Sorted(maps.Keys(s.users))
}

// DeleteUser removes a user other than the superuser.
func (s *Service) DeleteUser(name string) (found bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, found = s.users[name]; !found || name == Superuser {
		return false
	}
	delete(s.users, name)
	return true
}

// CreateKey makes an API key for its owner, who bounds what it may do. Without
// roles it may do what the owner may. A lifetime of 0 is without end. The
// secret is told this once.
func (s *Service) CreateKey(owner *Subject, name string, roles []Role, lifetime time.Duration) (k Key, secret string) {
	secret = s.newID(22)
	key := &Key{
		ID: s.newID(20), Name: name, Owner: owner.User, Created: s.now(),
		Secret: digestOf(secret), Roles: roles, Limit: slices.Clone(owner.Granted),
	}
	if lifetime > 0 {
		key.Expires = key.Created.Add(lifetime)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys[key.ID] = key
	return *key, secret
}

// Filter chooses API keys; what is empty or false chooses all.
type Filter struct {
	ID, Name string // the name may end in a star
	Valid    bool   // only those that were not invalidated
	Active   bool   // only those that are of use: neither invalidated nor expired
}

func (f Filter) passes(k *Key, now time.Time) bool {
	prefix, open := strings.CutSuffix(f.Name, "*")
	switch {
	case f.ID != "" && f.ID != k.ID,
		f.Name != "" && !open && f.Name != k.Name,
		open && !strings.HasPrefix(k.Name, prefix),
		(f.Valid || f.Active) && k.Invalidated:
		return false
	}
	return !f.Active || k.Expires.IsZero() || now.Before(k.Expires)
}

// Keys returns API keys in the order of their creation.
func (s *Service) Keys(f Filter) []Key {
	now := s.now()
	s.mu.RLock()
	defer s.mu.RUnlock()
	var found []Key
	for _, k := range s.keys {
		if f.passes(k, now) {
			found = append(found, *k)
		}
	}
	slices.SortFunc(found, func(a, b Key) int { return a.Created.Compare(b.Created) })
	return found
}

// InvalidateKeys makes API keys useless, and returns which of them were not
// and which already were.
func (s *Service) InvalidateKeys(ids []string) (now, before []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		switch k := s.keys[id]; {
		case k == nil:
		case k.Invalidated:
			before = append(before, id)
		default:
			k.Invalidated = true
			now = append(now, id)
		}
	}
	return now, before
}
