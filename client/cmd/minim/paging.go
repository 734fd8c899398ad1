package main

import (
	"encoding/json"

	"github.com/spf13/cobra"

	"github.com/minim-dev/minim/client"
)

// paging is how much of a list is wanted.
type paging struct {
	limit int
	all   bool
}

func (p *paging) register(cmd *cobra.Command) {
	cmd.Flags().IntVarP(&p.limit, "limit", "L", 20, "at most so `many`")
	cmd.Flags().BoolVar(&p.all, "all", false, "all of them")
	cmd.MarkFlagsMutuallyExclusive("limit", "all")
}

// size is how many items to ask for at once.
func (p paging) size() int {
	const most = 100
	if p.all {
		return most
	}
	return min(p.limit, most)
}

// listed prints as much of a list as is wanted: as a JSON list, with its items as the API wrote them, or as show does.
func listed[T any](a *app, p paging, show func([]T) error, fetch func(cursor *string) ([]byte, error)) error {
	if p.limit < 1 {
		return usagef("--limit: write a number above 0")
	}
	items := client.All(func(cursor *string) (page client.Page[json.RawMessage], err error) {
		text, err := fetch(cursor)
		if err == nil {
			err = json.Unmarshal(text, &page)
		}
		return page, err
	})
	raw, all := []json.RawMessage{}, []T{}
	more := false
	for item, err := range items {
		if err != nil {
			return err
		}
		if more = !p.all && len(raw) == p.limit; more {
			break
		}
		var one T
		if err := json.Unmarshal(item, &one); err != nil {
			return err
		}
		raw, all = append(raw, item), append(all, one)
	}
	if a.json {
		text, err := json.Marshal(raw)
		if err != nil {
			return err
		}
		return a.print(text)
	}
	if more && a.errTTY {
		defer a.note("These are the first %d; --all lists all.", p.limit)
	}
	if len(all) == 0 && a.outTTY && !a.quiet {
		a.note("There are none.")
		return nil
	}
	return show(all)
}
