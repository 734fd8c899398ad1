//go:build unix && !linux

package lambda

import "syscall"

// attributes put a process into a group of its own.
func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// limit is Linux's.
func limit(int) {}

// memoryOf is unknown here, and so without a limit.
func memoryOf(int) memory { return memory{} }
