package main

import (
	"regexp"
	"strings"
)

const openapi = "docs/openapi.yaml"

// prune removes the components of docs/openapi.yaml to which neither the API nor the templates of make new refer.
func (t tree) prune() {
	file := t[openapi]
	scaffolds := ""
	for name, template := range t {
		if strings.HasPrefix(name, "infra/scaffold/templates/") && strings.HasSuffix(name, "openapi.yaml.tmpl") {
			scaffolds += template.text
		}
	}
	for again := true; again; {
		again = false
		begin := strings.Index(file.text, "\ncomponents:\n")
		kind := ""
		for line := range strings.Lines(file.text[max(begin, 0):]) {
			if found := regexp.MustCompile(`^  (\w+):\n$`).FindStringSubmatch(line); found != nil {
				kind = found[1]
			}
			found := regexp.MustCompile(`^    ([\w-]+):`).FindStringSubmatch(line)
			if found == nil || kind == "" || kind == "securitySchemes" || strings.Contains(file.text+scaffolds, "#/components/"+kind+"/"+found[1]+"'") {
				continue
			}
			before := file.text
			file.text = before[:begin] + removeFirst(before[begin:], "  "+kind+":\n", `^    `+found[1]+`:`)
			again = file.text != before
			break
		}
	}
	t[openapi] = file
}

// removeFirst removes the first block below a heading whose line matches the pattern.
func removeFirst(text, heading, pattern string) string {
	at := strings.Index(text, "\n"+heading) + 1
	next := regexp.MustCompile(`(?m)^  \w+:$`).FindStringIndex(text[at+len(heading):])
	end := len(text)
	if next != nil {
		end = at + len(heading) + next[0]
	}
	return text[:at] + removeBlocks(text[at:end], regexp.MustCompile(pattern)) + text[end:]
}
