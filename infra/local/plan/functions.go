package plan

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/minim-dev/minim/infra/local/lambda"
	"github.com/minim-dev/minim/infra/local/template"
)

// functions plans the functions, sorted by name.
func (p *planner) functions() (all []lambda.Function, err error) {
	invokes := map[string]*template.EventInvoke{}
	for _, e := range template.Of[template.EventInvoke](p.stack) {
		name, ok := functionOf(e.FunctionName)
		if !ok {
			name = e.FunctionName
		}
		invokes[name] = e
	}
	var errs []error
	seen := map[string]bool{}
	debugged := p.o.Debug.Function == ""
	for id, f := range template.Of[template.Function](p.stack) {
		switch {
		case f.Code.ZipFile != "":
			errs = append(errs, fmt.Errorf("%s.Properties.Code.ZipFile: not supported by the local cloud, which runs binaries: Code.S3Key names one", id))
			continue
		case f.Code.ImageUri != "":
			errs = append(errs, fmt.Errorf("%s.Properties.Code.ImageUri: not supported by the local cloud, which runs binaries and no images", id))
			continue
		}
		if !strings.HasPrefix(f.Runtime, "provided.") {
			errs = append(errs, fmt.Errorf("%s.Properties.Runtime: %q is not supported by the local cloud, which runs provided.al2023", id, f.Runtime))
		}
		out := p.function(f, invokes[f.FunctionName])
		if seen[out.Name] {
			errs = append(errs, fmt.Errorf("%s.Properties.FunctionName: %q is the name of two functions", id, out.Name))
		}
		seen[out.Name] = true
		if err := out.Check(); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", id, err))
		}
		debugged = debugged || out.Name == p.o.Debug.Function
		all = append(all, out)
	}
	slices.SortFunc(all, func(a, b lambda.Function) int { return strings.Compare(a.Name, b.Name) })
	if !debugged {
		var names []string
		for _, f := range all {
			names = append(names, f.Name)
		}
		errs = append(errs, fmt.Errorf("DEBUG: %s is not a function of the stack: one of %s", p.o.Debug.Function, strings.Join(names, ", ")))
	}
	return all, errors.Join(errs...)
}

func (p *planner) function(f *template.Function, e *template.EventInvoke) lambda.Function {
	out := lambda.Function{
		Name: f.FunctionName, Runtime: f.Runtime, Role: f.Role, Handler: f.Handler, MemoryMB: f.MemorySize,
		Binary:  p.binary(f),
		Timeout: time.Duration(f.Timeout) * time.Second, Env: f.Environment.Variables,
		LogFormat: f.LoggingConfig.LogFormat, LogLevel: cmp.Or(p.o.LogLevel, f.LoggingConfig.ApplicationLogLevel),
		SystemLogLevel: f.LoggingConfig.SystemLogLevel, Reserved: f.ReservedConcurrentExecutions,
		Credentials: issue(f.FunctionName, p.o.Seed), DeadLetter: f.DeadLetterConfig.TargetArn,
	}
	if e != nil {
		out.MaxRetries, out.MaxEventAge = e.MaximumRetryAttempts, time.Duration(e.MaximumEventAgeInSeconds)*time.Second
		out.OnFailure, out.OnSuccess = e.DestinationConfig.OnFailure.Destination, e.DestinationConfig.OnSuccess.Destination
	}
	if out.Name == p.o.Debug.Function {
		out.Binary, out.Debugger = p.o.Debug.Binary, p.o.Debug.Command
	}
	return out
}

// binary returns the path of a function's binary. Its folder is named like the artifact (osls, CDK), the logical ID
// (SAM) or the function.
func (p *planner) binary(f *template.Function) string {
	artifact := strings.TrimSuffix(path.Base(f.Code.S3Key), ".zip")
	if p.o.Find != nil {
		return p.o.Find(slices.DeleteFunc([]string{artifact, "asset." + artifact, f.Source(), f.ID(), f.FunctionName}, func(name string) bool { return name == "" || name == "." }))
	}
	return filepath.Join(p.o.Binaries, artifact, "bootstrap")
}

// issue creates the credentials of a function. The access key has the form of AWS's keys. There is no
// session token, because the emulators reject them.
func issue(function, seed string) lambda.Credentials {
	id := sha256.Sum256([]byte(function))
	mac := hmac.New(sha256.New, []byte(seed))
	mac.Write([]byte(function))
	encode := base32.StdEncoding.EncodeToString
	return lambda.Credentials{AccessKeyID: "AKIA" + encode(id[:])[:16], SecretAccessKey: encode(mac.Sum(nil))[:40]}
}
