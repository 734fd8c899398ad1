package web

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/minim-dev/minim/shared/sheet"
)

// maxExport is how many items a page of a list has at most as CSV, which programs read.
const maxExport = 1000

// WantsCSV reports whether the caller prefers CSV to JSON.
func (r Request) WantsCSV() bool { return r.Prefers("application/json", csvType) == csvType }

const csvType = "text/csv"

// ExportLimit is Limit for a list that can be had as CSV: then its pages are larger.
func (r Request) ExportLimit() (int, error) {
	if r.WantsCSV() {
		return r.limit(maxExport, maxExport)
	}
	return r.Limit()
}

// CSV answers with a page of a list as a table, which begins with the names of the columns
// if it is the first one: the pages together are one table.
func (r Request) CSV(filename string, columns []string, rows [][]string) (Response, error) {
	header := "absent"
	if r.Query("cursor") == "" {
		header, rows = "present", append([][]string{columns}, rows...)
	}
	table, err := sheet.CSV(rows)
	if err != nil {
		return Response{}, err
	}
	return Bytes(http.StatusOK, csvType+"; charset=utf-8; header="+header, table).
		With("Content-Disposition", fmt.Sprintf("attachment; filename=%q", filename)), nil
}

// Linked adds a Link header to the next page of a list, which begins at a cursor; "" is none.
func (r Response) Linked(asked Request, cursor string) Response {
	if cursor == "" {
		return r
	}
	query, _ := url.ParseQuery(asked.RawQueryString) // what is malformed is left out
	query.Set("cursor", cursor)
	return r.With("Link", "<"+asked.RawPath+"?"+query.Encode()+`>; rel="next"`)
}
