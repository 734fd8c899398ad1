package lambda

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// attributes put a process into a group of its own, and let it die with this one however that ends.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// limit gives a process the number of open files that Lambda gives.
func limit(pid int) {
	limit := unix.Rlimit{Cur: maxFiles, Max: maxFiles}
	_ = unix.Prlimit(pid, unix.RLIMIT_NOFILE, &limit, nil) // a process that has ended needs none
}

// openGauge opens what memoryOf reads, once for all times; nil where there is no such thing.
func openGauge(pid int) *os.File {
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return nil
	}
	return f
}

// memoryOf reads what a living process holds. Pages of files, such as its binary, can be dropped at any
// time: no kernel kills for them.
func memoryOf(gauge *os.File) (m memory) {
	var text [4096]byte
	n, _ := gauge.ReadAt(text[:], 0) // nothing of a process that has ended, or without a gauge
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
