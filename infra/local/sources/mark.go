package sources

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"time"
)

// overlap is the maximum time by which events of objects may be out of order.
const overlap = 2 * time.Minute

// mark stores the progress of events in a file: the time of the last event, and the
// events that were delivered shortly before it.
type mark struct {
	path string

	mu    sync.Mutex
	state markState
}

type markState struct {
	Reached   time.Time            `json:"reached"`
	Delivered map[string]time.Time `json:"delivered"`
}

// openMark reads the file. If it does not exist, older events are ignored.
func openMark(path string) (*mark, error) {
	m := &mark{path: path, state: markState{Delivered: map[string]time.Time{}}}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		m.state.Reached = time.Now().Add(overlap)
		return m, m.save()
	}
	if err != nil {
		return nil, fmt.Errorf("read the progress of events: %w", err)
	}
	if err := json.Unmarshal(text, &m.state); err != nil {
		return nil, fmt.Errorf("%s is damaged; remove it: %w", path, err)
	}
	if m.state.Delivered == nil {
		m.state.Delivered = map[string]time.Time{}
	}
	return m, nil
}

// since returns the time before which all events were delivered.
func (m *mark) since() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.state.Reached.Add(-overlap).Truncate(time.Second) // S3 reports times in seconds
}

func (m *mark) knows(h happening) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, ok := m.state.Delivered[h.identity()]
	return ok
}

// reached records that an event was delivered.
func (m *mark) reached(h happening, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if at.After(m.state.Reached) {
		m.state.Reached = at
	}
	m.state.Delivered[h.identity()] = at
	for id, delivered := range m.state.Delivered {
		if delivered.Before(m.state.Reached.Add(-2 * overlap)) {
			delete(m.state.Delivered, id)
		}
	}
	return m.save()
}

func (m *mark) save() error { return writeState(m.path, m.state) }

// identity is equal for equal content of the same key.
func (h happening) identity() string { return h.bucket + "/" + h.key + "#" + h.etag }
