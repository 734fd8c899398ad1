package lambda

import (
	"cmp"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// reserved reports whether Lambda rejects name as a function's own environment variable.
func reserved(name string) bool {
	switch name {
	case "_HANDLER", "_X_AMZN_TRACE_ID", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV",
		"AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
		"LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR":
		return true
	}
	return strings.HasPrefix(name, "AWS_LAMBDA_FUNCTION_") || strings.HasPrefix(name, "AWS_LAMBDA_LOG_") ||
		name == "AWS_LAMBDA_INITIALIZATION_TYPE" || name == "AWS_LAMBDA_RUNTIME_API"
}

// variables returns all environment variables of a process. Lambda's own variables override the function's, which
// override Options.Env. Only TMPDIR does not exist in AWS, where each environment has its own /tmp.
func (o Options) variables(e *environment, api string) []string {
	f := e.spec
	signs := cmp.Or(f.Credentials, Credentials{o.AccessKeyID, o.SecretAccessKey, o.SessionToken})
	vars := map[string]string{
		"TZ":                       ":UTC",
		"LANG":                     "en_US.UTF-8",
		"PATH":                     "/usr/local/bin:/usr/bin/:/bin:/opt/bin",
		"LD_LIBRARY_PATH":          "/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:" + e.task() + ":" + filepath.Join(e.task(), "lib") + ":/opt/lib",
		"AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
		"AWS_XRAY_DAEMON_ADDRESS":  "127.0.0.1:2000",
	}
	maps.Copy(vars, o.Env)
	maps.Copy(vars, f.Env)
	maps.Copy(vars, map[string]string{
		"_HANDLER":                        f.Handler,
		"AWS_REGION":                      o.Region,
		"AWS_DEFAULT_REGION":              o.Region,
		"AWS_ACCESS_KEY":                  signs.AccessKeyID,
		"AWS_ACCESS_KEY_ID":               signs.AccessKeyID,
		"AWS_SECRET_ACCESS_KEY":           signs.SecretAccessKey,
		"AWS_LAMBDA_FUNCTION_NAME":        f.Name,
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": strconv.Itoa(f.MemoryMB),
		"AWS_LAMBDA_FUNCTION_VERSION":     latest,
		"AWS_LAMBDA_INITIALIZATION_TYPE":  "on-demand",
		"AWS_LAMBDA_LOG_FORMAT":           f.LogFormat,
		"AWS_LAMBDA_LOG_GROUP_NAME":       "/aws/lambda/" + f.Name,
		"AWS_LAMBDA_LOG_STREAM_NAME":      e.logStream(),
		"AWS_LAMBDA_RUNTIME_API":          api,
		"LAMBDA_TASK_ROOT":                e.task(),
		"LAMBDA_RUNTIME_DIR":              "/var/runtime",
		"TMPDIR":                          e.tmp(),
	})
	if signs.SessionToken != "" {
		vars["AWS_SESSION_TOKEN"] = signs.SessionToken
	}
	if f.LogFormat == formatJSON {
		vars["AWS_LAMBDA_LOG_LEVEL"] = f.LogLevel
	}
	list := make([]string, 0, len(vars))
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		list = append(list, name+"="+vars[name])
	}
	return list
}
