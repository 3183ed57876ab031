package reftest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/esconform/esconform/internal/reference"
)

// Document is a stored document, with what every write changes.
type Document struct {
	Version int64           `json:"version"`
	SeqNo   int64           `json:"seq_no"`
	Source  json.RawMessage `json:"source"`
}

// Same reports whether nobody has written a document since it was another.
func (d Document) Same(other Document) bool {
	return d.Version == other.Version && d.SeqNo == other.SeqNo && bytes.Equal(d.Source, other.Source)
}

// Remains is what is in a server.
type Remains struct {
	// Connectors, Jobs are the stored documents by their ids.
	Connectors, Jobs map[string]Document
	// Users and Roles are those that somebody created, Keys the API keys that
	// are of use to anybody.
	Users, Roles, Keys []string
	// Endless are API keys that never expire.
	Endless []string
	// Indices are all of them.
	Indices []string
}

// RemainsIn lists what is in a server, for tests of what runs leave behind.
func RemainsIn(server *reference.Server) (*Remains, error) {
	var saved bytes.Buffer
	if err := server.Save(&saved); err != nil {
		return nil, err
	}
	var accounts struct {
		Users, Roles map[string]any
		Keys         map[string]struct {
			Name        string
			Invalidated bool
			Expires     time.Time
		}
	}
	r := &Remains{Connectors: map[string]Document{}, Jobs: map[string]Document{}}
	for dec := json.NewDecoder(&saved); ; {
		var line struct {
			Op, Index, ID string
			Document
			Security json.RawMessage
		}
		err := dec.Decode(&line)
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil && line.Security != nil {
			err = json.Unmarshal(line.Security, &accounts)
		}
		if err != nil {
			return nil, fmt.Errorf("read what the server has saved: %w", err)
		}
		switch into := map[string]map[string]Document{".elastic-connectors-v1": r.Connectors, ".elastic-connectors-sync-jobs-v1": r.Jobs}[line.Index]; {
		case line.Op == "index":
			r.Indices = append(r.Indices, line.Index)
		case line.Op == "put" && into != nil:
			into[line.ID] = line.Document
		}
	}
	for name := range accounts.Users {
		r.Users = append(r.Users, name)
	}
	for name := range accounts.Roles {
		r.Roles = append(r.Roles, name)
	}
	for _, k := range accounts.Keys {
		if k.Expires.IsZero() {
			r.Endless = append(r.Endless, k.Name)
		}
		if !k.Invalidated && (k.Expires.IsZero() || k.Expires.After(time.Now())) {
			r.Keys = append(r.Keys, k.Name)
		}
	}
	return r, nil
}
