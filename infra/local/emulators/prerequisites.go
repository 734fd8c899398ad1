package emulators

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
)

// The minimum versions that the emulators need, and where to get them.
const (
	leastJava, leastNode = 17, 20
	getJava              = "install Java 17 or newer, for example from https://adoptium.net or with: apt-get install openjdk-17-jre-headless"
	getNode              = "install Node.js 20.19 or newer, for example from https://nodejs.org"
)

// findJava looks for Java in JAVA_HOME, then in PATH.
func findJava() (string, error) {
	java := "java"
	if home := os.Getenv("JAVA_HOME"); home != "" {
		java = filepath.Join(home, "bin", "java")
	}
	return find(java, "-version", `version "(\d+)`, leastJava, getJava)
}

func findNode() (string, error) {
	return find("node", "--version", `^v(\d+)`, leastNode, getNode)
}

// find returns the path of a program, and checks that its version is new enough.
func find(program, flag, pattern string, least int, advice string) (string, error) {
	path, err := exec.LookPath(program)
	if err != nil {
		return "", fmt.Errorf("there is no %s: %s", filepath.Base(program), advice)
	}
	output, err := exec.Command(path, flag).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s does not run (%w): %s", path, err, advice)
	}
	version, err := major(pattern, output)
	if err != nil {
		return "", fmt.Errorf("%s does not print its version: %s", path, advice)
	}
	if version < least {
		return "", fmt.Errorf("%s is version %d: %s", path, version, advice)
	}
	return path, nil
}

func major(pattern string, output []byte) (int, error) {
	match := regexp.MustCompile(pattern).FindSubmatch(output)
	if match == nil {
		return 0, errors.New("no version")
	}
	return strconv.Atoi(string(match[1]))
}
