package ssm

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/minim-dev/minim/infra/local/awsjson"
)

// The types of parameters.
const (
	plain  = "String"
	list   = "StringList"
	secure = "SecureString"
)

const (
	standard, advanced   = "Standard", "Advanced"
	maxStandard          = 4096 // characters in a value
	maxAdvanced          = 8192
	maxLevels            = 15 // levels in a name
	maxName              = 1011
	maxNames, maxPerPath = 10, 10
	maxDescribed         = 50
)

func invalid(format string, args ...any) error {
	return awsjson.Fault("ValidationException", format, args...)
}

// after adds the settings that a new version inherits from the previous one.
func (v version) after(last version) version {
	v.Number = last.Number
	v.Type = cmp.Or(v.Type, last.Type)
	v.DataType = cmp.Or(v.DataType, last.DataType)
	v.Tier = cmp.Or(v.Tier, last.Tier)
	v.Description = cmp.Or(v.Description, last.Description)
	return v
}

// check returns an error if AWS would reject the version, and adds defaults.
func (v *version) check(name string, p *parameter) error {
	if err := checkName(name); err != nil {
		return err
	}
	v.Number++
	v.DataType = cmp.Or(v.DataType, "text")
	switch length := utf8.RuneCountInString(v.Value); {
	case v.Type == "":
		return invalid("A parameter type is required when you create a parameter.")
	case !slices.Contains([]string{plain, list, secure}, v.Type):
		return invalid("1 validation error detected: Value '%s' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [SecureString, StringList, String]", v.Type)
	case len(p.Versions) > 0 && p.latest().Type != v.Type:
		return awsjson.Fault("HierarchyTypeMismatchException",
			"Parameter Store doesn't support changing a parameter type in a hierarchy. You must create a new, unique parameter.")
	case v.Value == "":
		return invalid("1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1.")
	case v.Tier == "Intelligent-Tiering":
		v.Tier = standard
		if length > maxStandard {
			v.Tier = advanced
		}
	case v.Tier == "":
		v.Tier = standard
	}
	return v.checkValue()
}

func (v *version) checkValue() error {
	length := utf8.RuneCountInString(v.Value)
	switch {
	case v.Tier == standard && length > maxStandard:
		return invalid("Standard tier parameters support a maximum parameter value of %d characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html", maxStandard)
	case length > maxAdvanced:
		return invalid("Advanced tier parameters support a maximum parameter value of %d characters.", maxAdvanced)
	}
	if v.AllowedPattern == "" {
		return nil
	}
	pattern, err := regexp.Compile(v.AllowedPattern)
	if err != nil {
		return awsjson.Fault("InvalidAllowedPatternException", "The request does not meet the regular expression requirement: %s", v.AllowedPattern)
	}
	if !pattern.MatchString(v.Value) {
		return awsjson.Fault("ParameterPatternMismatchException", "Parameter value, cannot be validated against allowedPattern: %s", v.AllowedPattern)
	}
	return nil
}

func checkName(name string) error {
	switch {
	case name == "" || len(name) > maxName || strings.Trim(name, allowed) != "":
		return invalid("Parameter name: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive). It can only contain a-z, A-Z, 0-9, and the symbols \".\", \"-\", \"_\", \"/\". Value '%s' is not that.", name)
	case reserved(name):
		return invalid("Parameter name: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive).")
	case strings.Contains(name, "/") && !strings.HasPrefix(name, "/"):
		return invalid("Parameter name must be a fully qualified name.")
	case strings.HasSuffix(name, "/") || strings.Contains(name, "//"):
		return invalid("Parameter name must not end with a slash or have an empty part.")
	case strings.Count(name, "/") > maxLevels:
		return awsjson.Fault("HierarchyLevelLimitExceededException", "A hierarchy can have a maximum of %d levels.", maxLevels)
	}
	return nil
}

const allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-/"

func reserved(name string) bool {
	first, _, _ := strings.Cut(strings.ToLower(strings.TrimPrefix(name, "/")), "/")
	return strings.HasPrefix(first, "aws") || strings.HasPrefix(first, "ssm")
}
