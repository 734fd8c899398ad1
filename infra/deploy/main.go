// Command deploy does around osls what osls does not: it works on the deployed stack
// of a stage, with the credentials that every AWS tool uses.
//
//	deploy check    who is signed in; fails when nobody is
//	deploy ready    whether a deployment can begin, and what to do if it cannot
//	deploy protect  termination protection for the stack, if its stage is protected
//	deploy drift    what was changed outside CloudFormation; fails if anything was
//	deploy adopt    has the stack take over tables and buckets that an earlier one left
//	deploy code     the code of one function: --function minim-dev-health --zip build/health.zip
//	deploy list     the deployments that can be gone back to
//	deploy previous the time of the one before the current one, or checks that of --to
//	deploy empty    what make remove needs: asks, then empties the buckets that go
//	deploy edge     the stage's second stack, in us-east-1: --before or after the first one is deployed
//	deploy edge-remove  removes that stack
//	deploy show     where the service is, and how to get a key
//
// The stack is that of --service and --stage.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

type options struct {
	service, stage string
	function, zip  string
	to, confirm    string
	template       string
	before         bool
}

func main() {
	var o options
	flag.StringVar(&o.service, "service", "minim", "the `name` of the service")
	flag.StringVar(&o.stage, "stage", "dev", "the `stage`")
	flag.StringVar(&o.function, "function", "", "code: the `name` of the function in AWS")
	flag.StringVar(&o.zip, "zip", "", "code: the `file`")
	flag.StringVar(&o.to, "to", "", "previous: the `time` that is wanted")
	flag.StringVar(&o.confirm, "confirm", "", "empty: the `stage`, for scripts that cannot be asked")
	flag.StringVar(&o.template, "template", ".serverless/cloudformation-template-update-stack.json", "ready, adopt, edge: the `file` that will be deployed")
	flag.BoolVar(&o.before, "before", false, "edge: remove nothing yet, and print the variables that the first stack needs")
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "deploy: which? check, ready, protect, drift, adopt, code, list, previous, empty, edge, edge-remove or show")
		os.Exit(2)
	}
	_ = flag.CommandLine.Parse(os.Args[2:])
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1], o); err != nil {
		fmt.Fprintln(os.Stderr, "deploy:", err)
		os.Exit(1)
	}
}
