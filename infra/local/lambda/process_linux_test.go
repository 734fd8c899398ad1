package lambda

import (
	"fmt"
	"os"
	"strings"
)

// zombie tells whether a process has ended and only waits to be reaped.
func zombie(pid int) bool { return processState(pid) == "Z" }

// frozen tells whether a process is stopped.
func frozen(pid int) bool { return processState(pid) == "T" }

func processState(pid int) string {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return ""
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	return rest[:1]
}
