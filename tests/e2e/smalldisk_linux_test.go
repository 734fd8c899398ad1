package e2e

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// inNamespace is set in a process that may mount disks.
const inNamespace = "E2E_IN_NAMESPACE"

// withSmallDisk runs the calling test a second time in a process with its own mounts. There
// it calls test with a folder on a disk of the given size in megabytes, and with a function
// that fills the disk. If this user may not mount a disk, test gets a plain folder and
// nil.
func withSmallDisk(t *testing.T, megabytes int, test func(t *testing.T, state string, fill func() func())) {
	if os.Getenv(inNamespace) != "" {
		state := t.TempDir()
		if err := syscall.Mount("minim", state, "tmpfs", 0, fmt.Sprintf("size=%dm", megabytes)); err != nil {
			t.Fatalf("mount: %v", err)
		}
		t.Cleanup(func() { _ = syscall.Unmount(state, syscall.MNT_DETACH) })
		test(t, state, func() func() { return fillDisk(t, state) })
		return
	}
	if err := isolated("/bin/sh", "-c", "mount -t tmpfs minim /tmp").Run(); err != nil {
		t.Logf("LEFT OUT: the full disk. This user may not mount a disk in a namespace: %v", err)
		test(t, t.TempDir(), nil)
		return
	}
	arguments := []string{"-test.run=^" + t.Name() + "$", "-test.v", "-test.timeout=" + flag.Lookup("test.timeout").Value.String()}
	flag.Visit(func(f *flag.Flag) {
		if !strings.HasPrefix(f.Name, "test.") {
			arguments = append(arguments, "-"+f.Name+"="+f.Value.String())
		}
	})
	cmd := isolated(os.Args[0], arguments...)
	cmd.Env = append(os.Environ(), inNamespace+"=1")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		t.Errorf("in the namespace: %v", err)
	}
}

// isolated returns a command that runs in its own user and mount namespaces.
func isolated(name string, arguments ...string) *exec.Cmd {
	cmd := exec.Command(name, arguments...)
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	return cmd
}

// fillDisk fills a folder's disk until the returned function is called.
func fillDisk(t *testing.T, folder string) (free func()) {
	name := filepath.Join(folder, "fill")
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for block := make([]byte, 1<<16); err == nil; {
		_, err = file.Write(block)
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("fill the disk: %v", err)
	}
	return func() {
		if err := os.Remove(name); err != nil {
			t.Error(err)
		}
	}
}
