package emulators

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestOrphans: the next start ends the processes of a killed local cloud with their children, but no others.
func TestOrphans(t *testing.T) {
	if _, err := exec.LookPath("ps"); err != nil {
		t.Skip("there is no ps to identify processes")
	}
	state := t.TempDir()
	if err := endOrphans(state); err != nil { // the first start
		t.Fatal(err)
	}
	// A shell starts a process, and ends, as a killed local cloud does.
	shell := exec.Command("sh", "-c", "sleep 300 >/dev/null 2>&1 & echo $!")
	text, err := shell.Output()
	if err != nil {
		t.Fatal(err)
	}
	orphan, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Kill(orphan, syscall.SIGKILL) })
	_, begun := identity(orphan)
	note(t, state, "s3", orphan, shell.Process.Pid, begun)

	other := exec.Command("sleep", "300")
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = other.Process.Kill(), other.Wait() })
	record(state, "sqs", other.Process.Pid) // in use by this process
	note(t, state, "dynamodb", other.Process.Pid, 1, "Thu Jan 1 00:00:00 1970")
	note(t, state, "damaged", 0, 0, "")

	if err := endOrphans(state); err != nil {
		t.Fatal(err)
	}
	time.Sleep(50 * time.Millisecond)
	if _, begun := identity(orphan); begun != "" {
		t.Error("the orphan still runs")
	}
	if _, begun := identity(other.Process.Pid); begun == "" {
		t.Error("another process was ended")
	}
	left, err := os.ReadDir(filepath.Join(state, processes))
	if err != nil || len(left) != 1 || left[0].Name() != "sqs" {
		t.Errorf("left: %v, %v", left, err)
	}
}

// note writes the file of a process.
func note(t *testing.T, state, name string, pid, owner int, begun string) {
	t.Helper()
	text := fmt.Sprintf("%d %d %s\n", pid, owner, begun)
	if err := os.WriteFile(filepath.Join(state, processes, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
