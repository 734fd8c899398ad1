// Package disktest provides a small disk for tests that fill it.
package disktest

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"
)

const variable = "DISKTEST_FOLDER"

// Run runs the calling test again in another process, in which a folder is a disk with a few kilobytes,
// and calls test there. It skips the test if the user may not mount disks.
func Run(t *testing.T, kilobytes int, test func(folder string)) {
	t.Helper()
	if folder := os.Getenv(variable); folder != "" {
		if err := syscall.Mount("disktest", folder, "tmpfs", 0, fmt.Sprintf("size=%dk", kilobytes)); err != nil {
			t.Fatalf("mount: %v", err)
		}
		test(folder)
		return
	}
	if err := isolated("/bin/sh", "-c", "mount -t tmpfs disktest /tmp").Run(); err != nil {
		t.Skipf("SKIPPED: this user may not mount a disk in a namespace: %v", err)
	}
	cmd := isolated(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), variable+"="+t.TempDir())
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
}

// isolated returns a command with its own mounts.
func isolated(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	return cmd
}

// Fill fills a disk until only some bytes are left. The returned function frees the space again.
func Fill(t *testing.T, folder string, left int) (free func()) {
	t.Helper()
	name := folder + "/fill"
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	size := int64(0)
	for block := make([]byte, 4096); ; {
		n, err := file.Write(block)
		if size += int64(n); err != nil {
			break
		}
	}
	if err := file.Truncate(max(0, size-int64(left))); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
}
