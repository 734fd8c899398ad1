package sources

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"sync"

	"github.com/minim-dev/minim/infra/local/disk"
)

// checkpoint is how far the shards of a stream were delivered, kept in a file.
type checkpoint struct {
	path string

	mu    sync.Mutex
	state checkpointState
}

type checkpointState struct {
	Stream string              `json:"stream"`
	Shards map[string]position `json:"shards"`
}

// position is a place in a shard: its beginning, after a change, or its end.
type position struct {
	After string `json:"after,omitempty"`
	Done  bool   `json:"done,omitempty"`
}

// openCheckpoint reads the file. Without one nothing was delivered.
func openCheckpoint(path string) (*checkpoint, error) {
	c := &checkpoint{path: path}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of checkpoints: %w", err)
	}
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, fmt.Errorf("read how far a stream was delivered: %w", err)
	default:
		if err := json.Unmarshal(text, &c.state); err != nil {
			return nil, fmt.Errorf("%s is damaged; remove it: %w", path, err)
		}
	}
	if c.state.Shards == nil {
		c.state.Shards = map[string]position{}
	}
	return c, nil
}

func (c *checkpoint) stream() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state.Stream
}

// begin drops another stream.
func (c *checkpoint) begin(stream string, shards map[string]position) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.state = checkpointState{stream, shards}
	return c.save()
}

func (c *checkpoint) at(shard string) position {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state.Shards[shard]
}

// reach notes how far a shard was delivered, unless the stream is another one by now.
func (c *checkpoint) reach(stream, shard string, p position) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state.Stream != stream {
		return nil
	}
	c.state.Shards[shard] = p
	return c.save()
}

// keep drops the shards that the stream does not have any more; the file follows
// with the next progress.
func (c *checkpoint) keep(there map[string]bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.DeleteFunc(c.state.Shards, func(shard string, _ position) bool { return !there[shard] })
}

func (c *checkpoint) save() error { return writeState(c.path, c.state) }

// writeState writes JSON to a file so that a reader finds the old text or the new
// one, whole.
func writeState(path string, state any) error {
	text, err := json.Marshal(state)
	if err != nil {
		return err
	}
	if err := disk.Replace(path, text); err != nil {
		return fmt.Errorf("write how far events have come: %w", err)
	}
	return nil
}

// DeleteOthers removes the checkpoints of mappings that are not among those of a
// folder any more: one that is made again begins anew, as in AWS.
func DeleteOthers(folder string, mappings map[string]bool) error {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, entry := range entries {
		if !mappings[entry.Name()] {
			err = errors.Join(err, os.Remove(filepath.Join(folder, entry.Name())))
		}
	}
	return err
}
