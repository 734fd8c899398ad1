package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// readyTimeout is the limit for the processing of one image; pause is the time between two status requests.
const (
	readyTimeout = 3 * time.Minute // Lambda retries a failed event after one and two minutes
	pause        = 300 * time.Millisecond
)

type sender interface {
	Send(ctx context.Context, bodies ...string) error
}

// seeder is one run of the command.
type seeder struct {
	api    *api
	clicks sender
	owner  string
	now    time.Time
	out    io.Writer
	ids    map[string]string // of the links, by code
}

func (s *seeder) run(ctx context.Context) error {
	for _, step := range []func(context.Context) error{s.makeLinks, s.sendClicks, s.sendImages} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	fmt.Fprintf(s.out, "open %s and %s/%s\n", s.api.site, s.api.site, links()[0].Code)
	return nil
}

func (s *seeder) makeLinks(ctx context.Context) error {
	made := 0
	for _, l := range links() {
		id, isNew, err := s.api.shorten(ctx, l)
		if err != nil {
			return fmt.Errorf("create the link %s: %w", l.Code, err)
		}
		s.ids[l.Code] = id
		if isNew {
			made++
		}
	}
	fmt.Fprintf(s.out, "links     %d created, %d existed\n", made, len(links())-made)
	return nil
}

// sendClicks sends a month of clicks as the redirect does, a day at a time.
func (s *seeder) sendClicks(ctx context.Context) error {
	sent := 0
	for ago := days; ago >= 0; ago-- {
		clicks := clicksOf(s.now.AddDate(0, 0, -ago), s.now, s.owner, s.ids)
		messages := make([]string, 0, len(clicks))
		for _, c := range clicks {
			message, err := json.Marshal(c)
			if err != nil {
				return err
			}
			messages = append(messages, string(message))
		}
		if err := s.clicks.Send(ctx, messages...); err != nil {
			return fmt.Errorf("send clicks: %w", err)
		}
		sent += len(messages)
	}
	fmt.Fprintf(s.out, "clicks    %d of the last %d days sent; they are counted within a minute, and each only once\n", sent, days)
	return nil
}

func (s *seeder) sendImages(ctx context.Context) error {
	there, err := s.api.imgs(ctx)
	if err != nil {
		return fmt.Errorf("list images: %w", err)
	}
	made := 0
	for i, p := range places() {
		if there[p.name] {
			continue
		}
		begun := time.Now()
		id, err := s.api.upload(ctx, p.file(), p.name, p.paint())
		if err != nil {
			return fmt.Errorf("upload %q: %w", p.name, err)
		}
		if err := s.wait(ctx, id); err != nil {
			return fmt.Errorf("%q: %w", p.name, err)
		}
		made++
		fmt.Fprintf(s.out, "images  %d of %d: %s is ready after %.1f s\n", i+1, len(places()), p.name, time.Since(begun).Seconds())
	}
	fmt.Fprintf(s.out, "images  %d created, %d existed\n", made, len(places())-made)
	return nil
}

// wait waits until an image has been processed.
func (s *seeder) wait(ctx context.Context, id string) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	for {
		status, err := s.api.status(ctx, id)
		switch {
		case err != nil:
			return err
		case status == "ready":
			return nil
		case status == "failed":
			return fmt.Errorf("it could not be processed; see make logs FN=image-resize")
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("it is not ready after %s; see make logs FN=image-resize", readyTimeout)
		case <-time.After(pause):
		}
	}
}
