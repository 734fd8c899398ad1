package table

import "time"

// Where many count clicks of one link at once, each looks for counters where it
// is alone. What follows is pure, so that it can be simulated (make scale).

// CounterShard chooses the shard of a link's counters for a try: the first one,
// then with every conflict any of twice as many. The function draw returns a number in [0, n).
func CounterShard(attempt int, draw func(n int) int) int {
	return draw(min(1<<min(attempt, 8), counterShards))
}

// CounterPause is how long to wait after a try that failed: at random, and longer
// with the attempts. The function draw returns a number in [0, n).
func CounterPause(attempt int, draw func(n int) int) time.Duration {
	return time.Duration(draw(int(10 * time.Millisecond << min(attempt, 6))))
}
