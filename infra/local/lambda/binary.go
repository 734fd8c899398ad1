package lambda

import (
	"debug/elf"
	"errors"
	"fmt"
	"os"
	"runtime"
)

// CheckBinaries returns an error for each function whose binary is missing or built for another architecture.
func CheckBinaries(functions []Function) error {
	var errs []error
	for _, f := range functions {
		if info, err := os.Stat(f.Binary); err != nil || !info.Mode().IsRegular() {
			errs = append(errs, fmt.Errorf("%s: there is no binary %s: build it for this machine", f.Name, f.Binary))
		} else if other := foreign(f.Binary); other != "" {
			errs = append(errs, fmt.Errorf("%s: %s is for %s: build it for this machine (GOARCH=%s)", f.Name, f.Binary, other, runtime.GOARCH))
		}
	}
	return errors.Join(errs...)
}

// foreign returns the architecture of an ELF binary that this machine cannot run, or "".
func foreign(path string) string {
	file, err := elf.Open(path)
	if err != nil {
		return "" // a script, or a binary of another system, which will fail to start
	}
	defer func() { _ = file.Close() }()
	arch := map[elf.Machine]string{elf.EM_X86_64: "amd64", elf.EM_AARCH64: "arm64"}[file.Machine]
	if arch == runtime.GOARCH {
		return ""
	}
	return arch
}
