package main

import (
	"errors"
	"fmt"
	"html"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/minim-dev/minim/client"
	"github.com/minim-dev/minim/client/api"
)

func (a *app) images() *cobra.Command {
	return group("image", "Upload, list and delete images", a.uploadImages(), a.listImages(), a.getImage(), a.deleteImages())
}

func (a *app) uploadImages() *cobra.Command {
	var alt, code string
	var noWait bool
	cmd := &cobra.Command{
		Use: "upload FILE...", Short: "Upload images",
		Long: `Uploads images, waits until they are processed, and prints the HTML to show each of them. With --quiet it prints the
address of the largest variant instead.`,
		Example: `  minim image upload balcony.jpg --alt 'Tomatoes on a balcony'
  minim image upload --quiet *.png`,
		Args: some("file"),
		RunE: func(cmd *cobra.Command, files []string) error {
			if len(files) > 1 && code != "" {
				return usagef("--code is for one file")
			}
			failed := false
			for _, file := range files {
				err := a.uploadImage(cmd, client.Upload{File: file, Alt: alt, Code: code}, noWait)
				a.progress("")
				if err != nil && (len(files) == 1 || exitCode(err) == exitKey) {
					return err
				}
				if err != nil {
					failed = true
					a.note("minim: %s: %v", file, err)
				}
			}
			if failed {
				return errPartly
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&alt, "alt", "", "what it `shows`, for those who don't see it")
	cmd.Flags().StringVarP(&code, "code", "c", "", "make a short link to it with this `code`")
	cmd.Flags().BoolVar(&noWait, "no-wait", false, "print its ID, and do not wait until it is processed")
	return cmd
}

func (a *app) uploadImage(cmd *cobra.Command, u client.Upload, noWait bool) error {
	c, err := a.client()
	if err != nil {
		return err
	}
	name := filepath.Base(u.File)
	u.Sent = func(bytes, of int64) { a.progress("%s  %s of %s", name, size(bytes), size(of)) }
	id, err := c.Upload(cmd.Context(), u)
	if err != nil {
		return err
	}
	if noWait {
		a.progress("")
		_, err := fmt.Fprintln(a.out, id)
		return err
	}
	a.progress("%s  processing", name)
	_, err = c.WaitForImage(cmd.Context(), id)
	a.progress("")
	if err != nil {
		return err
	}
	return a.showImage(cmd, c, id)
}

func (a *app) listImages() *cobra.Command {
	var p paging
	cmd := &cobra.Command{
		Use: "list", Aliases: []string{"ls"}, Short: "List images", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.client()
			if err != nil {
				return err
			}
			limit := p.size()
			return listed(a, p, a.imageTable, func(cursor *string) ([]byte, error) {
				response, err := c.ListImagesWithResponse(cmd.Context(), &api.ListImagesParams{Cursor: cursor, Limit: &limit})
				if err != nil {
					return nil, err
				}
				return response.Body, nil
			})
		},
	}
	p.register(cmd)
	return cmd
}

func (a *app) imageTable(images []api.Image) error {
	if a.quiet {
		for _, image := range images {
			fmt.Fprintln(a.out, image.ID)
		}
		return nil
	}
	t := a.table("ID", "STATUS", "SIZE", "CREATED", "FILE", "SHOWS")
	for _, image := range images {
		t.row(image.ID, string(image.Status), pixels(image), a.time(image.CreatedAt), image.Filename, image.Alt)
	}
	return t.write()
}

func (a *app) getImage() *cobra.Command {
	return &cobra.Command{
		Use: "get ID", Short: "Print the HTML of an image", Args: one("ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.client()
			if err != nil {
				return err
			}
			return a.showImage(cmd, c, args[0])
		},
	}
}

// showImage prints an image, in the form that is wanted.
func (a *app) showImage(cmd *cobra.Command, c *client.Client, id string) error {
	response, err := c.GetImageWithResponse(cmd.Context(), id, nil)
	if err != nil {
		return err
	}
	image, err := client.Body(response.JSON200, nil)
	if err != nil {
		return err
	}
	if a.json {
		return a.print(response.Body)
	}
	if image.Error != nil {
		return &client.Refused{Reason: *image.Error}
	}
	if len(image.Variants) == 0 {
		return errors.New("the image is not ready yet")
	}
	if a.quiet {
		_, err := fmt.Fprintln(a.out, largest(image).URL)
		return err
	}
	if image.ShortURL != nil {
		a.note("short link: %s", *image.ShortURL)
	}
	_, err = fmt.Fprintln(a.out, snippet(image))
	return err
}

// largest is the widest variant.
func largest(image *api.Image) (v api.Variant) {
	for _, variant := range image.Variants {
		if variant.Width > v.Width {
			v = variant
		}
	}
	return v
}

// snippet is the HTML that shows an image.
func snippet(image *api.Image) string {
	variant := largest(image)
	attributes := [][2]string{
		{"src", variant.URL}, {"srcset", value(image.Srcset)}, {"sizes", value(image.Sizes)},
		{"width", fmt.Sprint(variant.Width)}, {"height", fmt.Sprint(variant.Height)}, {"alt", image.Alt},
	}
	var out strings.Builder
	out.WriteString("<img")
	for _, attribute := range attributes {
		if attribute[1] != "" || attribute[0] == "alt" {
			fmt.Fprintf(&out, ` %s="%s"`, attribute[0], html.EscapeString(attribute[1]))
		}
	}
	return out.String() + ">"
}

func (a *app) deleteImages() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use: "delete ID...", Aliases: []string{"rm"}, Short: "Delete images", Args: some("ID"),
		RunE: func(cmd *cobra.Command, ids []string) error {
			if err := a.confirm(yes, fmt.Sprintf("Delete %s for good?", counted(len(ids), ids[0], "images"))); err != nil {
				return err
			}
			return a.each(ids, func(c *client.Client, id string) error {
				_, err := c.DeleteImageWithResponse(cmd.Context(), id)
				return err
			})
		},
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask")
	return cmd
}

// pixels is the size of an image that is ready.
func pixels(image api.Image) string {
	if image.Width == nil || image.Height == nil {
		return ""
	}
	return fmt.Sprintf("%d×%d", *image.Width, *image.Height)
}

// size formats a number of bytes.
func size(bytes int64) string {
	if bytes < 1_000_000 {
		return fmt.Sprintf("%d KB", (bytes+999)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}
