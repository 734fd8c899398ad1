package disk

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Lock locks a state folder for this process. The lock is released when the process ends, even if it is killed.
func Lock(state string) (release func(), err error) {
	if err := os.MkdirAll(state, 0o700); err != nil {
		return nil, fmt.Errorf("create the state folder: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(state, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the state folder: %w", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		owner, _ := io.ReadAll(file)
		file.Close()
		return nil, fmt.Errorf("another local cloud (process %s) already uses %s: stop it, or set STATE to another folder",
			strings.TrimSpace(string(owner)), state)
	}
	if err := file.Truncate(0); err == nil {
		_, _ = fmt.Fprintln(file, os.Getpid())
	}
	return func() { file.Close() }, nil
}
