// Command aws-check runs the local cloud's conformance cases against a real AWS account, and writes the differences to a dated file:
//
//	aws-check -stage dev -out docs
package main

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"

	"github.com/minim-dev/minim/infra/local/conformance"
)

func main() {
	stage := flag.String("stage", "", "resources are named conformance-STAGE-…; not a production stage")
	out := flag.String("out", ".", "folder for the file")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *stage, *out); err != nil {
		fmt.Fprintln(os.Stderr, "aws-check:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, stage, folder string) error {
	if err := conformance.Refuse(stage); err != nil {
		return err
	}
	c, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return err
	}
	prefix := "conformance-" + stage + "-" + strings.ToLower(rand.Text()[:8])
	differences := conformance.Run(ctx, conformance.New(c), prefix)
	now := time.Now()
	path := filepath.Join(folder, "aws-check-"+now.UTC().Format(time.DateOnly)+".md")
	if err := os.WriteFile(path, []byte(conformance.Report(now, c.Region, differences)), 0o644); err != nil {
		return err
	}
	fmt.Printf("%d differences, see %s\n", len(differences), path)
	return nil
}
