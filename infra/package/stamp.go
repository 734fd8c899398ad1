package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"time"
)

// stamped is where osls tells the time of packaging: in the name of the folder of
// the deployment bucket that the zips go to.
func stamped() *regexp.Regexp {
	return regexp.MustCompile(`(serverless/[\w-]+/[\w-]+/)\d+-\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z`)
}

// stamp sets the time of a compiled stack, in all files of its folder, to at. Else
// every packaging would differ from the last one; and osls rollback looks for the
// deployments by this time.
func stamp(folder string, at time.Time) error {
	at = at.UTC()
	told := fmt.Sprintf("%d-%s", at.UnixMilli(), at.Format("2006-01-02T15:04:05.000Z"))
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		return err
	}
	places := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		places += len(stamped().FindAll(text, -1))
		changed := stamped().ReplaceAll(text, []byte("${1}"+told))
		if bytes.Equal(changed, text) {
			continue
		}
		if err := os.WriteFile(file, changed, 0o644); err != nil {
			return err
		}
	}
	if places == 0 {
		return fmt.Errorf("no compiled stack in %s: nothing tells a time of packaging", folder)
	}
	return nil
}
