package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// longest limits the name of a service: a bucket's name also contains a stage, a purpose and an account ID, in at most 63 characters.
const longest = 20

// order contains the user's arguments.
type order struct {
	from, to     string // folders
	name, module string // of the copy
	without      string // features, separated by commas
}

// check returns the first mistake that can be found without reading this repository.
func (o *order) check() error {
	switch {
	case o.to == "":
		return errors.New("DIR is missing: make copy DIR=../memo NAME=memo MODULE=github.com/acme/memo")
	case o.name == "":
		return errors.New("NAME is missing: a name for the service, such as NAME=memo")
	case !regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`).MatchString(o.name):
		return fmt.Errorf("NAME=%q is not a valid name: use lower-case letters, digits and single hyphens, and begin with a letter", o.name)
	case len(o.name) > longest:
		return fmt.Errorf("NAME=%s has %d characters; use at most %d, since bucket names contain it", o.name, len(o.name), longest)
	case o.module == "":
		return errors.New("MODULE is missing: a path for the Go module, such as MODULE=github.com/acme/" + o.name)
	case !regexp.MustCompile(`^[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)+(/[A-Za-z0-9][A-Za-z0-9._~-]*)+$`).MatchString(o.module):
		return fmt.Errorf("MODULE=%q is not a valid module path: use a host and a path, such as github.com/acme/%s", o.module, o.name)
	}
	return o.checkFolder()
}

// checkFolder refuses a folder that has contents, or that is inside this repository.
func (o *order) checkFolder() error {
	from, err := filepath.Abs(o.from)
	if err != nil {
		return err
	}
	to, err := filepath.Abs(o.to)
	if err != nil {
		return err
	}
	if strings.HasPrefix(to+string(filepath.Separator), from+string(filepath.Separator)) {
		return fmt.Errorf("DIR=%s is inside this repository; choose a folder outside it", o.to)
	}
	entries, err := os.ReadDir(to)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("DIR=%s is not a folder: %w", o.to, err)
	case len(entries) > 0:
		return fmt.Errorf("DIR=%s is not empty; choose another folder, or empty it", o.to)
	}
	return nil
}
