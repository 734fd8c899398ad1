package console

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// perPage is the number of invocations on a page.
const perPage = 50

type invocationsPage struct {
	Functions []string // the choices of the filter
	Function  string
	Query     string
	Failed    bool
	Shown     []entry
	More      int // the next page begins before this number; 0: last page
	Total     int
}

func (c *Console) invocations(w http.ResponseWriter, r *http.Request) {
	page := invocationsPage{
		Function: r.FormValue("function"), Query: strings.TrimSpace(r.FormValue("q")), Failed: r.FormValue("failed") != "", Total: c.o.History.total(),
	}
	before, err := strconv.Atoi(r.FormValue("before"))
	if r.FormValue("before") != "" && (err != nil || before < 1) {
		c.fail(w, r, invalid("“before” must be a number."))
		return
	}
	for _, s := range c.o.Functions() {
		page.Functions = append(page.Functions, s.Name)
	}
	if page.Function != "" && !slices.Contains(page.Functions, page.Function) {
		c.fail(w, r, missing("There is no function %q.", page.Function))
		return
	}
	shown, more := c.o.History.find(before, perPage, func(e entry) bool {
		return (page.Function == "" || e.Function == page.Function) && (!page.Failed || e.Error != "") && (page.Query == "" || e.speaks(page.Query))
	})
	page.Shown = shown
	if more {
		page.More = shown[len(shown)-1].Number
	}
	c.show(w, r, view{name: "invocations", section: "invocations", title: "Invocations", data: page, program: asJSON(shown)})
}

// invocation shows all attempts of one request.
func (c *Console) invocation(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	tries := c.o.History.of(id)
	if len(tries) == 0 {
		c.fail(w, r, missing("There is no invocation with the request ID %s. It may be waiting or running, or too old.", id))
		return
	}
	c.show(w, r, view{name: "invocation", section: "invocations", title: "Request " + id, data: tries, program: asJSON(tries)})
}

// invocationJSON is an invocation in JSON, for programs.
type invocationJSON struct {
	Function     string          `json:"function"`
	RequestID    string          `json:"requestId"`
	Environment  string          `json:"environment"`
	Began        time.Time       `json:"began"`
	DurationMS   float64         `json:"durationMs"`
	BilledMS     int64           `json:"billedMs"`
	InitMS       float64         `json:"initMs,omitempty"`
	MemoryMB     int             `json:"memoryMb"`
	UsedMemoryMB int             `json:"usedMemoryMb"`
	Event        json.RawMessage `json:"event"`
	Answer       json.RawMessage `json:"answer,omitempty"`
	Error        string          `json:"error,omitempty"`
	Status       string          `json:"status,omitempty"`
	Log          string          `json:"log"`
}

func asJSON(entries []entry) []invocationJSON {
	all := make([]invocationJSON, 0, len(entries))
	for _, e := range entries {
		all = append(all, invocationJSON{
			Function: e.Function, RequestID: e.RequestID, Environment: e.Environment, Began: e.Began,
			DurationMS: milliseconds(e.Duration), BilledMS: e.Billed().Milliseconds(), InitMS: milliseconds(e.Init),
			MemoryMB: e.MemoryMB, UsedMemoryMB: e.MaxMemoryMB,
			Event: raw(e.Event), Answer: raw(e.Answer), Error: e.Error, Status: e.Status, Log: string(e.Log),
		})
	}
	return all
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// raw returns JSON unchanged, and other text as a string.
func raw(text []byte) json.RawMessage {
	if len(text) == 0 || json.Valid(text) {
		return text
	}
	if !utf8.Valid(text) {
		text = []byte(strings.ToValidUTF8(string(text), "\uFFFD"))
	}
	quoted, _ := json.Marshal(string(text)) // cannot fail: it is a string
	return quoted
}

// Result describes how an invocation ended.
func (e entry) Result() string {
	switch {
	case e.Status == "timeout":
		return "timed out"
	case e.Error != "":
		return "failed"
	case e.Status != "":
		return "failed late" // after the answer
	default:
		return "ok"
	}
}
