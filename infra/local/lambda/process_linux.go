package lambda

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// attributes returns the settings to start a process in its own group, and to kill it when this process dies.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// limit sets a process's limit of open files to Lambda's.
func limit(pid int) {
	limit := unix.Rlimit{Cur: maxFiles, Max: maxFiles}
	_ = unix.Prlimit(pid, unix.RLIMIT_NOFILE, &limit, nil) // fails only if the process has ended
}

// openGauge opens the file that memoryOf reads, or returns nil if it cannot be opened.
func openGauge(pid int) *os.File {
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return nil
	}
	return f
}

// memoryOf returns the memory use of a running process. It does not count file pages, such as the binary's, as held:
// the kernel can reclaim them at any time.
func memoryOf(gauge *os.File) (m memory) {
	var text [4096]byte
	n, _ := gauge.ReadAt(text[:], 0) // reads nothing if the process has ended or gauge is nil
	files := 0
	for line := range bytes.Lines(text[:n]) {
		name, rest, _ := bytes.Cut(line, []byte(":"))
		number, _, _ := bytes.Cut(bytes.TrimSpace(rest), []byte(" "))
		switch string(name) {
		case "VmHWM":
			m.peak, _ = strconv.Atoi(string(number))
		case "RssFile":
			files, _ = strconv.Atoi(string(number))
		case "RssAnon", "RssShmem":
			kilobytes, _ := strconv.Atoi(string(number))
			m.held += kilobytes
		}
	}
	m.held = max(m.held, m.peak-files)
	return m
}
