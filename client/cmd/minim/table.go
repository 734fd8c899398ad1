package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// table is rows of text: aligned, with a heading and cut to the width of a terminal; with tabs between them elsewhere.
type table struct {
	app     *app
	heading []string
	rows    [][]string
}

func (a *app) table(heading ...string) *table { return &table{app: a, heading: heading} }

func (t *table) row(cells ...string) {
	for i, cell := range cells {
		cells[i] = visible(cell)
	}
	t.rows = append(t.rows, cells)
}

// visible returns a text of others without what would break a row or command the terminal.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}

func (t *table) write() error {
	var out strings.Builder
	if !t.app.outTTY {
		for _, row := range t.rows {
			out.WriteString(strings.Join(row, "\t") + "\n")
		}
		_, err := fmt.Fprint(t.app.out, out.String())
		return err
	}
	rows := append([][]string{t.heading}, t.rows...)
	widths := t.widths(rows)
	for number, row := range rows {
		line := ""
		for i, text := range row {
			cell := cut(text, widths[i])
			gap := strings.Repeat(" ", widths[i]-width(cell)+2)
			switch {
			case number == 0:
				cell = t.app.styled(dim, cell)
			case t.heading[i] == "STATUS":
				cell = t.app.status(cell)
			}
			line += cell + gap
		}
		out.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	_, err := fmt.Fprint(t.app.out, out.String())
	return err
}

// widths returns the widths of the columns. The last two share what the others leave.
func (t *table) widths(rows [][]string) []int {
	widths := make([]int, len(t.heading))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], width(cell))
		}
	}
	free := t.app.width
	for _, w := range widths {
		free -= w + 2
	}
	for i := len(widths) - 1; free < 0 && i >= max(len(widths)-2, 0); i-- {
		const least = 12
		give := min(-free, max(widths[i]-least, 0))
		widths[i] -= give
		free += give
	}
	return widths
}

// width is how many characters a text has.
func width(text string) int { return utf8.RuneCountInString(text) }

// cut shortens a text to a width.
func cut(text string, most int) string {
	if width(text) <= most {
		return text
	}
	return string([]rune(text)[:max(most-1, 0)]) + "…"
}

// status colours the status of a link or an image.
func (a *app) status(name string) string {
	switch name {
	case "active", "ready":
		return a.styled(green, name)
	case "pending", "processing", "scheduled":
		return a.styled(yellow, name)
	}
	return a.styled(red, name)
}

// short formats a time for people, in their time zone.
func (a *app) short(t time.Time) string { return t.In(a.now().Location()).Format("2006-01-02 15:04") }

// time formats a time for the output: for people on a terminal, exactly elsewhere.
func (a *app) time(t time.Time) string {
	if a.outTTY {
		return a.short(t)
	}
	return stamp(t)
}

// number writes thousands apart, as 12,345.
func number(n int) string {
	digits := strconv.Itoa(n)
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}
