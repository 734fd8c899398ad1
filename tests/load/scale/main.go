//go:build scale

// Command link-redirect, as a simulation: what becomes of a link that everybody
// follows, of a billion links and of a million uploads a day. The clock is
// virtual and chance has a seed; the cache, the groups of clicks and the choice of
// counters are the real ones. It is built in the place of
// functions/link-redirect/main.go (go build -overlay), for the cache's sake.
package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"time"
)

func main() {
	s, docs, list := parse()
	began := time.Now()
	debug.SetGCPercent(800) // millions of clicks, for a moment
	prices, err := readPrices(list)
	if err != nil {
		fmt.Fprintln(os.Stderr, "scale:", err)
		os.Exit(1)
	}
	sections := simulate(s, prices)
	for _, one := range sections {
		fmt.Printf("%s\n\n%s\n", one.title, one.text)
	}
	fmt.Printf("%d virtual seconds in %.1f s\n", virtual(sections), time.Since(began).Seconds())
	if docs == "" {
		return
	}
	if err := publish(docs, sections); err != nil {
		fmt.Fprintln(os.Stderr, "scale:", err)
		os.Exit(1)
	}
}
