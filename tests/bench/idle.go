package main

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// idleWait waits for an idle machine before each measurement, and counts how often
// it was busy.
type idleWait struct{ all, busy int }

// wait returns when other processes use less than a tenth of the CPUs, or after the timeout.
func (c *idleWait) wait(timeout time.Duration) {
	c.all++
	for end := time.Now().Add(timeout); ; {
		before := spent()
		time.Sleep(200 * time.Millisecond)
		after := spent()
		if all := after.all - before.all; all == 0 || after.busy-before.busy <= all/10 {
			return
		}
		if time.Now().After(end) {
			c.busy++
			return
		}
	}
}

// String is a sentence for the page.
func (c idleWait) String() string {
	if c.busy == 0 {
		return "The machine was otherwise idle."
	}
	return fmt.Sprintf("**%d of %d processes began while others used the machine**, which two cores show most.", c.busy, c.all)
}

// jiffies is the time of all CPUs in ticks; zero without /proc.
type jiffies struct{ all, busy int }

func spent() (j jiffies) {
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return j
	}
	first, _, _ := strings.Cut(string(stat), "\n")
	for i, field := range strings.Fields(strings.TrimPrefix(first, "cpu")) {
		var n int
		fmt.Sscan(field, &n)
		j.all += n
		if idle := i == 3 || i == 4; !idle { // and waiting for disks
			j.busy += n
		}
	}
	return j
}
