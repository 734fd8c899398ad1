package main

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func folderWith(style string) fstest.MapFS {
	return fstest.MapFS{
		"index.html": {Data: []byte(`<link href="/app/style.css"><script src="/app/js/main.js"></script><a href="/app/links">`)},
		"js/main.js": {Data: []byte(`import './api.js';`)},
		"robots.txt": {Data: []byte("# " + style)},
		"style.css":  {Data: []byte(style)},
		".DS_Store":  {Data: []byte("x")},
	}
}

func TestBuild(t *testing.T) {
	r, err := build(folderWith("a {}"), "v1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(r.version, "v1.2.3-") || len(r.version) != len("v1.2.3-01234567") {
		t.Errorf("version %s", r.version)
	}
	var names []string
	for _, f := range r.files {
		names = append(names, f.name+" "+f.mediaType)
	}
	want := []string{"js/main.js text/javascript; charset=utf-8", "robots.txt text/plain; charset=utf-8", "style.css text/css; charset=utf-8", "index.html text/html; charset=utf-8"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	at := "/app/releases/" + r.version
	linked := `<link href="` + at + `/style.css"><script src="` + at + `/js/main.js"></script><a href="/app/links">`
	if got := string(r.files[3].data); got != linked {
		t.Errorf("the page is\n%s, want\n%s", got, linked)
	}
}

// A version always has the same contents: browsers cache its files forever.
func TestVersionIsOfTheContent(t *testing.T) {
	versions := map[string]bool{}
	for _, style := range []string{"a {}", "b {}", "a {}"} {
		r, err := build(folderWith(style), "v1")
		if err != nil {
			t.Fatal(err)
		}
		versions[r.version] = true
	}
	if len(versions) != 2 {
		t.Errorf("versions %v, want two", versions)
	}
}

func TestBuildRefuses(t *testing.T) {
	x := &fstest.MapFile{Data: []byte("x")}
	for _, test := range []struct {
		name  string
		files fstest.MapFS
		says  string
	}{
		{"no page", fstest.MapFS{"style.css": x}, "no page"},
		{"nothing", fstest.MapFS{}, "no page"},
		{"unknown kind", fstest.MapFS{"index.html": x, "a.xyz": x}, "a.xyz"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := build(test.files, "v1"); err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("err = %v, want %q", err, test.says)
			}
		})
	}
}

func TestChoose(t *testing.T) {
	all := []published{{version: "c-3"}, {version: "b-2", current: true}, {version: "a-1"}}
	for _, test := range []struct{ version, want, says string }{
		{"", "a-1", ""},
		{"c", "c-3", ""},
		{"b-2", "b-2", ""},
		{"d", "", "no release d"},
	} {
		got, err := choose(all, test.version)
		if got != test.want || test.says != "" && (err == nil || !strings.Contains(err.Error(), test.says)) {
			t.Errorf("choose %q: %q, %v", test.version, got, err)
		}
	}
	if _, err := choose(all[:2], ""); err == nil {
		t.Error("there is nothing before the first release")
	}
}
