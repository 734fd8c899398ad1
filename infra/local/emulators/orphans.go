package emulators

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/minim-dev/minim/infra/local/disk"
)

// Emulators outlive a local cloud that is killed with SIGKILL, except on Linux. So each has a file in the state folder
// with its process, and the next start ends those that are left.

// processes is the folder of these files.
const processes = "processes"

// record writes the file of a process. Without it, the process would only not be ended by the next start.
func record(state, name string, pid int) {
	if _, begun := identity(pid); begun != "" {
		_ = disk.Replace(filepath.Join(state, processes, name), fmt.Appendf(nil, "%d %d %s\n", pid, os.Getpid(), begun))
	}
}

// forget removes the file of a process that has ended.
func forget(state, name string) { _ = os.Remove(filepath.Join(state, processes, name)) }

// identity returns the parent of a process, and the time at which it was started: another process may get its ID.
func identity(pid int) (parent int, begun string) {
	text, err := exec.Command("ps", "-o", "ppid=", "-o", "stat=", "-o", "lstart=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		return 0, ""
	}
	fields := strings.Fields(string(text))
	if len(fields) < 3 || strings.HasPrefix(fields[1], "Z") { // a zombie has ended
		return 0, ""
	}
	if parent, err = strconv.Atoi(fields[0]); err != nil {
		return 0, ""
	}
	return parent, strings.Join(fields[2:], " ")
}

// endOrphans ends the emulators of an earlier run whose local cloud does not exist any more.
func endOrphans(state string) error {
	folder := filepath.Join(state, processes)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("create the folder of processes: %w", err)
	}
	files, err := os.ReadDir(folder)
	if err != nil {
		return fmt.Errorf("find processes of an earlier run: %w", err)
	}
	var errs []error
	for _, file := range files {
		path := filepath.Join(folder, file.Name())
		text, err := os.ReadFile(path)
		var pid, owner int
		if n, _ := fmt.Sscanf(string(text), "%d %d", &pid, &owner); err != nil || n < 2 || pid <= 1 {
			_ = os.Remove(path)
			continue
		}
		recorded := strings.Join(strings.Fields(string(text))[2:], " ")
		parent, begun := identity(pid)
		if begun == recorded && parent == owner {
			continue // another local cloud uses this folder, and its process works
		}
		if begun == recorded {
			if err := kill(pid); err != nil {
				errs = append(errs, fmt.Errorf("%s of an earlier run: %w", file.Name(), err))
				continue
			}
		}
		_ = os.Remove(path)
	}
	return errors.Join(errs...)
}

// kill kills a process and its children, and waits until it has ended.
func kill(pid int) error {
	_, _ = syscall.Kill(-pid, syscall.SIGKILL), syscall.Kill(pid, syscall.SIGKILL)
	for end := time.Now().Add(grace); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if _, begun := identity(pid); begun == "" {
			return nil
		}
	}
	return fmt.Errorf("process %d does not end", pid)
}
