package security

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// digest is a secret that can be checked but not read: a salt and the hash of
// both. It keeps secrets out of files and memory dumps; a server that anybody
// can reach would take a slower hash.
type digest []byte

const saltSize = 16

func digestOf(secret string) digest {
	salt := make([]byte, saltSize)
	_, _ = rand.Read(salt) // never fails
	return salted(salt, secret)
}

func salted(salt []byte, secret string) digest {
	sum := sha256.Sum256(append(slices.Clone(salt), secret...))
	return append(slices.Clone(salt), sum[:]...)
}

func (d digest) matches(secret string) bool {
	return len(d) > saltSize && subtle.ConstantTimeCompare(d, salted(d[:saltSize], secret)) == 1
}

// state is who there is, but for the superuser, whose password is
// configuration.
type state struct {
	Roles map[string]Role `json:"roles"`
	Users map[string]user `json:"users"`
	Keys  map[string]*Key `json:"keys"`
}

// State returns who there is, for SetState.
func (s *Service) State() (json.RawMessage, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := state{Roles: s.roles, Users: maps.Clone(s.users), Keys: s.keys}
	delete(out.Users, Superuser)
	text, err := json.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("write users, roles and keys: %w", err)
	}
	return text, nil
}

// SetState replaces who there is by what State returned.
func (s *Service) SetState(text json.RawMessage) error {
	in := state{Roles: map[string]Role{}, Users: map[string]user{}, Keys: map[string]*Key{}}
	if err := json.Unmarshal(text, &in); err != nil {
		return fmt.Errorf("read users, roles and keys: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	in.Users[Superuser] = s.users[Superuser]
	s.roles, s.users, s.keys = in.Roles, in.Users, in.Keys
	return nil
}
