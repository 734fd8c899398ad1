package lambda

// zombie reports whether a process has ended and only waits to be reaped.
func zombie(pid int) bool { return processState(pid) == "Z" }

// frozen reports whether a process is stopped.
func frozen(pid int) bool { return processState(pid) == "T" }
