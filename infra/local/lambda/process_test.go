package lambda

// zombie reports whether a process has ended but is not reaped yet.
func zombie(pid int) bool { return processState(pid) == "Z" }

// frozen reports whether a process is stopped.
func frozen(pid int) bool { return processState(pid) == "T" }
