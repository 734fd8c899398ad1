// Command bots turns the npm package crawler-user-agents into the list of bots that
// shared/click embeds: make bots.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	from := flag.String("from", "node_modules/crawler-user-agents", "the folder of the npm package")
	to := flag.String("to", "shared/click/bots.txt", "the file to write")
	flag.Parse()
	if err := run(*from, *to); err != nil {
		fmt.Fprintln(os.Stderr, "bots:", err)
		os.Exit(1)
	}
}

func run(from, to string) error {
	data, err := os.ReadFile(filepath.Join(from, "crawler-user-agents.json"))
	if err != nil {
		return fmt.Errorf("%w; run make bots, which installs the package", err)
	}
	text, err := list(data)
	if err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o644)
}
