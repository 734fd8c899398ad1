package e2e

import (
	"maps"
	"slices"
	"time"
)

// recovery is the time between two disturbances.
const recovery = 2 * time.Second

// trouble stops and continues each component, kills each once, and fills the disk,
// one after the other. It continues to stop components until all visitors have
// clicked and all owners have uploaded.
func (c *chaos) trouble(fill func() (free func())) {
	if *chaosHang == 0 {
		return
	}
	names := slices.Sorted(maps.Keys(emulators))
	for _, name := range names {
		c.hang(name)
	}
	for _, name := range names {
		c.cloud.crash(c.t, name)
		c.note(name + " killed")
		time.Sleep(recovery)
	}
	if fill != nil {
		free := fill()
		time.Sleep(*chaosHang)
		free()
		c.note("disk full")
		time.Sleep(recovery)
	}
	for turn := 0; c.clicked.Load() < int64(*chaosClicks) || c.uploads() < *chaosUploads; turn++ {
		c.hang(names[turn%len(names)])
	}
}

// hang stops a component for a while.
func (c *chaos) hang(name string) {
	resume := c.cloud.suspend(c.t, name)
	time.Sleep(*chaosHang)
	resume()
	c.note(name + " hung")
	time.Sleep(recovery)
}

func (c *chaos) note(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.troubles[what]++
	c.t.Log(what)
}

func (c *chaos) uploads() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.uploaded)
}
