// Package env reads the environment once, at start, into a checked struct, and
// reports all mistakes together. No other package of the functions reads
// environment variables.
package env

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"strconv"
	"time"
)

// Load fills the struct that into points to. A field tagged `env:"NAME"` takes
// the variable NAME; one tagged `default:"…"` as well may be absent or empty,
// any other must be set. Fields are strings, integers, booleans
// (strconv.ParseBool) or time.Durations (time.ParseDuration). The error joins
// a line for every variable that is missing or malformed; it contains no
// values, because they may be secrets.
func Load(into any) error {
	target := reflect.ValueOf(into)
	if target.Kind() != reflect.Pointer || target.Elem().Kind() != reflect.Struct {
		return fmt.Errorf("env: Load needs a pointer to a struct, not %T", into)
	}
	var mistakes []error
	for field, value := range target.Elem().Fields() {
		name, tagged := field.Tag.Lookup("env")
		if !tagged {
			continue
		}
		text := os.Getenv(name)
		if text == "" {
			fallback, optional := field.Tag.Lookup("default")
			if !optional {
				mistakes = append(mistakes, fmt.Errorf("environment: %s is not set", name))
				continue
			}
			text = fallback
		}
		if err := set(value, text); err != nil {
			mistakes = append(mistakes, fmt.Errorf("environment: %s: %w", name, err))
		}
	}
	return errors.Join(mistakes...)
}

func set(value reflect.Value, text string) error {
	if value.Type() == reflect.TypeFor[time.Duration]() {
		d, err := time.ParseDuration(text)
		if err != nil {
			return errors.New("expected a duration such as 1.5s")
		}
		value.SetInt(int64(d))
		return nil
	}
	switch value.Kind() {
	case reflect.String:
		value.SetString(text)
	case reflect.Int, reflect.Int64, reflect.Uint64:
		return setInteger(value, text)
	case reflect.Bool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return errors.New("expected true or false")
		}
		value.SetBool(b)
	default:
		return fmt.Errorf("fields of type %s are not supported", value.Type())
	}
	return nil
}

func setInteger(value reflect.Value, text string) error {
	if text == "" {
		return nil
	}
	if value.Kind() == reflect.Uint64 {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			return errors.New("expected a whole number that is not negative")
		}
		value.SetUint(n)
		return nil
	}
	n, err := strconv.ParseInt(text, 10, value.Type().Bits())
	if err != nil {
		return errors.New("expected a whole number")
	}
	value.SetInt(n)
	return nil
}
