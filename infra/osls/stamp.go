package osls

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"time"
)

// stamped matches the name of the zips' folder in the deployment bucket, which contains the time of packaging.
func stamped() *regexp.Regexp {
	return regexp.MustCompile(`(serverless/[\w-]+/[\w-]+/)\d+-\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z`)
}

// stamp sets the time of a compiled stack in all files of its folder. With a fixed time the same source produces
// the same bytes. For a deployment it is the current time, by which osls rollback finds it.
func stamp(folder string, at time.Time) error {
	at = at.UTC()
	name := fmt.Sprintf("%d-%s", at.UnixMilli(), at.Format("2006-01-02T15:04:05.000Z"))
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
		changed := stamped().ReplaceAll(text, []byte("${1}"+name))
		if bytes.Equal(changed, text) {
			continue
		}
		if err := os.WriteFile(file, changed, 0o644); err != nil {
			return err
		}
	}
	if places == 0 {
		return fmt.Errorf("no compiled stack in %s: no file contains a time of packaging", folder)
	}
	return nil
}
