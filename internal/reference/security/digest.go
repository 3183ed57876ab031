package security

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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

// snapshot is what Save writes.
type snapshot struct {
	Roles map[string]Role `json:"roles"`
	Users map[string]user `json:"users"`
	Keys  map[string]*Key `json:"keys"`
}

// Save writes everybody but the superuser, whose password is configuration.
func (s *Service) Save(w io.Writer) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := snapshot{Roles: s.roles, Users: map[string]user{}, Keys: s.keys}
	for name, u := range s.users {
		if name != Superuser {
			out.Users[name] = u
		}
	}
	if err := json.NewEncoder(w).Encode(out); err != nil {
		return fmt.Errorf("write users, roles and keys: %w", err)
	}
	return nil
}

// Load reads what Save wrote. Nothing to read stands for nobody.
func (s *Service) Load(r io.Reader) error {
	in := snapshot{Roles: map[string]Role{}, Users: map[string]user{}, Keys: map[string]*Key{}}
	if err := json.NewDecoder(r).Decode(&in); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read users, roles and keys: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	in.Users[Superuser] = s.users[Superuser]
	s.roles, s.users, s.keys = in.Roles, in.Users, in.Keys
	return nil
}
