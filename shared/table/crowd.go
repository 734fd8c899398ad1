package table

// Where many count clicks of one link at once, each finds a place of its own.
// What follows is pure, so that it can be simulated (make scale).

// counterShards is how many partitions the counters of a link are spread over on
// a day on which a crowd follows it: more than there are counters at a time, so that
// each finds one where it is alone.
const counterShards = 16

// CounterPlace draws the shard in which a counter counts what a crowd follows.
// It stays there until it meets another. The function draw returns a number in [0, n).
func CounterPlace(draw func(n int) int) int { return draw(counterShards) }

// Crowd reports whether a try that comes after so many that failed is one of a
// crowd, at a link that has so many clicks today. Counters that meet by chance get by
// with fewer tries, and a table may be full while nobody follows the link.
func Crowd(attempt int, clicks int64) bool { return attempt >= 3 && clicks >= 100 }
