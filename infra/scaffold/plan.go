package main

import (
	"errors"
	"fmt"
	"go/format"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// plan plans all changes for the order without writing anything.
func plan(t *tree, o order) (function, error) {
	module, err := t.line("go.mod", `(?m)^module (\S+)$`)
	if err != nil {
		return function{}, err
	}
	service, err := t.line("serverless.yml", `(?m)^service: (\S+)$`)
	if err != nil {
		return function{}, err
	}
	if o.Event == "table" {
		return planTable(t, o, module, service)
	}
	if t.exists("functions/" + o.Name) {
		return function{}, fmt.Errorf("FN=%s exists already: functions/%s; choose another name, or remove it first", o.Name, o.Name)
	}
	f := newFunction(o, module, service)
	if err := elsewhere(t, &f); err != nil {
		return function{}, err
	}
	if err := f.folder(t); err != nil {
		return function{}, err
	}
	if err := t.edit("docs/architecture.md", f.draw); err != nil {
		return function{}, err
	}
	return f, f.script(t)
}

// folder plans the function's folder.
func (f function) folder(t *tree) error {
	files := map[string]string{"event.json": "testdata/event.json"}
	for _, name := range []string{"function.yml", "handler.go", "handler_test.go", "main.go", "policy.yml", "event.json"} {
		text, err := f.fill(name)
		if err != nil {
			return err
		}
		if path := files[name]; path != "" {
			name = path
		}
		t.make("functions/"+f.Name+"/"+name, text)
	}
	return nil
}

// script adds the function's event to the end-to-end script of its noun, which may be new.
func (f function) script(t *tree) error {
	text, err := f.fill("script.txt")
	if err != nil {
		return err
	}
	if !t.exists(f.Script) {
		t.make(f.Script, text)
		return nil
	}
	return t.edit(f.Script, func(old string) (string, error) {
		return strings.TrimRight(old, "\n") + "\n\n" + string(text), nil
	})
}

// line returns the group that the pattern captures in a file.
func (t *tree) line(path, pattern string) (string, error) {
	text, err := t.read(path)
	if err != nil {
		return "", fmt.Errorf("this is not the root of the repository: %w", err)
	}
	found := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if found == nil {
		return "", fmt.Errorf("%s has no line %s", path, pattern)
	}
	return found[1], nil
}

// elsewhere plans the changes that the event needs outside the function's folder. The
// stack generates roles and alarms.
func elsewhere(t *tree, f *function) error {
	switch f.Event {
	case "http":
		return f.publish(t)
	case "sqs":
		return t.edit("infra/queues.yml", f.queue)
	case "s3":
		if err := f.needs(t, "the uploads bucket", "infra/buckets.yml", `(?m)^  uploads:$`); err != nil {
			return err
		}
		return f.apart(t)
	case "stream":
		return f.follow(t)
	}
	return nil
}

// needs fails if the event's source is not, or no longer, in the repository.
func (f function) needs(t *tree, source, path, pattern string) error {
	if text, err := t.read(path); err != nil || !regexp.MustCompile(pattern).MatchString(text) {
		return fmt.Errorf("EVENT=%[1]s needs %[2]s, which %[3]s does not have; name yours in infra/scaffold/templates/%[1]s", f.Event, source, path)
	}
	return nil
}

// draw adds the function to the diagram of the architecture, with an arrow from its trigger if the diagram contains that.
func (f function) draw(text string) (string, error) {
	node := f.Operation + "{{" + f.Name + "}}"
	from, arrow := "", ""
	switch f.Event {
	case "http":
		from, arrow = "api", " --> "
	case "s3":
		from, arrow = "uploads", " -- ObjectCreated --> "
	case "stream":
		from, arrow = f.Node, " -- changes --> "
	case "schedule":
		node = f.Operation + "Clock((03:00)) --> " + node
	case "sqs":
		node = fmt.Sprintf("%[1]sQueue[[%[2]s queue]] --> %[3]s\n  %[1]sQueue -. \"after 5 failed attempts\" .-> %[1]sDead[[%[2]s-dead queue]]", f.Operation, f.Name, node)
	}
	if from != "" && regexp.MustCompile(`(^|\W)`+from+`[\[({]`).MatchString(text) {
		node = from + arrow + node
	}
	return f.addToDiagram(text, node)
}

// addToDiagram adds a line to the diagram of a page.
func (f function) addToDiagram(text, line string) (string, error) {
	before, diagram, _ := strings.Cut(text, "\n```mermaid\n")
	diagram, after, ok := strings.Cut(diagram, "\n```\n")
	if !ok {
		return "", errors.New("has no diagram")
	}
	return before + "\n```mermaid\n" + diagram + "\n  " + line + "\n```\n" + after, nil
}

// queue adds the queue and its dead-letter queue.
func (f function) queue(text string) (string, error) {
	for _, id := range f.Queues {
		if strings.Contains(text, "\n  "+id+":\n") {
			return "", fmt.Errorf("there is a queue %s already; choose another name than FN=%s", id, f.Name)
		}
	}
	more, err := f.fill("queues.yml")
	return strings.TrimRight(text, "\n") + "\n" + strings.TrimRight(string(more), "\n") + "\n", err
}

// apart fails if an object would invoke two functions: S3 rejects overlapping prefixes.
func (f function) apart(t *tree) error {
	described, err := filepath.Glob(filepath.Join(t.root, "functions", "*", "function.yml"))
	if err != nil {
		return err
	}
	for _, path := range described {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, found := range regexp.MustCompile(`prefix: *['"]?([^\s'"}\],]+)`).FindAllStringSubmatch(string(text), -1) {
			if strings.HasPrefix(found[1], f.Prefix) || strings.HasPrefix(f.Prefix, found[1]) {
				return fmt.Errorf("FN=%s: its objects below %s are also those of functions/%s, below %s; choose another name",
					f.Name, f.Prefix, filepath.Base(filepath.Dir(path)), found[1])
			}
		}
	}
	return nil
}

// admit declares the function's scope and adds it to the list of scopes.
func (f function) admit(text string) (string, error) {
	if strings.Contains(text, `"`+f.Scope+`"`) {
		return text, nil
	}
	declared := regexp.MustCompile(`(?m)^\tAdmin +Scope = "admin"$`).FindStringIndex(text)
	listed := strings.LastIndex(text, "Admin}")
	if declared == nil || listed < declared[1] {
		return "", errors.New(`has no constant Admin and no list of scopes that ends in it`)
	}
	more := text[:declared[0]] + "\t" + f.ScopeName + ` Scope = "` + f.Scope + "\"\n" + text[declared[0]:listed] + f.ScopeName + ", " + text[listed:]
	formatted, err := format.Source([]byte(more))
	return string(formatted), err
}
