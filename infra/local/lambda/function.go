package lambda

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Limits of the service.
const (
	maxPayload       = 6 << 20          // request and response of a synchronous invocation
	maxResponse      = maxPayload + 100 // the actual limit of the Runtime API
	maxAsyncPayload  = 1 << 20
	maxVariables     = 4 << 10 // all names and values of a function's own environment variables
	maxExtensions    = 10
	maxFiles         = 1024 // open files of a process
	minMemory        = 128  // MB
	maxMemory        = 10_240
	maxTimeout       = 15 * time.Minute
	tailSize         = 4 << 10
	latest           = "$LATEST"
	unhandled        = "Unhandled"
	defaultRetries   = 2
	minEventAge      = time.Minute
	defaultEventAge  = 6 * time.Hour // also the maximum
	defaultTimeout   = 3 * time.Second
	defaultMemory    = 128
	defaultHandler   = "bootstrap"
	defaultLogFormat = "Text"
	formatJSON       = "JSON"
)

// Function describes one Lambda function. Zero fields have the defaults of AWS.
type Function struct {
	Name      string
	Runtime   string // only shown by the API, like Role
	Role      string
	Binary    string // the path of bootstrap; the files beside it are the rest of the artifact
	Handler   string // default "bootstrap"
	MemoryMB  int    // default 128
	Timeout   time.Duration
	Env       map[string]string
	LogFormat string // "Text" (default) or "JSON"
	LogLevel  string // of the function's lines, with JSON; default "INFO"

	SystemLogLevel string // of the platform's lines, with JSON: "DEBUG", "INFO" (default) or "WARN"

	Reserved    *int // reserved concurrency; nil: shares Options.Concurrency
	MaxRetries  *int // of asynchronous events, 0 to 2; nil: 2
	MaxEventAge time.Duration
	OnFailure   string // ARN of the destination for records of failed events
	OnSuccess   string // ARN of the destination for records of successful events
	DeadLetter  string // ARN of the dead-letter queue for failed events
	Credentials Credentials

	// Debugger, if set, is the command of a debugger. The binary is appended as its last argument.
	Debugger []string
}

// variable matches the names of environment variables that Lambda accepts.
var variable = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9_]+$`)

// Credentials sign a function's calls of AWS. The zero value selects the credentials of Options.
type Credentials struct{ AccessKeyID, SecretAccessKey, SessionToken string }

// Check returns an error if AWS would reject the function. It does not check the binary.
func (f Function) Check() error {
	_, err := f.checked()
	return err
}

// checked returns f with defaults filled in, or an error if a setting is invalid.
func (f Function) checked() (Function, error) {
	f.Handler = cmp.Or(f.Handler, defaultHandler)
	f.MemoryMB = cmp.Or(f.MemoryMB, defaultMemory)
	f.Timeout = cmp.Or(f.Timeout, defaultTimeout)
	f.MaxEventAge = cmp.Or(f.MaxEventAge, defaultEventAge)
	f.LogFormat = cmp.Or(f.LogFormat, defaultLogFormat)
	f.LogLevel = cmp.Or(f.LogLevel, "INFO")
	f.SystemLogLevel = cmp.Or(f.SystemLogLevel, "INFO")
	f.Env = maps.Clone(f.Env)
	if f.Name == "" || strings.ContainsAny(f.Name, "/:. ") {
		return f, fmt.Errorf("function %q: not a name", f.Name)
	}
	if f.MemoryMB < minMemory || f.MemoryMB > maxMemory {
		return f, fmt.Errorf("function %s: memory of %d MB, must be %d to %d", f.Name, f.MemoryMB, minMemory, maxMemory)
	}
	if f.Timeout > maxTimeout {
		return f, fmt.Errorf("function %s: time-out of %s, must be at most %s", f.Name, f.Timeout, maxTimeout)
	}
	if f.MaxEventAge < minEventAge || f.MaxEventAge > defaultEventAge {
		return f, fmt.Errorf("function %s: maximum event age of %s, must be %s to %s", f.Name, f.MaxEventAge, minEventAge, defaultEventAge)
	}
	if f.MaxRetries != nil && (*f.MaxRetries < 0 || *f.MaxRetries > defaultRetries) {
		return f, fmt.Errorf("function %s: %d retries, must be 0 to %d", f.Name, *f.MaxRetries, defaultRetries)
	}
	if f.Reserved != nil && *f.Reserved < 0 {
		return f, fmt.Errorf("function %s: reserved concurrency of %d, must be 0 or more", f.Name, *f.Reserved)
	}
	if f.debugged() {
		f.Timeout = debugTimeout
	}
	return f, f.checkVariables()
}

func (f Function) checkVariables() error {
	size := 0
	for _, name := range slices.Sorted(maps.Keys(f.Env)) {
		if reserved(name) {
			return fmt.Errorf("function %s: environment variable %s is reserved by Lambda", f.Name, name)
		}
		if !variable.MatchString(name) {
			return fmt.Errorf("function %s: environment variable %q is not a name: letters, digits and _, at least two, a letter first", f.Name, name)
		}
		size += len(name) + len(f.Env[name])
	}
	if size > maxVariables {
		return fmt.Errorf("function %s: environment variables take %d bytes, Lambda allows %d", f.Name, size, maxVariables)
	}
	return nil
}

// prepared is like checked, and also makes the path of the binary absolute. The binary must be executable.
func (f Function) prepared() (Function, error) {
	f, err := f.checked()
	if err != nil {
		return f, err
	}
	path, err := filepath.Abs(f.Binary)
	if err != nil {
		return f, fmt.Errorf("function %s: %w", f.Name, err)
	}
	f.Binary = path
	if info, err := os.Stat(path); err != nil {
		return f, fmt.Errorf("function %s: %w", f.Name, err)
	} else if info.IsDir() || info.Mode()&0o111 == 0 {
		return f, fmt.Errorf("function %s: %s is not an executable file", f.Name, path)
	}
	return f, nil
}

// retries returns the number of retries of an event after function errors.
func (f Function) retries() int {
	if f.MaxRetries == nil {
		return defaultRetries
	}
	return *f.MaxRetries
}
