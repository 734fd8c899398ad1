//go:build unix && !linux

package lambda

import (
	"os"
	"syscall"
)

// attributes put a process into a group of its own.
func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// limit is Linux's.
func limit(int) {}

// openGauge has nothing to open here.
func openGauge(int) *os.File { return nil }

// memoryOf is unknown here, and so without a limit.
func memoryOf(*os.File) memory { return memory{} }
