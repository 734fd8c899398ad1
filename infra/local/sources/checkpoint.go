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

// checkpoint stores the progress in each shard of a stream, in a file.
type checkpoint struct {
	path string

	mu    sync.Mutex
	state checkpointState
}

type checkpointState struct {
	Stream string              `json:"stream"`
	Shards map[string]position `json:"shards"`
}

// position is a position in a shard: at the beginning, after a change, or at the end.
type position struct {
	After string `json:"after,omitempty"`
	Done  bool   `json:"done,omitempty"`
}

// openCheckpoint reads the file. If it does not exist, nothing was delivered yet.
func openCheckpoint(path string) (*checkpoint, error) {
	c := &checkpoint{path: path}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("create the folder for checkpoints: %w", err)
	}
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, fmt.Errorf("read the checkpoint of a stream: %w", err)
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

// begin replaces the checkpoint of another stream.
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

// reach records the progress in a shard, unless the checkpoint is of another stream now.
func (c *checkpoint) reach(stream, shard string, p position) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state.Stream != stream {
		return nil
	}
	c.state.Shards[shard] = p
	return c.save()
}

// keep removes the shards that no longer exist. The file is updated at the next call of
// reach.
func (c *checkpoint) keep(there map[string]bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.DeleteFunc(c.state.Shards, func(shard string, _ position) bool { return !there[shard] })
}

func (c *checkpoint) save() error { return writeState(c.path, c.state) }

// writeState writes JSON to a file, atomically.
func writeState(path string, state any) error {
	text, err := json.Marshal(state)
	if err != nil {
		return err
	}
	if err := disk.Replace(path, text); err != nil {
		return fmt.Errorf("write the progress of events: %w", err)
	}
	return nil
}

// DeleteOthers deletes the checkpoints in a folder other than those of the given mappings.
// As in AWS, a mapping that is deleted and created again has no progress.
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
