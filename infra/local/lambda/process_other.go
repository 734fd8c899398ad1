//go:build unix && !linux

package lambda

import (
	"os"
	"syscall"
)

// attributes returns the settings to start a process in its own group.
func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// limit does nothing: it is implemented on Linux only.
func limit(int) {}

// openGauge returns nil: memory is measured on Linux only.
func openGauge(int) *os.File { return nil }

// memoryOf returns zero for unknown, so memory is not limited.
func memoryOf(*os.File) memory { return memory{} }
