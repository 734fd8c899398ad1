// Command deploy deploys and maintains a stage in AWS. It implements the make commands of the same names, with
// the usual AWS credentials, in the region AWS_REGION:
//
//	deploy check          checks the stage and the credentials, and prints whose they are
//	deploy deploy         deploys the stage; with --function only the code of that function
//	deploy deployments    lists the deployments, and the releases of the site, that a rollback can go back to
//	deploy rollback       goes back to the deployment before the current one, or to that of --to
//	deploy rollback-site  goes back to the release of the site before the current one, or to that of --to
//	deploy remove         asks for confirmation, empties the buckets, and removes the stage
//	deploy adopt          imports the tables and buckets that an earlier stack kept
//	deploy drift          lists what was changed outside CloudFormation; fails if anything was
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
	function       string
	to, confirm    string
	version        string
	osls           string
}

func main() {
	var o options
	flag.StringVar(&o.service, "service", "minim", "the `name` of the service")
	flag.StringVar(&o.stage, "stage", "dev", "the `stage`")
	flag.StringVar(&o.function, "function", "", "deploy: the `name` of the only function that gets new code")
	flag.StringVar(&o.version, "version", "unknown", "deploy: the `version` of the site")
	flag.StringVar(&o.to, "to", "", "rollback: the `time` of the deployment to go back to; rollback-site: the version of the release")
	flag.StringVar(&o.confirm, "confirm", "", "remove: the `stage` again, for scripts, which cannot answer the question")
	flag.StringVar(&o.osls, "osls", "node_modules/.bin/osls", "the `program` osls")
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "deploy: name a command: check, deploy, deployments, rollback, rollback-site, remove, adopt or drift")
		os.Exit(2)
	}
	_ = flag.CommandLine.Parse(os.Args[2:]) // exits on errors
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1], o); err != nil {
		fmt.Fprintln(os.Stderr, "deploy:", err)
		os.Exit(1)
	}
}
