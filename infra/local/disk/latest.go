package disk

import "sync"

// Latest is a file with the newest state of something. It is safe for concurrent use.
type Latest struct {
	Path string

	mu      sync.Mutex
	state   []byte
	offered int // number of offered states
	written int // the number of the state in the file

	writing sync.Mutex // held while the file is replaced
}

// Offer sets the state that the next Write writes. It does no I/O, so it can be called while the lock of the state is held.
func (l *Latest) Offer(state []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.state, l.offered = state, l.offered+1
}

// Write returns when the file contains the state that was offered last, or a newer one. The caller must not hold the lock of the state.
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
