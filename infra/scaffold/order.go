package main

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// longest limits the function's name, which is part of other names in AWS.
const longest = 40

// order contains the user's arguments.
type order struct {
	Name  string // note-create
	Event string // http
	Route string // POST /api/notes; only for http, optional
	Table string // notes; only for stream, whose default is links
}

// kinds are the events, in the order of the help.
func kinds() []string { return []string{"http", "sqs", "s3", "schedule", "stream", "table"} }

func events() string { return strings.Join(kinds(), "|") }

// check returns the first mistake that can be found without reading the repository, and sets defaults.
func (o *order) check() error {
	switch {
	case o.Name == "":
		return errors.New("FN is missing: FN=note-create EVENT=" + events())
	case o.Event == "table" && !regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$`).MatchString(o.Name):
		return fmt.Errorf("FN=%q is not a valid name: for EVENT=table use a noun in lower case, such as note", o.Name)
	case o.Event != "table" && !regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)+$`).MatchString(o.Name):
		return fmt.Errorf("FN=%q is not a valid name: use noun and verb, lower case, with a dash, such as note-create", o.Name)
	case len(o.Name) > longest:
		return fmt.Errorf("FN=%s has %d characters; use at most %d", o.Name, len(o.Name), longest)
	case o.Event == "":
		return errors.New("EVENT is missing: EVENT=" + events())
	case !slices.Contains(kinds(), o.Event):
		return fmt.Errorf("EVENT=%q is unknown; use one of %s", o.Event, events())
	case o.Event != "http" && o.Route != "":
		return fmt.Errorf("ROUTE is for EVENT=http, not for %s", o.Event)
	case o.Event != "stream" && o.Table != "":
		return fmt.Errorf("TABLE is for EVENT=stream, not for %s", o.Event)
	}
	if o.Event == "stream" && o.Table == "" {
		o.Table = "links"
	}
	if o.Event != "http" {
		return nil
	}
	if o.Route == "" {
		o.Route = usual(o.Name)
	}
	if !regexp.MustCompile(`^(GET|POST|PUT|PATCH|DELETE) /api(/[a-z0-9-]+|/\{[a-z][a-zA-Z0-9]*\})+$`).MatchString(o.Route) {
		return fmt.Errorf("ROUTE=%q is not a valid route: use a method and a path below /api/, such as 'POST /api/notes' or 'GET /api/notes/{id}'", o.Route)
	}
	names := variables(o.Route)
	for i, name := range names {
		if slices.Contains(names[:i], name) || name == "owner" || name == "text" {
			return fmt.Errorf("ROUTE=%q: the variable {%s} is taken; choose another name", o.Route, name)
		}
	}
	return nil
}

// usual returns the route that a function's name suggests.
func usual(name string) string {
	noun, verb := cut(name)
	all := "/api/" + plural(noun)
	switch verb {
	case "create", "add", "make":
		return "POST " + all
	case "list":
		return "GET " + all
	case "get", "read", "show":
		return "GET " + all + "/{id}"
	case "edit", "update", "change":
		return "PATCH " + all + "/{id}"
	case "delete", "remove":
		return "DELETE " + all + "/{id}"
	}
	return "POST " + all + "/{id}/" + verb
}

// cut separates the noun of a name, which may have several words, from its verb.
func cut(name string) (noun, verb string) {
	dash := strings.LastIndexByte(name, '-')
	return name[:dash], name[dash+1:]
}

func plural(noun string) string {
	before, y := strings.CutSuffix(noun, "y")
	switch {
	case y && !strings.HasSuffix(before, "a") && !strings.HasSuffix(before, "e") && !strings.HasSuffix(before, "o"):
		return before + "ies"
	case strings.HasSuffix(noun, "s"), strings.HasSuffix(noun, "x"), strings.HasSuffix(noun, "ch"), strings.HasSuffix(noun, "sh"):
		return noun + "es"
	}
	return noun + "s"
}

// variables returns the names in a route's braces.
func variables(route string) (names []string) {
	for _, found := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(route, -1) {
		names = append(names, found[1])
	}
	return names
}
