package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// entry is a file of the repository.
type entry struct {
	text, original string
	mode           fs.FileMode
}

func (e entry) changed() bool { return e.text != e.original }

// tree holds the files of a repository by their paths.
type tree map[string]entry

// tracked reads the current contents of the files that Git tracks or would track.
func tracked(ctx context.Context, root string) (tree, error) {
	list, err := exec.CommandContext(ctx, "git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		return nil, fmt.Errorf("git ls-files: %w", err)
	}
	files := tree{}
	for name := range strings.SplitSeq(strings.TrimRight(string(list), "\x00"), "\x00") {
		info, err := os.Lstat(filepath.Join(root, name))
		if os.IsNotExist(err) || err == nil && !info.Mode().IsRegular() {
			continue
		}
		if err != nil {
			return nil, err
		}
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			return nil, err
		}
		files[name] = entry{text: string(text), original: string(text), mode: info.Mode().Perm()}
	}
	return files, nil
}

// write writes the files into a folder.
func (t tree) write(root string) error {
	for name, file := range t {
		target := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(target, []byte(file.text), file.mode); err != nil {
			return err
		}
	}
	return nil
}

// commit drops the dependencies that are no longer needed, and makes the folder a Git repository with one commit.
func commit(ctx context.Context, o order, out io.Writer) error {
	git := func(args ...string) []string { return append([]string{"git"}, args...) }
	author := git("commit", "--quiet", "--message", "A copy of "+origin)
	if exec.CommandContext(ctx, "git", "config", "user.email").Run() != nil {
		author = append(git("-c", "user.name="+o.name, "-c", "user.email="+o.name+"@localhost"), author[1:]...)
	}
	if err := generate(ctx, o, out); err != nil {
		return err
	}
	for _, folder := range []string{".", "client", "infra/local", "tests/load"} {
		if _, err := os.Stat(filepath.Join(o.to, folder, "go.mod")); err != nil {
			continue
		}
		fmt.Fprintf(out, "go mod tidy in %s\n", folder)
		if err := command(ctx, filepath.Join(o.to, folder), "go", "mod", "tidy"); err != nil {
			return err
		}
	}
	if err := prune(o.to); err != nil {
		return err
	}
	for _, args := range [][]string{git("init", "--quiet", "--initial-branch", "main"), git("add", "--all"), author} {
		if err := command(ctx, o.to, args...); err != nil {
			return err
		}
	}
	return nil
}

// generate writes the Go client and the site's types for a copy without parts of the API. If the packages of
// tests/contract are not installed, the copy's first make writes the types.
func generate(ctx context.Context, o order, out io.Writer) error {
	const settings, target = "client/api/oapi-codegen.yaml", "client/api/api.gen.go"
	const types, generator = "frontend/src/lib/api.d.ts", "tests/contract/types.mjs"
	to, err := filepath.Abs(o.to)
	if err != nil {
		return err
	}
	_, there := os.Stat(filepath.Join(to, types))
	_, without := os.Stat(filepath.Join(o.from, "tests/contract/node_modules/openapi-typescript"))
	if there != nil && without == nil {
		fmt.Fprintf(out, "generate %s\n", types)
		if err := command(ctx, o.from, "node", generator, filepath.Join(to, types), filepath.Join(to, openapi)); err != nil {
			return err
		}
	}
	_, gone := os.Stat(filepath.Join(to, settings))
	_, missing := os.Stat(filepath.Join(to, target))
	if gone != nil || missing == nil {
		return nil
	}
	fmt.Fprintf(out, "generate %s\n", target)
	return command(ctx, filepath.Join(o.from, "infra", "tools"), "env", "GOWORK=off", "go", "tool", "oapi-codegen",
		"-config", filepath.Join(to, settings), "-o", filepath.Join(to, target), filepath.Join(to, openapi))
}

// command runs a command in a folder; its output is part of the error.
func command(ctx context.Context, folder string, args ...string) error {
	run := exec.CommandContext(ctx, args[0], args[1:]...)
	run.Dir = folder
	var output bytes.Buffer
	run.Stdout, run.Stderr = &output, &output
	if err := run.Run(); err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, output.String())
	}
	return nil
}
