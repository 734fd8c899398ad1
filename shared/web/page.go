package web

import (
	"fmt"
	"strconv"

	"github.com/minim-dev/minim/shared/fault"
)

// How many items a page of a list has.
const (
	usualLimit = 20
	maxLimit   = 100
)

// Limit returns how many items of a list the caller wants at a time, by the query's
// limit, or an Invalid fault.
func (r Request) Limit() (int, error) { return r.limit(usualLimit, maxLimit) }

func (r Request) limit(usual, most int) (int, error) {
	text := r.Query("limit")
	if text == "" {
		return usual, nil
	}
	limit, err := strconv.Atoi(text)
	if err != nil || limit < 1 || limit > most {
		return 0, fault.Fields(fault.Field{Name: "limit", Message: fmt.Sprintf("Expected a whole number from 1 to %d.", most)})
	}
	return limit, nil
}
