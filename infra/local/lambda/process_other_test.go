//go:build unix && !linux

package lambda

import (
	"os/exec"
	"strconv"
)

// processState returns the state letter of ps, or "".
func processState(pid int) string {
	state, err := exec.Command("ps", "-o", "stat=", "-p", strconv.Itoa(pid)).Output()
	if err != nil || len(state) == 0 {
		return ""
	}
	return string(state[:1])
}
