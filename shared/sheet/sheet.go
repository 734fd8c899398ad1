// Package sheet writes tables for spreadsheets. Visitors and owners choose some of the
// texts in them, which must not be executed as formulas.
package sheet

import (
	"bytes"
	"encoding/csv"
	"strings"
)

// CSV returns the rows in the format of RFC 4180. An apostrophe precedes texts that a
// spreadsheet would treat as formulas.
func CSV(rows [][]string) ([]byte, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, text := range row {
			cells[i] = harmless(text)
		}
		if err := w.Write(cells); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

const (
	formulas   = "=+-@＝＋－＠\t\r\n" // what one can begin with, in some spreadsheet and language
	separators = ";\t\r\n"        // of cells, where a comma is none
)

func harmless(text string) string {
	if !strings.ContainsAny(text, formulas) {
		return text
	}
	var out strings.Builder
	begins := true
	for _, r := range text {
		if begins && strings.ContainsRune(formulas, r) {
			out.WriteByte('\'')
		}
		out.WriteRune(r)
		begins = strings.ContainsRune(separators, r)
	}
	return out.String()
}
