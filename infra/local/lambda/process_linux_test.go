package lambda

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// Functions end with the platform's process, even if it is killed. Here that process has one frozen and one busy
// function.
func TestPlatformKilled(t *testing.T) {
	host := exec.Command(executable(t), "-test.run=^TestHost$")
	host.Env = append(os.Environ(), "HOST_OF_FUNCTIONS=1", "TMPDIR="+t.TempDir())
	out, err := host.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := host.Start(); err != nil {
		t.Fatal(err)
	}
	var pids []int
	for lines := bufio.NewScanner(out); len(pids) < 2 && lines.Scan(); {
		if pid, err := strconv.Atoi(lines.Text()); err == nil {
			pids = append(pids, pid)
		}
	}
	host.Process.Kill()
	host.Wait()
	if len(pids) != 2 {
		t.Fatalf("functions %v", pids)
	}
	for _, pid := range pids {
		eventually(t, "end of a function", func() bool { return syscall.Kill(pid, 0) != nil || zombie(pid) })
	}
}

// TestHost is the process that TestPlatformKilled starts and kills.
func TestHost(t *testing.T) {
	if os.Getenv("HOST_OF_FUNCTIONS") == "" {
		t.Skip("only as a part of TestPlatformKilled")
	}
	p := open(t, Options{}, "wait", "show")
	fmt.Println(decode(t, invoke(t, p, "show", input{})).PID)
	go p.Invoke(t.Context(), "wait", []byte(`{"milliseconds":60000}`))
	eventually(t, "both", func() bool { return len(pids(p)) == 2 })
	for _, f := range p.Functions() {
		if f.Name == "wait" {
			fmt.Println(f.Environments[0].PID)
		}
	}
	select {}
}

// processState returns the state letter of ps, or "".
func processState(pid int) string {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return ""
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	return rest[:1]
}
