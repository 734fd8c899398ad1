package missing

import (
	"bytes"
	"debug/buildinfo"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
)

// StraySDKs returns the modules in a Go binary, with their versions, that ignore AWS_ENDPOINT_URL. It returns nothing
// for binaries of other languages.
func StraySDKs(binary string) []string {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return nil
	}
	var code []byte
	has := func(symbol string) bool {
		if code == nil {
			code, _ = os.ReadFile(binary) // cannot fail: buildinfo has just read it
		}
		return bytes.Contains(code, []byte(symbol))
	}
	return strayModules(info.Deps, has)
}

// strayModules is StraySDKs for the modules and symbols of a binary. Each service of SDK v2 has its own versions;
// since November 2023 all of them have a function that resolves the endpoint.
func strayModules(modules []*debug.Module, has func(symbol string) bool) (stray []string) {
	const (
		v1 = "github.com/aws/aws-sdk-go"
		v2 = "github.com/aws/aws-sdk-go-v2/"
	)
	for _, m := range modules {
		service, isService := strings.CutPrefix(m.Path, v2+"service/")
		used := m.Path == v2+"config" && has(m.Path+".LoadDefaultConfig") ||
			isService && !strings.Contains(service, "/") && has(m.Path+".NewFromConfig")
		if m.Path == v1 || used && !has(m.Path+".resolveBaseEndpoint") {
			stray = append(stray, fmt.Sprintf("%s %s", m.Path, m.Version))
		}
	}
	return stray
}
