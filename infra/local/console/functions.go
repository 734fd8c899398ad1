package console

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/minim-dev/minim/infra/local/lambda"
)

// shownFunction is a function in a list.
type shownFunction struct {
	lambda.State
	Last   []bar // its last invocations, oldest first
	Latest *entry
}

// Count returns the number of environments in a state: cold, warm or busy.
func (f shownFunction) Count(state string) (n int) {
	for _, e := range f.Environments {
		if e.State == state {
			n++
		}
	}
	return n
}

// bar is an invocation in a chart of the last 24. Its height depends on the logarithm of the duration.
type bar struct {
	X, Y, Height int
	Bad          bool
}

const (
	bars      = 24
	barWidth  = 4
	barHeight = 20
)

func (c *Console) shownFunction(s lambda.State) shownFunction {
	out := shownFunction{State: s}
	last, _ := c.o.History.find(0, bars, func(e entry) bool { return e.Function == s.Name })
	for i, e := range last {
		height := 2
		for at := time.Millisecond / 2; at < e.Duration && height < barHeight; at = at * 17 / 10 {
			height++
		}
		out.Last = append(out.Last, bar{X: (len(last) - 1 - i) * barWidth, Y: barHeight - height, Height: height, Bad: e.Error != ""})
	}
	slices.Reverse(out.Last)
	if len(last) > 0 {
		out.Latest = &last[0]
	}
	return out
}

func (c *Console) shownFunctions() (all []shownFunction) {
	for _, s := range c.o.Functions() {
		all = append(all, c.shownFunction(s))
	}
	return all
}

func (c *Console) functions(w http.ResponseWriter, r *http.Request) {
	c.show(w, r, view{name: "functions", section: "functions", title: "Functions", data: c.shownFunctions(), program: c.o.Functions()})
}

// functionPage shows a function with its settings and the form to invoke it.
type functionPage struct {
	shownFunction
	Settings    lambda.Function
	Variables   []field
	Invocations []entry
	Sources     []source
	Routes      []shownRoute
	Event       string // the text in the form
	Error       string // the error in the form
}

func (c *Console) function(w http.ResponseWriter, r *http.Request) {
	page, err := c.functionPage(r.PathValue("name"))
	if err != nil {
		c.fail(w, r, err)
		return
	}
	if like := c.o.History.of(r.FormValue("like")); len(like) > 0 {
		page.Event = indented(like[0].Event)
	}
	c.show(w, r, view{name: "function", section: "functions", title: c.short(page.Name), data: page, program: page.State})
}

func indented(event []byte) string {
	var out bytes.Buffer
	if json.Indent(&out, event, "", "  ") != nil {
		return string(event)
	}
	return out.String()
}

const shownInvocations = 20

func (c *Console) functionPage(name string) (functionPage, error) {
	settings, ok := c.o.Settings(name)
	states := c.o.Functions()
	i := slices.IndexFunc(states, func(s lambda.State) bool { return s.Name == name })
	if !ok || i < 0 {
		return functionPage{}, missing("There is no function %q.", name)
	}
	page := functionPage{shownFunction: c.shownFunction(states[i]), Settings: settings, Variables: variables(settings.Env)}
	page.Invocations, _ = c.o.History.find(0, shownInvocations, func(e entry) bool { return e.Function == name })
	for _, s := range c.eventSources() {
		if s.To == name {
			page.Sources = append(page.Sources, s)
		}
	}
	for _, route := range c.shownRoutes() {
		if route.Function == name {
			page.Routes = append(page.Routes, route)
		}
	}
	return page, nil
}

// variables returns a function's variables, sorted by name. The values of secrets are omitted.
func variables(env map[string]string) (all []field) {
	for _, name := range slices.Sorted(maps.Keys(env)) {
		value := env[name]
		if secret(name) && value != "" {
			value = "••••••••"
		}
		all = append(all, field{name, value})
	}
	return all
}

// secret reports whether a variable is a secret, judging by its name. Names of resources, such
// as KEYS_TABLE, are not secrets.
func secret(name string) bool {
	words := strings.Split(strings.ToUpper(name), "_")
	if slices.Contains([]string{"TABLE", "BUCKET", "URL", "ARN", "NAME"}, words[len(words)-1]) {
		return false
	}
	return slices.ContainsFunc([]string{"KEY", "SECRET", "TOKEN", "PASSWORD"}, func(word string) bool {
		return strings.Contains(strings.ToUpper(name), word)
	})
}

// invoke runs a function and shows the result, or invokes it asynchronously.
func (c *Console) invoke(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	page, err := c.functionPage(name)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	page.Event = strings.TrimSpace(r.FormValue("event"))
	refuse := func(status int, text string) {
		page.Error = text
		c.show(w, r, view{status: status, name: "function", section: "functions", title: c.short(name), data: page,
			program: map[string]string{"message": text}})
	}
	event := []byte(page.Event)
	if len(event) == 0 {
		event = []byte("{}")
	}
	if err := check(event); err != nil {
		refuse(http.StatusBadRequest, "The event is not JSON: "+err.Error()+".")
		return
	}
	var id string
	if r.FormValue("type") == "Event" {
		id, err = c.o.InvokeAsync(name, event)
	} else {
		var result lambda.Result
		result, err = c.o.Invoke(r.Context(), name, event)
		id = result.RequestID
	}
	var refused *lambda.Error
	switch {
	case errors.As(err, &refused):
		refuse(refused.Status, refused.Error())
	case err != nil:
		refuse(http.StatusInternalServerError, err.Error())
	case r.FormValue("type") == "Event":
		c.done(w, r, "functions/"+name, note{Text: "The event is queued.", Link: "invocations/" + id, Name: "Its request ID"})
	default:
		c.answered(w, r, name, id)
	}
}

// lateness is how long the page of an invocation waits for its end after the answer.
const lateness = 3 * time.Second

// answered redirects to the page of an invocation. It does not wait long for the end: a
// function may continue long after its answer.
func (c *Console) answered(w http.ResponseWriter, r *http.Request, name, id string) {
	ctx, cancel := context.WithTimeout(r.Context(), lateness)
	defer cancel()
	if c.o.History.wait(ctx, id) {
		c.done(w, r, "invocations/"+id, note{Text: c.short(name) + " has answered."})
		return
	}
	c.done(w, r, "functions/"+name, note{Text: "The function has answered and is still running.", Link: "invocations/" + id, Name: "Its request ID"})
}

// check returns an error if a text is not JSON.
func check(text []byte) error {
	var any json.RawMessage
	return json.Unmarshal(text, &any)
}
