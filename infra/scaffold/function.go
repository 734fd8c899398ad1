package main

import (
	"bytes"
	"embed"
	"fmt"
	"go/format"
	"io"
	"regexp"
	"strings"
	"text/template"
)

//go:embed templates
var templates embed.FS

// function is the data of the templates.
type function struct {
	order
	Module, Service string
	ID              string // NoteCreate: the prefix of logical IDs
	Plural          string // notes
	Summary         string // Create note
	Operation       string // noteCreate
	Script          string // tests/e2e/notes.txt

	// For http:
	Method, Path, Example string
	Scope, ScopeName      string   // the scope that a key needs, notes:write, and its constant NotesWrite
	Variables             []string // of the path
	Parameters            bool     // whether its operation documents the variables
	Body                  bool     // whether requests have a body

	Prefix string   // for s3: the prefix of the objects that trigger it
	Queues []string // for sqs: the queues' logical IDs
	stored          // for table
	stream          // for stream
}

func newFunction(o order, module, service string) function {
	noun, verb := cut(o.Name)
	f := function{order: o, Module: module, Service: service, Plural: plural(noun)}
	for word := range strings.SplitSeq(o.Name, "-") {
		f.ID += title(word)
	}
	f.Summary = title(verb) + " " + strings.ReplaceAll(noun, "-", " ")
	if verb == "list" {
		f.Summary = "List " + strings.ReplaceAll(f.Plural, "-", " ")
	}
	f.Operation = strings.ToLower(f.ID[:1]) + f.ID[1:]
	f.Script = "tests/e2e/" + f.Plural + ".txt"
	f.Prefix = o.Name + "/"
	f.Queues = []string{f.ID + "Queue", f.ID + "DeadQueue"}
	if o.Event == "http" {
		f.Method, f.Path, _ = strings.Cut(o.Route, " ")
		f.Example = regexp.MustCompile(`\{\w+\}`).ReplaceAllString(f.Path, "example")
		f.Variables = variables(o.Route)
		f.Body = f.Method != "GET" && f.Method != "DELETE"
		f.Scope = f.Plural + ":write"
		if f.Method == "GET" {
			f.Scope = f.Plural + ":read"
		}
		for word := range strings.FieldsFuncSeq(f.Scope, func(r rune) bool { return r == '-' || r == ':' }) {
			f.ScopeName += title(word)
		}
	}
	return f
}

func title(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

// field returns the Go name of a path variable: ID for id, NoteID for noteId.
func field(variable string) string {
	if before, ok := strings.CutSuffix(title(variable), "Id"); ok {
		return before + "ID"
	}
	return title(variable)
}

// fill executes the template of a file for the function's event.
func (f function) fill(name string) ([]byte, error) {
	text, err := templates.ReadFile("templates/" + f.Event + "/" + name + ".tmpl")
	if err != nil {
		return nil, err
	}
	parsed, err := template.New(name).Delims("<<", ">>").
		Funcs(template.FuncMap{"field": field, "lower": strings.ToLower}).Parse(string(text))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := parsed.Execute(&out, f); err != nil {
		return nil, err
	}
	if strings.HasSuffix(name, ".go") {
		return format.Source(out.Bytes())
	}
	return out.Bytes(), nil
}

// next returns what the user can do with the new function.
func (f function) next() string {
	switch f.Event {
	case "http":
		body := ""
		if f.Body {
			body = ` -d '{"text":"hello"}'`
		}
		if f.Method != "GET" && f.Method != "POST" {
			body = " -X " + f.Method + body
		}
		return fmt.Sprintf(`It answers %s for keys with the scope %s. make dev creates such a key when it starts:
  curl localhost:${PORT:-8080}%s -H "Authorization: Bearer $(cat .local/api-key)"%s`, f.Route, f.Scope, f.Example, body)
	case "sqs":
		return fmt.Sprintf(`It processes the messages of the queue %[1]s-<stage>-%[2]s. A sender needs QUEUE_URL: !Ref %[3]sQueue in its function.yml, and
sqs:SendMessage on !GetAtt %[3]sQueue.Arn in its policy.yml. To send {"id":"a"} by hand:
  http://localhost:8080/_local/queues/%[1]s-local-%[2]s`, f.Service, f.Name, f.ID)
	case "s3":
		return fmt.Sprintf(`Each object in the uploads bucket below %[2]s invokes it. With the AWS CLI:
  infra/commands/aws s3 cp README.md s3://%[1]s-local-uploads-000000000000/%[2]s`, f.Service, f.Prefix)
	case "stream":
		return fmt.Sprintf("It processes the changes of the table %s. Change an item, then read its log.", f.Table)
	case "table":
		return fmt.Sprintf(`Its functions create, get, list, edit and delete %s for keys with the scopes %[2]s:read and %[2]s:write:
  curl localhost:${PORT:-8080}%s -H "Authorization: Bearer $(cat .local/api-key)" -d '{"text":"hello"}'`, f.Words, f.Plural, f.Collection)
	}
	return fmt.Sprintf(`It runs every day at three, as function.yml specifies. To run it now:
  make invoke FN=%s`, f.Name)
}

// report lists what was created, and what the user can do next.
func report(out io.Writer, t *tree, f function) {
	for _, c := range t.changes {
		verb := "changed"
		if c.old == nil {
			verb = "created"
		}
		fmt.Fprintf(out, "%-8s %s\n", verb, c.path)
	}
	fmt.Fprintf(out, "\n%s runs after a restart of make dev.\n%s\n", f.Name, f.next())
}
