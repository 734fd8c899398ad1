package client

import (
	"context"
	"iter"

	"github.com/minim-dev/minim/client/api"
)

// Page is a page of a list, and the cursor of the next one, nil on the last.
type Page[T any] struct {
	Items []T
	Next  *string
}

// All iterates over the items of all pages, each of which it fetches when it is needed. It ends after an error.
func All[T any](fetch func(cursor *string) (Page[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var cursor *string
		for {
			page, err := fetch(cursor)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range page.Items {
				if !yield(item, nil) {
					return
				}
			}
			if page.Next == nil {
				return
			}
			cursor = page.Next
		}
	}
}

// Links iterates over all links that the parameters choose.
func (c *Client) Links(ctx context.Context, chosen api.ListLinksParams) iter.Seq2[api.Link, error] {
	return All(func(cursor *string) (Page[api.Link], error) {
		chosen.Cursor = cursor
		response, err := c.ListLinksWithResponse(ctx, &chosen)
		if err != nil {
			return Page[api.Link]{}, err
		}
		page, err := Body(response.JSON200, nil)
		if err != nil {
			return Page[api.Link]{}, err
		}
		return Page[api.Link]{page.Items, page.Next}, nil
	})
}
