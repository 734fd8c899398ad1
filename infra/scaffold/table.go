package main

import (
	"fmt"
	"regexp"
	"strings"
)

// stored is the data of the templates for EVENT=table.
type stored struct {
	Word, Words   string // blog post, blog posts
	Package, Type string // blogpost, BlogPost
	Item, Store   string // blogPostItem, BlogPosts
	Variable      string // BLOG_POSTS_TABLE
	Collection    string // /api/blog-posts
	Verb, Action  string // of one function: create, PutItem
	Status        int    // of a successful answer
}

// verbs are the functions of a table, in the order of the documentation.
var verbs = []struct {
	name, action string
	status       int
}{{"create", "PutItem", 201}, {"get", "GetItem", 200}, {"list", "Query", 200}, {"edit", "UpdateItem", 200}, {"delete", "DeleteItem", 204}}

// planTable plans a table, its package, its store and a function for each verb.
func planTable(t *tree, o order, module, service string) (function, error) {
	var all []function
	for _, verb := range verbs {
		one := order{Name: o.Name + "-" + verb.name, Event: "http"}
		if err := one.check(); err != nil {
			return function{}, err
		}
		f := newFunction(one, module, service)
		f.Event = "table"
		f.stored = newStored(o.Name)
		f.Verb, f.Action, f.Status = verb.name, verb.action, verb.status
		all = append(all, f)
	}
	f := all[0]
	for _, path := range []string{"shared/" + f.Package, "shared/table/" + f.file(""), "functions/" + all[0].Name, f.Script} {
		if t.exists(path) {
			return function{}, fmt.Errorf("FN=%s exists already: %s; choose another name, or remove it first", o.Name, path)
		}
	}
	for _, each := range all {
		if err := each.folder(t); err != nil {
			return function{}, err
		}
		if err := each.publish(t); err != nil {
			return function{}, err
		}
	}
	return f, f.store(t, all)
}

// newStored derives the names of a table from its noun.
func newStored(noun string) stored {
	words := strings.Split(noun, "-")
	all := strings.Split(plural(noun), "-")
	pascal := func(words []string) (name string) {
		for _, word := range words {
			name += title(word)
		}
		return name
	}
	s := stored{
		Word: strings.Join(words, " "), Words: strings.Join(all, " "), Package: strings.Join(words, ""), Type: pascal(words), Store: pascal(all),
		Variable: strings.ToUpper(strings.Join(all, "_")) + "_TABLE", Collection: "/api/" + plural(noun),
	}
	s.Item = strings.ToLower(s.Type[:1]) + s.Type[1:] + "Item"
	return s
}

// file returns the name of the store's file in shared/table.
func (f function) file(suffix string) string {
	return strings.ReplaceAll(f.Plural, "-", "") + suffix + ".go"
}

// store plans the parts that the functions share.
func (f function) store(t *tree, all []function) error {
	for _, made := range []struct{ name, path string }{
		{"note.go", "shared/" + f.Package + "/" + f.Package + ".go"}, {"note_test.go", "shared/" + f.Package + "/" + f.Package + "_test.go"},
		{"store.go", "shared/table/" + f.file("")}, {"store_test.go", "shared/table/" + f.file("_test")}, {"script.txt", f.Script},
	} {
		text, err := f.fill(made.name)
		if err != nil {
			return err
		}
		t.make(made.path, text)
	}
	more, err := f.fill("tables.yml")
	if err != nil {
		return err
	}
	if err := t.edit("infra/tables.yml", func(text string) (string, error) {
		return strings.TrimRight(text, "\n") + "\n" + string(more), nil
	}); err != nil {
		return err
	}
	if err := t.edit("docs/configuration.md", f.explain); err != nil {
		return err
	}
	return t.edit("docs/architecture.md", func(text string) (string, error) { return f.drawTable(text, all) })
}

// explain adds the variable to the other tables' variables in docs/configuration.md.
func (f function) explain(text string) (string, error) {
	const after = "`KEYS_TABLE`"
	if !strings.Contains(text, after) {
		return "", fmt.Errorf("does not name %s, beside which the new variable belongs", after)
	}
	return strings.Replace(text, after, after+", `"+f.Variable+"`", 1), nil
}

// drawTable adds the table and its functions to the diagram.
func (f function) drawTable(text string, all []function) (string, error) {
	var nodes []string
	for _, each := range all {
		nodes = append(nodes, each.Operation+"{{"+each.Name+"}}")
	}
	table := strings.ToLower(f.Store[:1]) + f.Store[1:] + "Table[(" + f.Plural + " table)]"
	return f.addToDiagram(text, "api --> "+strings.Join(nodes, " & ")+" --> "+table)
}

// stream is the data of the templates for EVENT=stream.
type stream struct {
	TableID, Key, Node string // LinksTable, its partition key, and its node in the diagram
}

// follow finds the table, and gives it a stream if it has none.
func (f *function) follow(t *tree) error {
	words := ""
	for word := range strings.SplitSeq(f.Table, "-") {
		if word == "" {
			return fmt.Errorf("TABLE=%q is not a valid name; use that of a table, such as links", f.Table)
		}
		words += title(word)
	}
	f.stream = stream{TableID: words + "Table", Node: strings.ToLower(words[:1]) + words[1:] + "Table"}
	return t.edit("infra/tables.yml", func(text string) (string, error) {
		block := regexp.MustCompile(`(?m)^  ` + f.TableID + `:\n(?:    .*\n|\n)*`).FindString(text)
		if block == "" {
			return "", fmt.Errorf("there is no %s; name a table: TABLE=notes", f.TableID)
		}
		key := regexp.MustCompile(`AttributeName: (\w+), KeyType: HASH`).FindStringSubmatch(block)
		switch {
		case key != nil:
			f.Key = key[1]
		case strings.Contains(block, "KeySchema: *idKey"):
			f.Key = "id"
		default:
			return "", fmt.Errorf("%s has no partition key in its KeySchema", f.TableID)
		}
		if strings.Contains(block, "StreamSpecification:") {
			return text, nil
		}
		const properties = "    Properties:\n"
		return strings.Replace(text, block, strings.Replace(block, properties, properties+"      StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}\n", 1), 1), nil
	})
}
