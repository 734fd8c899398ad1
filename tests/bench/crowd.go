package main

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// crowd waits for a quiet machine before each measurement, and remembers how
// often there was none.
type crowd struct{ all, busy int }

// wait returns when others leave nine tenths of the processors idle, or when
// patience ends.
func (c *crowd) wait(patience time.Duration) {
	c.all++
	for end := time.Now().Add(patience); ; {
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
func (c crowd) String() string {
	if c.busy == 0 {
		return "The machine was idle otherwise."
	}
	return fmt.Sprintf("**%d of %d processes began while others used the machine**, which two cores show most.", c.busy, c.all)
}

// jiffies are what all processors have done, in ticks; zero where there is no
// /proc.
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
