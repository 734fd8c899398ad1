package console

import (
	"net/http"
	"path"
	"slices"
	"time"

	"github.com/minim-dev/minim/infra/local/schedule"
)

// overviewPage summarises the local cloud.
type overviewPage struct {
	Functions                              []shownFunction
	Invocations, Errors, Throttles, Queued int
	Environments, Busy, Warm, Cold         int
	Waiting, DeadLetters                   int
	Queues                                 []shownQueue
	QueueError                             string
	Next                                   *schedule.State
	Mails                                  int
	Recent                                 []entry
}

const recent = 8

func (c *Console) overview(w http.ResponseWriter, r *http.Request) {
	page := overviewPage{Functions: c.shownFunctions(), Mails: len(c.mails())}
	for _, f := range page.Functions {
		page.Invocations += f.Invocations
		page.Errors += f.Errors
		page.Throttles += f.Throttles
		page.Queued += f.Queued
		page.Environments += len(f.Environments)
		page.Busy += f.Count("busy")
		page.Warm += f.Count("warm")
		page.Cold += f.Count("cold")
	}
	var err error
	if page.Queues, err = c.shownQueues(r.Context()); err != nil {
		page.QueueError = err.Error()
	}
	for _, q := range page.Queues {
		if q.Dead() {
			page.DeadLetters += q.Count()
		} else {
			page.Waiting += q.Count()
		}
	}
	page.Next = next(c.o.Schedules())
	page.Recent, _ = c.o.History.find(0, recent, func(entry) bool { return true })
	c.show(w, r, view{name: "overview", title: "Overview", data: page, program: map[string][]string{"see": {
		Root + "health", Root + "functions", Root + "invocations", Root + "queues", Root + "schedules", Root + "sources", Root + "routes",
	}}})
}

// next returns the schedule that is due first, if any.
func next(all []schedule.State) (found *schedule.State) {
	for _, s := range all {
		if !s.Next.IsZero() && (found == nil || s.Next.Before(found.Next)) {
			found = &s
		}
	}
	return found
}

func (c *Console) schedules(w http.ResponseWriter, r *http.Request) {
	all := c.o.Schedules()
	c.show(w, r, view{name: "schedules", section: "schedules", title: "Schedules", data: all, program: all})
}

// runSchedule fires a schedule now. The JSON answer has the execution ID.
func (c *Console) runSchedule(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	id, err := c.o.RunSchedule(r.Context(), name)
	switch {
	case err != nil && c.unscheduled(name):
		c.fail(w, r, missing("There is no schedule %q.", name))
	case err != nil:
		c.fail(w, r, err)
	case !wantsPage(r):
		reply(w, http.StatusAccepted, map[string]string{"executionId": id})
	default:
		n := note{}
		for _, s := range c.o.Schedules() {
			if s.Name == name {
				n.Text = "The schedule of " + c.short(s.Target) + " ran at " + time.Now().Format("15:04:05") + "."
				n.Link, n.Name = "invocations?"+query("function", s.Target), "Invocations of "+c.short(s.Target)
			}
		}
		c.done(w, r, "schedules", n)
	}
}

func (c *Console) unscheduled(name string) bool {
	for _, s := range c.o.Schedules() {
		if s.Name == name {
			return false
		}
	}
	return true
}

func (c *Console) sources(w http.ResponseWriter, r *http.Request) {
	all := c.eventSources()
	c.show(w, r, view{name: "sources", section: "sources", title: "Event sources", data: all, program: all})
}

func (c *Console) routes(w http.ResponseWriter, r *http.Request) {
	all := c.shownRoutes()
	c.show(w, r, view{name: "routes", section: "routes", title: "Routes", data: all, program: all})
}

func (c *Console) isFunction(name string) bool {
	_, ok := c.o.Settings(name)
	return ok
}

// sourcePage returns the address of the page about an event source, or "".
func (c *Console) sourcePage(s source) string {
	switch {
	case s.Kind == "queue":
		return "queues/" + s.From
	case s.Kind == "bucket" && slices.Contains(c.o.Plan.Buckets, s.From):
		return "buckets/" + s.From
	case s.Kind == "log" && c.isFunction(path.Base(s.From)):
		return "functions/" + path.Base(s.From)
	case s.Kind == "stream" && slices.Contains(c.o.Plan.Tables, s.From):
		return "tables/" + s.From
	}
	return ""
}
