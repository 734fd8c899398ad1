package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// options are the flags for the properties of a link.
type options struct {
	app                                       *app
	code, title, note                         string
	tags                                      []string
	expires, notBefore, expiredURL, maxClicks string
	redirect                                  int
	askPassword                               bool
	passwordFile, forwardQuery, rules         string
	utm                                       map[string]string
}

// none is the value that takes a property away.
const none = "none"

// register adds the flags that shorten and edit share.
func (o *options) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVarP(&o.code, "code", "c", "", "the `code` of the link, which is its path")
	flags.StringVarP(&o.title, "title", "t", "", "a `title` for you and for cards in social networks")
	flags.StringVar(&o.note, "note", "", "a `text` for you")
	flags.StringSliceVar(&o.tags, "tag", nil, "a `tag`; can be repeated, or list several with commas")
	flags.StringVar(&o.expires, "expires", "", "`when` it stops: 2030-06-01, a time, or from now: 12h, 30d")
	flags.StringVar(&o.notBefore, "not-before", "", "`when` it opens")
	flags.StringVar(&o.expiredURL, "expired-url", "", "the `URL` for visitors after it has expired")
	flags.StringVar(&o.maxClicks, "max-clicks", "", "the maximum `number` of clicks")
	flags.IntVar(&o.redirect, "redirect", 0, "the HTTP `status`: 301, 302, 307 or 308")
	flags.BoolVar(&o.askPassword, "password", false, "prompt for a password that visitors must enter")
	flags.StringVar(&o.passwordFile, "password-file", "", "a `file` whose first line is the password; - is the standard input")
	flags.StringVar(&o.forwardQuery, "forward-query", "", "what to do with a visitor's query: off or merge")
	flags.StringToStringVar(&o.utm, "utm", nil, "campaign `parameters`: source=news,medium=mail")
	flags.Lookup("utm").DefValue = "" // not [] in the help
	flags.StringVar(&o.rules, "rules", "", "a JSON `file` with rules by country, device, system and language")
	cmd.MarkFlagsMutuallyExclusive("password", "password-file")
	for flag, values := range map[string][]string{"redirect": {"301", "302", "307", "308"}, "forward-query": {"off", "merge"}} {
		_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)) // the flag exists
	}
}

// fields returns the properties that the flags set, by their names in the API. One that is taken away is nil.
func (o *options) fields(flags *pflag.FlagSet) (map[string]any, error) {
	all := map[string]any{}
	texts := map[string]string{"code": "code", "title": "title", "note": "note", "expired-url": "expiredUrl", "forward-query": "forwardQuery"}
	for flag, field := range texts {
		if flags.Changed(flag) {
			value := flags.Lookup(flag).Value.String()
			all[field] = value
			if flag == "expired-url" && value == none {
				all[field] = nil
			}
		}
	}
	if flags.Changed("tag") {
		all["tags"] = o.tags
	}
	if flags.Changed("redirect") {
		all["redirect"] = o.redirect
	}
	if flags.Changed("utm") {
		all["utm"] = o.utm
	}
	for flag, field := range map[string]string{"expires": "expiresAt", "not-before": "notBefore"} {
		if !flags.Changed(flag) {
			continue
		}
		at, err := o.app.moment(flags.Lookup(flag).Value.String())
		if err != nil {
			return nil, usagef("--%s: %v", flag, err)
		}
		all[field] = at
	}
	if flags.Changed("max-clicks") {
		count, err := strconv.ParseInt(o.maxClicks, 10, 64)
		switch {
		case o.maxClicks == none:
			all["maxClicks"] = nil
		case err != nil:
			return nil, usagef("--max-clicks: %q is not a number", o.maxClicks)
		default:
			all["maxClicks"] = count
		}
	}
	return all, o.files(flags, all)
}

// files adds the properties that come from files and from the terminal.
func (o *options) files(flags *pflag.FlagSet, all map[string]any) error {
	if flags.Changed("rules") {
		text, err := o.app.read(o.rules)
		if err != nil {
			return err
		}
		var rules []any
		if err := json.Unmarshal(text, &rules); err != nil {
			return fmt.Errorf("%s is not a JSON list of rules: %w", o.rules, err)
		}
		all["rules"] = rules
	}
	if flags.Changed("password-file") {
		text, err := o.app.read(o.passwordFile)
		if err != nil {
			return err
		}
		line, _, _ := strings.Cut(string(text), "\n")
		all["password"] = strings.TrimSuffix(line, "\r")
	}
	if o.askPassword {
		password, err := o.app.askPassword()
		if err != nil {
			return err
		}
		all["password"] = password
	}
	if all["password"] == "" {
		return usagef("the password is empty")
	}
	return nil
}

// read reads a file; - is the standard input.
func (a *app) read(name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(a.in)
	}
	return os.ReadFile(name)
}

// askPassword asks for a password twice. It is never an argument, because other users see those.
func (a *app) askPassword() (string, error) {
	if !a.inTTY {
		return "", usagef("there is no terminal to ask for a password; use --password-file")
	}
	var answers [2]string
	for i, question := range []string{"Password: ", "Once more: "} {
		fmt.Fprint(a.err, question)
		text, err := a.secret()
		fmt.Fprintln(a.err)
		if err != nil {
			return "", err
		}
		answers[i] = string(text)
	}
	if answers[0] != answers[1] {
		return "", usagef("the passwords differ")
	}
	return answers[0], nil
}

// body turns properties into the type of a request.
func body[T any](fields map[string]any) (T, error) {
	var out T
	text, err := json.Marshal(fields)
	if err != nil {
		return out, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	return out, decoder.Decode(&out)
}
