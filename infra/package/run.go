package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"path/filepath"

	"github.com/minim-dev/minim/infra/osls"
)

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("package", flag.ExitOnError)
	out := flags.String("out", "build", "zips: the output `folder`")
	stage := flags.String("stage", "dev", "stacks: the `stage`")
	region := flags.String("region", osls.EdgeRegion, "stacks: the stage's `region`")
	program := flags.String("osls", "node_modules/.bin/osls", "stacks: the `program`")
	if len(args) == 0 {
		return errors.New("name a command: package zips BINARY…, or package stacks --stage STAGE --region REGION")
	}
	_ = flags.Parse(args[1:]) // exits on errors
	switch args[0] {
	case "zips":
		return zips(*out, flags.Args())
	case "stacks":
		return stacks(ctx, osls.New(*program, *stage, *region))
	}
	return fmt.Errorf("unexpected command %q", args[0])
}

func zips(folder string, binaries []string) (err error) {
	for _, binary := range binaries {
		err = errors.Join(err, writeZip(filepath.Join(folder, filepath.Base(binary)+".zip"), binary))
	}
	return err
}

func stacks(ctx context.Context, cli *osls.CLI) error {
	if cli.Elsewhere() {
		if err := cli.PackageEdge(ctx); err != nil {
			return err
		}
	}
	return cli.Package(ctx, nil)
}
