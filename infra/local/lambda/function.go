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
	maxResponse      = maxPayload + 100 // what the Runtime API really takes
	maxAsyncPayload  = 1 << 20
	maxVariables     = 4 << 10 // all names and values of a function's own environment variables
	maxExtensions    = 10
	maxFiles         = 1024 // open at once in a process
	minMemory        = 128  // MB
	maxMemory        = 10_240
	maxTimeout       = 15 * time.Minute
	tailSize         = 4 << 10
	latest           = "$LATEST"
	unhandled        = "Unhandled"
	defaultRetries   = 2
	minEventAge      = time.Minute
	defaultEventAge  = 6 * time.Hour // and the most
	defaultTimeout   = 3 * time.Second
	defaultMemory    = 128
	defaultHandler   = "bootstrap"
	defaultLogFormat = "Text"
	formatJSON       = "JSON"
)

// Function describes one Lambda function. What is zero has the default of the service.
type Function struct {
	Name      string
	Runtime   string // as the API shows it, as is Role
	Role      string
	Binary    string // the bootstrap; the files beside it are seen as the rest of the artifact
	Handler   string // default "bootstrap"
	MemoryMB  int    // default 128
	Timeout   time.Duration
	Env       map[string]string
	LogFormat string // "Text" (default) or "JSON"
	LogLevel  string // of the function, with JSON; default "INFO"

	SystemLogLevel string // of the platform, with JSON: "DEBUG", "INFO" (default) or "WARN"

	Reserved    *int // reserved concurrency; nil: shares Options.Concurrency
	MaxRetries  *int // of asynchronous events, 0 to 2; nil: 2
	MaxEventAge time.Duration
	OnFailure   string // ARN of the destination for events that could not be processed
	OnSuccess   string // ARN of the destination for events that were
	DeadLetter  string // ARN of the queue for the events themselves that could not be processed
	Credentials Credentials

	// Debugger, if any, is a command that runs the binary, its last argument, under a debugger.
	Debugger []string
}

// variable is a name that Lambda takes.
var variable = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9_]+$`)

// Credentials are what a function signs its calls with; those of Options where there are none.
type Credentials struct{ AccessKeyID, SecretAccessKey, SessionToken string }

// Check returns what the service would refuse. It does not look at the binary.
func (f Function) Check() error {
	_, err := f.checked()
	return err
}

// checked returns f with its defaults, or what is wrong with it.
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

// prepared is checked, with the absolute path of its binary, which must be executable.
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

// retries is how often an event is tried again after a function error.
func (f Function) retries() int {
	if f.MaxRetries == nil {
		return defaultRetries
	}
	return *f.MaxRetries
}
