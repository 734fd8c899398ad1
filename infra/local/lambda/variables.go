package lambda

import "strings"

// reserved tells whether Lambda refuses name as a function's own environment variable.
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
