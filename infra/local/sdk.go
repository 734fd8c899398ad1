package main

import (
	"bytes"
	"debug/buildinfo"
	"fmt"
	"maps"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/minim-dev/minim/infra/local/lambda"
)

// reportStraySDKs prints which functions use an AWS SDK that ignores AWS_ENDPOINT_URL: their calls reach AWS
// itself, unless the code sets an endpoint.
func (s *site) reportStraySDKs(functions map[string]lambda.Function) {
	users := map[string][]string{} // functions by module
	for _, name := range slices.Sorted(maps.Keys(functions)) {
		for _, module := range straySDKs(functions[name].Binary) {
			users[module] = append(users[module], s.short(name))
		}
	}
	for _, module := range slices.Sorted(maps.Keys(users)) {
		s.say.alert("%s ignores AWS_ENDPOINT_URL, so calls of %s can reach AWS; update to a release of SDK v2 from November 2023 or later",
			module, strings.Join(users[module], ", "))
	}
}

// straySDKs lists the modules in a Go binary, with their versions, that ignore AWS_ENDPOINT_URL. A binary of
// another language has none.
func straySDKs(binary string) []string {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return nil
	}
	var code []byte
	has := func(symbol string) bool {
		if code == nil {
			code, _ = os.ReadFile(binary) // buildinfo has just read it
		}
		return bytes.Contains(code, []byte(symbol))
	}
	return strayModules(info.Deps, has)
}

// strayModules is straySDKs on what is in a binary: its modules, and whether it has a symbol. Each service of SDK
// v2 has versions of its own; since November 2023 all have a function that finds the endpoint.
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
