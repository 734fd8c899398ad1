package link

import (
	"encoding/json"
	"time"
)

// Action is what happened to a link.
type Action string

// The actions that the history of a link records.
const (
	Edited   Action = "edited"
	Removed  Action = "deleted"
	Restored Action = "restored"
)

// Event is one entry of a link's history.
type Event struct {
	At      time.Time `json:"at"`
	Action  Action    `json:"action"`
	By      string    `json:"by"` // the person or the owner of the API key; for a key of a space, "key:" and its ID
	Changes []Change  `json:"changes"`
}

// MarshalJSON writes the time with fixed milliseconds, and no changes as an empty list.
func (e Event) MarshalJSON() ([]byte, error) {
	type plain Event
	if e.Changes == nil {
		e.Changes = []Change{}
	}
	return json.Marshal(struct {
		At string `json:"at"`
		plain
	}{e.At.UTC().Format(timeFormat), plain(e)})
}
