package sqs

import (
	"fmt"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"
)

// BenchmarkSend measures how long a sender waits for the journal, with 32 senders at the same time.
func BenchmarkSend(b *testing.B) {
	l, err := open(filepath.Join(b.TempDir(), "messages"))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = l.close() }()
	var n atomic.Int64
	times := make([]time.Duration, b.N)
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			i := n.Add(1)
			begun := time.Now()
			if err := write(l, fmt.Sprint(i), "q"); err != nil {
				b.Error(err)
			}
			times[i-1] = time.Since(begun)
		}
	})
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds()), "µs/median")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "µs/p99")
}
