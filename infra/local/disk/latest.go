package disk

import "sync"

// Latest is a file with the newest state of something. Its methods may be called at the same time.
type Latest struct {
	Path string

	mu      sync.Mutex
	state   []byte
	offered int // how many states were offered
	written int // how many of them the file is as new as

	writing sync.Mutex // held while the file is replaced
}

// Offer sets the state that the next Write writes. It does no I/O, so that it can be called under the lock of the state.
func (l *Latest) Offer(state []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.state, l.offered = state, l.offered+1
}

// Write returns when the file has the state that was offered last, or a newer one. It is called without the lock of the state.
func (l *Latest) Write() error {
	l.mu.Lock()
	wanted := l.offered
	l.mu.Unlock()
	l.writing.Lock()
	defer l.writing.Unlock()
	l.mu.Lock()
	state, offered, written := l.state, l.offered, l.written
	l.mu.Unlock()
	if written >= wanted {
		return nil
	}
	if err := Replace(l.Path, state); err != nil {
		return err
	}
	l.mu.Lock()
	l.written = offered
	l.mu.Unlock()
	return nil
}
