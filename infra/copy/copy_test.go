package main

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestOrder(t *testing.T) {
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	here, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	empty, module := t.TempDir(), "github.com/acme/memo"
	for _, test := range []struct{ to, name, module, without, says string }{
		{"", "memo", module, "", "DIR is missing"},
		{full, "memo", module, "", "is not empty"},
		{filepath.Join(full, "file"), "memo", module, "", "is not a folder"},
		{filepath.Join(here, "build", "memo"), "memo", module, "", "is inside this repository"},
		{empty, "", module, "", "NAME is missing"},
		{empty, "Memo", module, "", `NAME="Memo" is not a valid name`},
		{empty, "me--mo", module, "", "is not a valid name"},
		{empty, strings.Repeat("m", 21), module, "", "use at most 20"},
		{empty, "memo", "", "", "MODULE is missing"},
		{empty, "memo", "memo", "", `MODULE="memo" is not a valid module path`},
		{empty, "memo", "https://github.com/acme/memo", "", "is not a valid module path"},
		{empty, "memo", module, "pictures", `there is no feature "pictures"; the features are images, links, reports`},
		{empty, "memo", module, "project", `there is no feature "project"`},
		{empty, "memo", module, "links", "images needs links; leave out images too: WITHOUT=links,images"},
		{empty, "memo", module, "images,links", "reports needs links; leave out reports too"},
	} {
		args := []string{"--from", here, "--to", test.to, "--name", test.name, "--module", test.module, "--without", test.without}
		if err := run(t.Context(), args, io.Discard); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%q: %v, want %q", args, err, test.says)
		}
	}
	if entries, err := os.ReadDir(empty); err != nil || len(entries) > 0 {
		t.Errorf("a refused copy has written %v, %v", entries, err)
	}
}

func TestRemoveBlocks(t *testing.T) {
	for _, test := range []struct{ name, pattern, text, want string }{
		{"Go function", `^func b`, "package p\n\nfunc a() {\n\tx()\n}\n\n// b is gone.\nfunc b() {\n\tx()\n}\n\nfunc c() {}\n", "package p\n\nfunc a() {\n\tx()\n}\n\nfunc c() {}\n"},
		{"case", `case "b"`, "switch {\ncase \"a\":\n\tx()\ncase \"b\":\n\ty()\ndefault:\n}\n", "switch {\ncase \"a\":\n\tx()\ndefault:\n}\n"},
		{"YAML key", `^  B:`, "Resources:\n  A:\n    x: 1\n\n  # About B.\n  B:\n    y: 2\n\n    z: 3\n\n  C: {}\n", "Resources:\n  A:\n    x: 1\n\n  C: {}\n"},
		{"YAML item", `- name: b`, "all:\n  - name: a\n    x: 1\n  - name: b\n    x: 2\n  - name: c\n", "all:\n  - name: a\n    x: 1\n  - name: c\n"},
		{"element", `id="b"`, "<main>\n  <p id=\"a\">\n  </p>\n  <p id=\"b\">\n    text\n  </p>\n</main>\n", "<main>\n  <p id=\"a\">\n  </p>\n</main>\n"},
		{"target", `^b:`, "a: x\n\t@a\nb: y ## b\n\t@b\nc:\n", "a: x\n\t@a\nc:\n"},
		{"line", `b := `, "\ta := 1\n\tb := 2\n\tc := 3\n", "\ta := 1\n\tc := 3\n"},
	} {
		if got := removeBlocks(test.text, regexp.MustCompile(test.pattern)); got != test.want {
			t.Errorf("%s:\n%s\nwant\n%s", test.name, got, test.want)
		}
	}
}

func TestWithoutSentences(t *testing.T) {
	const page = "# Page\n\nA link is short. An image is\nsmall. Both are fast.\n\n## Images\n\nText.\n\n### More\n\nMore.\n\n## Rest\n\n- a link\n- an image\n\n" +
		"| what | |\n| --- | --- |\n| image | x |\n\n```sh\nmake dev\nmake image\n```\n\n## Only\n\nAn image is all.\n"
	const want = "# Page\n\nA link is short. Both are fast.\n\n## Rest\n\n- a link\n\n```sh\nmake dev\n```\n"
	if got := withoutSentences(page, regexp.MustCompile(`(?i)\bimages?\b`)); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

func TestUnlink(t *testing.T) {
	was := tree{"README.md": {}, "docs/a.md": {text: "# A\n\n## Old part\n"}, "docs/b.md": {}}
	now := tree{"README.md": {}, "docs/a.md": {text: "# A\n"}}
	const text = "[a](docs/a.md), [old](docs/a.md#old-part), [b](docs/b.md), [web](https://example.com/b.md), ![image](docs/b.md)."
	if got, want := now.unlink("README.md", text, was), "[a](docs/a.md), old, b, [web](https://example.com/b.md), ."; got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// TestRemains checks that a copy is refused if it still mentions a feature that was left out.
func TestRemains(t *testing.T) {
	f := &feature{name: "images", Words: []string{`shared/image\b`}}
	files := tree{"a.go": {text: "package a\n\nimport \"m/shared/image\"\n"}, "infra/local/b.go": {text: "shared/image"}, "c.go": {text: "shared/images"}}
	err := files.check([]*feature{f})
	if err == nil || !strings.Contains(err.Error(), "a.go:3: import") || strings.Contains(err.Error(), "b.go") || strings.Contains(err.Error(), "c.go") {
		t.Error(err)
	}
}

func TestTidy(t *testing.T) {
	got, err := tidy("a.go", "package a\n\nimport (\n\t\"fmt\"\n\t\"os\"\n\n\tlog \"m/v2\"\n)\n\nvar x = os.Args\n")
	if want := "package a\n\nimport (\n\t\"os\"\n)\n\nvar x = os.Args\n"; err != nil || got != want {
		t.Errorf("%v\n%s", err, got)
	}
}

// TestRename: the copy's name replaces Minim's in texts, in the command's variables and in the command's folder.
func TestRename(t *testing.T) {
	files := tree{
		"serverless.yml":             {text: "service: minim\n"},
		"client/cmd/minim/main.go":   {text: "// Command minim of Minim reads MINIM_URL.\npackage main // " + origin + "/client/cmd/minim\n"},
		"infra/local/minimal/out.go": {text: "package minimal\n"},
	}
	if err := files.rename(order{name: "note-pad", module: "github.com/acme/minim-notes"}); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"serverless.yml":              "service: note-pad\n",
		"client/cmd/note-pad/main.go": "// Command note-pad of Note pad reads NOTE_PAD_URL.\npackage main // github.com/acme/minim-notes/client/cmd/note-pad\n",
		"infra/local/minimal/out.go":  "package minimal\n",
	}
	if len(files) != len(want) {
		t.Errorf("%d files", len(files))
	}
	for name, text := range want {
		if files[name].text != text {
			t.Errorf("%s: %q", name, files[name].text)
		}
	}
}
