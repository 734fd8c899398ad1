package main

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// repository copies the tests' small repository to a new folder.
func repository(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	if err := os.CopyFS(root, os.DirFS("testdata/repository")); err != nil {
		t.Fatal(err)
	}
	// With a go.mod in testdata, the folder would be another module.
	if err := os.Rename(filepath.Join(root, "go.mod.txt"), filepath.Join(root, "go.mod")); err != nil {
		t.Fatal(err)
	}
	return root
}

// contents returns the files below a folder, one after the other.
func contents(t *testing.T, root string) string {
	t.Helper()
	var b strings.Builder
	err := fs.WalkDir(os.DirFS(root), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(root, path))
		b.WriteString("-- " + path + " --\n" + string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	tests := map[string][]string{
		"http":      {"--function", "note-create", "--event", "http", "--route", "POST /api/notes"},
		"http-path": {"--function", "link-tag", "--event", "http", "--route", "GET /api/links/{code}"},
		"sqs":       {"--function", "note-index", "--event", "sqs"},
		"s3":        {"--function", "note-import", "--event", "s3"},
		"schedule":  {"--function", "note-purge", "--event", "schedule"},
		"stream":    {"--function", "link-preview", "--event", "stream"},
		"table":     {"--function", "blog-post", "--event", "table"},
	}
	for name, args := range tests {
		t.Run(name, func(t *testing.T) {
			root := repository(t)
			var out bytes.Buffer
			if err := run(append(args, "--root", root), &out); err != nil {
				t.Fatal(err)
			}
			got := out.String() + contents(t, root)
			golden := filepath.Join("testdata", name+".golden")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("-want +got (run with -update and review the changes):\n%s", diff)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	tests := []struct{ name, event, route, want string }{
		{"", "http", "", "FN is missing: FN=note-create EVENT=http|sqs|s3|schedule|stream|table"},
		{"NoteCreate", "http", "", "lower case, with a dash, such as note-create"},
		{"note", "http", "", "noun and verb"},
		{"note_create", "http", "", "noun and verb"},
		{"note--create", "http", "", "noun and verb"},
		{"../note-create", "http", "", "noun and verb"},
		{strings.Repeat("note-", 8) + "create", "http", "", "at most 40"},
		{"note-create", "", "", "EVENT is missing: EVENT=http|"},
		{"note-create", "sns", "", `EVENT="sns" is unknown; use one of http|`},
		{"note-create", "sqs", "POST /api/notes", "ROUTE is for EVENT=http"},
		{"note-create", "http", "/api/notes", "a method and a path below /api/"},
		{"note-create", "http", "POST /notes", "a method and a path below /api/"},
		{"note-create", "http", "POST /api/{a}/{a}", "{a} is taken"},
		{"note-create", "http", "GET /api/links/{id}", "/api/links/{code}; use those"},
		{"link-get", "sqs", "", "exists already: functions/link-get"},
		{"clicks-dead", "sqs", "", ""},
		{"clicks", "sqs", "", "noun and verb"},
		{"note-create", "http", "POST /api/links", "exists already; choose another route"},
		{"Note", "table", "", "use a noun in lower case, such as note"},
		{"link", "table", "", "FN=link exists already"},
		{"up-loads", "s3", "", "are also those of functions/link-get, below up-loads/raw/"},
	}
	for _, test := range tests {
		t.Run(test.name+" "+test.event+" "+test.route, func(t *testing.T) {
			root := repository(t)
			before := contents(t, root)
			err := run([]string{"--function", test.name, "--event", test.event, "--route", test.route, "--root", root}, &bytes.Buffer{})
			if test.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want one line with %s", err, test.want)
			}
			if diff := cmp.Diff(before, contents(t, root)); diff != "" {
				t.Errorf("something was written:\n%s", diff)
			}
		})
	}
}

// TestSourceIsGone: a copy of this repository may lack the bucket or the table.
func TestSourceIsGone(t *testing.T) {
	for event, want := range map[string]string{
		"s3": "infra/buckets.yml does not have; name yours in infra/scaffold/templates/s3", "stream": "there is no LinksTable; name a table: TABLE=notes",
	} {
		root := repository(t)
		path := map[string]string{"s3": "infra/buckets.yml", "stream": "infra/tables.yml"}[event]
		if err := os.WriteFile(filepath.Join(root, path), []byte("Resources:\n  OtherTable:\n      StreamSpecification: {}\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		before := contents(t, root)
		err := run([]string{"--function", "note-read", "--event", event, "--root", root}, &bytes.Buffer{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", event, err)
		}
		if diff := cmp.Diff(before, contents(t, root)); diff != "" {
			t.Errorf("something was written:\n%s", diff)
		}
	}
}

// TestStreamOfAnotherTable: the table gets a stream if it has none, and the function uses the table's own key.
func TestStreamOfAnotherTable(t *testing.T) {
	root := repository(t)
	for _, args := range [][]string{
		{"--function", "note", "--event", "table"},
		{"--function", "note-watch", "--event", "stream", "--table", "notes"},
	} {
		if err := run(append(args, "--root", root), &bytes.Buffer{}); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]string{
		"infra/tables.yml":                  "      TableName: ${self:service}-${sls:stage}-notes",
		"functions/note-watch/function.yml": "arn: !GetAtt NotesTable.StreamArn",
		"functions/note-watch/handler.go":   `record.Change.Keys["id"]`,
		"docs/architecture.md":              "notesTable -- changes --> noteWatch{{note-watch}}",
		"tests/e2e/notes.txt":               "POST /api/notes\n< {\"text\": \"hello\"}\nstatus == 201\n\nlog note-watch",
	} {
		if text, err := os.ReadFile(filepath.Join(root, path)); err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s lacks %q: %v\n%s", path, want, err, text)
		}
	}
	if text, _ := os.ReadFile(filepath.Join(root, "infra/tables.yml")); strings.Count(string(text), "StreamSpecification:") != 2 {
		t.Errorf("not two streams:\n%s", text)
	}
}

// TestNothingHalfWritten: if the last file cannot be written, no file is.
func TestNothingHalfWritten(t *testing.T) {
	root := repository(t)
	tr := &tree{root: root}
	if _, err := plan(tr, order{Name: "note-index", Event: "sqs"}); err != nil {
		t.Fatal(err)
	}
	tr.make("go.mod/impossible", nil) // below a file
	before := contents(t, root)
	if err := tr.write(); err == nil {
		t.Fatal("written below a file")
	}
	if diff := cmp.Diff(before, contents(t, root)); diff != "" {
		t.Errorf("half is left:\n%s", diff)
	}
	if _, err := os.Stat(filepath.Join(root, "functions", "note-index")); err == nil {
		t.Error("an empty folder is left")
	}
}

func TestUsualRoutes(t *testing.T) {
	for name, want := range map[string]string{
		"note-create":       "POST /api/notes",
		"note-list":         "GET /api/notes",
		"entry-get":         "GET /api/entries/{id}",
		"box-edit":          "PATCH /api/boxes/{id}",
		"day-delete":        "DELETE /api/days/{id}",
		"image-set-archive": "POST /api/image-sets/{id}/archive",
	} {
		if got := usual(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestNames(t *testing.T) {
	for variable, want := range map[string]string{"id": "ID", "noteId": "NoteID", "code": "Code"} {
		if got := field(variable); got != want {
			t.Errorf("%s: %s, want %s", variable, got, want)
		}
	}
	for name, want := range map[string]string{"note-create": "Create note", "image-set-list": "List image sets"} {
		if got := newFunction(order{Name: name}, "", "").Summary; got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
