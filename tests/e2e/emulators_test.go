package e2e

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

// emulators are the components of the local cloud that are separate processes: the
// program, and a part of its command line.
var emulators = map[string]struct{ program, argument string }{
	"DynamoDB Local": {"java", "DynamoDBLocal.jar"},
	"versitygw":      {"versitygw", "posix"},
	"fauxqs":         {"node", "fauxqs"},
}

// process is a line of ps.
type process struct {
	pid, parent int
	args        string
}

// psTable lists the processes of the machine.
func psTable() ([]process, error) {
	output, err := exec.Command("ps", "-A", "-o", "pid=,ppid=,args=", "-ww").Output()
	if err != nil {
		return nil, fmt.Errorf("list the processes: %w", err)
	}
	var found []process
	for line := range strings.Lines(string(output)) {
		fields := strings.Fields(line)
		if len(fields) < 3 { // an ended process without a command line
			continue
		}
		pid, pidErr := strconv.Atoi(fields[0])
		parent, parentErr := strconv.Atoi(fields[1])
		if pidErr == nil && parentErr == nil {
			found = append(found, process{pid, parent, strings.Join(fields[2:], " ")})
		}
	}
	return found, nil
}

// descendants returns the processes below a process.
func descendants(all []process, ancestor int) []process {
	var found []process
	for _, p := range all {
		if p.parent == ancestor {
			found = append(append(found, p), descendants(all, p.pid)...)
		}
	}
	return found
}

// emulator returns the process ID of a component, by its name in emulators. Only
// processes below this cloud's command count: other clouds run the same programs.
func (c *cloud) emulator(name string) (int, error) {
	all, err := psTable()
	if err != nil {
		return 0, err
	}
	want := emulators[name]
	for _, p := range descendants(all, c.cmd.Process.Pid) {
		program, arguments, _ := strings.Cut(p.args, " ")
		if filepath.Base(program) == want.program && strings.Contains(arguments, want.argument) {
			return p.pid, nil
		}
	}
	return 0, fmt.Errorf("%s doesn't run below process %d", name, c.cmd.Process.Pid)
}

// suspend stops a component until the returned function is called or the test
// ends.
func (c *cloud) suspend(t *testing.T, name string) (resume func()) {
	t.Helper()
	pid, err := c.emulator(name)
	if err == nil {
		err = syscall.Kill(pid, syscall.SIGSTOP)
	}
	if err != nil {
		t.Errorf("stop %s: %v", name, err)
		return func() {}
	}
	resume = func() { _ = syscall.Kill(pid, syscall.SIGCONT) }
	t.Cleanup(resume)
	return resume
}

// crash kills a component. The local cloud starts it again.
func (c *cloud) crash(t *testing.T, name string) {
	t.Helper()
	pid, err := c.emulator(name)
	if err == nil {
		err = syscall.Kill(pid, syscall.SIGKILL)
	}
	if err != nil {
		t.Errorf("kill %s: %v", name, err)
	}
}

func TestDescendants(t *testing.T) {
	shell := exec.Command("/bin/sh", "-c", "sleep 1000 & wait")
	shell.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := shell.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Kill(-shell.Process.Pid, syscall.SIGKILL); _ = shell.Wait() })
	for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		all, err := psTable()
		if err != nil {
			t.Fatal(err)
		}
		below := descendants(all, shell.Process.Pid)
		if len(below) == 1 && below[0].args == "sleep 1000" {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("below the shell: %+v", below)
		}
	}
	c := &cloud{cmd: &exec.Cmd{Process: &os.Process{Pid: shell.Process.Pid}}}
	if pid, err := c.emulator("fauxqs"); err == nil {
		t.Errorf("took process %d for fauxqs", pid)
	}
}
