// Command load is the load experiment: users follow a short link, first on the
// local cloud's Lambda platform, then on the same handler behind net/http. It
// shows environments scaling out and back, and cold and warm latencies apart, as
// a table and a chart.
//
//	local-cloud emulators --template … -- load --users 50 --docs docs
//
// It needs the tables and queues that `local-cloud emulators` provides. A user asks,
// waits for the answer, and asks again at once, so there are as many requests
// under way as users. They come one after another in the first third of the time
// and leave in the last third.
package main
