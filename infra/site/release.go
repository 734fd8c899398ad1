package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// page is the only file with a fixed address.
const page = "index.html"

// release is a version of the front end to publish: its files, and a page that
// refers to them.
type release struct {
	version string
	files   []file // the page last
}

type file struct {
	name, mediaType string
	data            []byte
}

// build creates a release from a folder. The hash of the contents is part of its version, so that a
// file's address always has the same contents and browsers may cache it forever.
func build(folder fs.FS, version string) (release, error) {
	var r release
	sum := sha256.New()
	err := fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(path.Base(name), ".") {
			return err
		}
		kind, err := mediaType(name)
		if err != nil {
			return err
		}
		data, err := fs.ReadFile(folder, name)
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%s %d\n%s", name, len(data), data)
		r.files = append(r.files, file{name, kind, data})
		return nil
	})
	if err != nil {
		return release{}, err
	}
	r.version = version + "-" + hex.EncodeToString(sum.Sum(nil))[:8]
	return r, r.link()
}

// link makes the page refer to the files of its release, and moves it to the end: it
// must be uploaded after them.
func (r *release) link() error {
	at := -1
	var names []string
	for i, f := range r.files {
		if f.name == page {
			at = i
			continue
		}
		names = append(names, `"/`+prefix+f.name+`"`, `"/`+prefix+folder(r.version)+f.name+`"`)
	}
	if at < 0 {
		return fmt.Errorf("there is no page to publish: %s", page)
	}
	p := r.files[at]
	p.data = []byte(strings.NewReplacer(names...).Replace(string(p.data)))
	r.files = append(append(r.files[:at:at], r.files[at+1:]...), p)
	return nil
}

// releases is the folder of the releases, below the prefix.
const releases = "releases/"

// folder returns the folder of a release, below the prefix.
func folder(version string) string { return releases + version + "/" }

// mediaType returns the media type for the file's extension. It does not use the
// system's list, which differs between machines.
func mediaType(name string) (string, error) {
	known := map[string]string{
		".html":        "text/html; charset=utf-8",
		".css":         "text/css; charset=utf-8",
		".js":          "text/javascript; charset=utf-8",
		".mjs":         "text/javascript; charset=utf-8",
		".json":        "application/json",
		".webmanifest": "application/manifest+json",
		".txt":         "text/plain; charset=utf-8",
		".svg":         "image/svg+xml",
		".png":         "image/png",
		".webp":        "image/webp",
		".ico":         "image/x-icon",
		".woff2":       "font/woff2",
	}
	found, ok := known[path.Ext(name)]
	if !ok {
		return "", fmt.Errorf("%s: the media type of this extension is unknown; add it to mediaType", name)
	}
	return found, nil
}
