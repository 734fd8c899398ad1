package table

// The rules of hot counters: those that many environments write concurrently. They are pure, so that make scale can simulate them.

// counterShards is how many partitions a hot counter is spread over: more than there
// are environments of click-count, so that each can have its own.
const counterShards = 16

// CounterPlace draws the shard that an environment uses for hot counters until it
// conflicts with another one. The function draw returns a number in [0, n).
func CounterPlace(draw func(n int) int) int { return draw(counterShards) }

// Hot reports whether a counter with this many clicks today is hot, after so many
// failed attempts. Environments that conflict by chance need fewer attempts, and a
// throttled table makes quiet counters fail too.
func Hot(attempt int, clicks int64) bool { return attempt >= 3 && clicks >= 100 }
