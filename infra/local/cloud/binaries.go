package cloud

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// findBinary returns the path of the binary with one of these names: NAME/bootstrap, or bootstrap in NAME.zip or in
// the archive NAME. If none exists, it returns the path for the first name.
func (c *Cloud) findBinary(names []string) string {
	for _, name := range names {
		if path := filepath.Join(c.o.Binaries, name, "bootstrap"); isFile(path) {
			return path
		}
		for _, archive := range []string{name + ".zip", name} {
			if path, err := c.unpack(filepath.Join(c.o.Binaries, archive), name); err == nil {
				return path
			}
		}
	}
	if len(names) == 0 {
		names = []string{"bootstrap"}
	}
	return filepath.Join(c.o.Binaries, names[0], "bootstrap")
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// unpack unpacks an artifact into the state folder, unless it already is, and returns the path of its bootstrap.
func (c *Cloud) unpack(archive, name string) (string, error) {
	info, err := os.Stat(archive)
	if err != nil || !info.Mode().IsRegular() {
		return "", errors.New("there is no such file")
	}
	folder := filepath.Join(c.o.State, "artifacts", fmt.Sprintf("%s-%d-%d", name, info.Size(), info.ModTime().UnixNano()))
	path := filepath.Join(folder, "bootstrap")
	if isFile(path) {
		return path, nil
	}
	files, err := zip.OpenReader(archive)
	if err != nil {
		return "", err
	}
	defer files.Close()
	if _, err := files.Open("bootstrap"); err != nil {
		return "", err
	}
	partial := folder + ".partial"
	if err := errors.Join(os.RemoveAll(partial), os.RemoveAll(folder)); err != nil {
		return "", err
	}
	for _, f := range files.File {
		if err := extract(f, partial); err != nil {
			return "", fmt.Errorf("unpack %s: %w", archive, err)
		}
	}
	if err := os.Rename(partial, folder); err != nil {
		return "", err
	}
	return path, nil
}

// maxArtifact is Lambda's limit for the unpacked size of an artifact.
const maxArtifact = 250 << 20

func extract(f *zip.File, folder string) error {
	if !filepath.IsLocal(f.Name) {
		return fmt.Errorf("%q is outside the folder", f.Name)
	}
	path := filepath.Join(folder, f.Name)
	if f.FileInfo().IsDir() {
		return os.MkdirAll(path, 0o700)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	from, err := f.Open()
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, f.Mode().Perm()|0o600)
	if err != nil {
		return err
	}
	defer to.Close()
	if n, err := io.Copy(to, io.LimitReader(from, maxArtifact+1)); err != nil || n > maxArtifact {
		return errors.Join(err, fmt.Errorf("%q is larger than %d bytes", f.Name, maxArtifact))
	}
	if filepath.Base(path) == "bootstrap" {
		return to.Chmod(0o700) // tools on Windows lose the file mode
	}
	return nil
}
