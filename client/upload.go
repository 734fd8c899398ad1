package client

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/minim-dev/minim/client/api"
)

// Upload is an image to upload.
type Upload struct {
	File string // path
	Alt  string // what the image shows
	Code string // of the short link to it, "" for none
	// Sent is called while the file is sent, with the bytes so far. It may be nil.
	Sent func(bytes, of int64)
}

// ErrType is returned for a file that is none of the types that can be uploaded.
var ErrType = errors.New("is neither a JPEG, a PNG, a WebP nor a GIF")

// Upload announces a file and sends it. The image is processed after that; WaitForImage returns the result.
func (c *Client) Upload(ctx context.Context, u Upload) (id string, err error) {
	file, err := os.Open(u.File)
	if err != nil {
		return "", err
	}
	defer file.Close()
	announced, err := announce(file)
	if err != nil {
		return "", fmt.Errorf("%s: %w", u.File, err)
	}
	if u.Alt != "" {
		announced.Alt = &u.Alt
	}
	if u.Code != "" {
		announced.Code = &u.Code
	}
	response, err := c.UploadImageWithResponse(ctx, nil, announced)
	if err != nil {
		return "", err
	}
	permitted, err := Body(response.JSON201, nil)
	if err != nil {
		return "", err
	}
	return permitted.ID, c.put(ctx, file, announced.Bytes, permitted.Upload, u.Sent)
}

// announce describes a file by its content.
func announce(file *os.File) (api.NewImage, error) {
	head := make([]byte, 512)
	n, err := io.ReadFull(file, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return api.NewImage{}, err
	}
	kind := api.ImageType(http.DetectContentType(head[:n]))
	switch kind {
	case api.ImageTypeImageJpeg, api.ImageTypeImagePng, api.ImageTypeImageWebp, api.ImageTypeImageGif:
	default:
		return api.NewImage{}, ErrType
	}
	sum := sha256.New()
	sum.Write(head[:n])
	rest, err := io.Copy(sum, file)
	if err != nil {
		return api.NewImage{}, err
	}
	return api.NewImage{
		Filename: filepath.Base(file.Name()), ContentType: kind, Bytes: int(rest) + n, Sha256: hex.EncodeToString(sum.Sum(nil)),
	}, nil
}

// put sends a file to the storage, again if that fails in passing.
func (c *Client) put(ctx context.Context, file *os.File, size int, to api.Upload_Upload, sent func(int64, int64)) error {
	body := func() io.ReadCloser {
		return io.NopCloser(&counted{from: io.NewSectionReader(file, 0, int64(size)), of: int64(size), sent: sent})
	}
	request, err := http.NewRequestWithContext(ctx, string(to.Method), to.URL, body())
	if err != nil {
		return err
	}
	for name, value := range to.Headers {
		request.Header.Set(name, value)
	}
	request.ContentLength = int64(size)
	request.GetBody = func() (io.ReadCloser, error) { return body(), nil }
	for attempt := 0; ; attempt++ {
		failed := c.sender.store(request)
		if failed == nil {
			return nil
		}
		wait, ok := c.sender.again(request, failed, attempt)
		if !ok {
			return fmt.Errorf("send the file: %w", failed)
		}
		c.sender.notify(wait, failed)
		if err := sleep(ctx, wait); err != nil {
			return err
		}
		request.Body = body()
	}
}

// store sends a signed request to the storage, which is another server than the API: it has neither the API key nor a
// limit of time that a large file on a slow line would exceed.
func (s *sender) store(request *http.Request) error {
	patient := *s.http
	patient.Timeout = 0
	response, err := patient.Do(request)
	if err != nil {
		return err
	}
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return failure(response, time.Now())
	}
	return response.Body.Close()
}

// counted reports what has been read.
type counted struct {
	from     io.Reader
	done, of int64
	sent     func(int64, int64)
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.done += int64(n)
	if c.sent != nil && n > 0 {
		c.sent(c.done, c.of)
	}
	return n, err
}

// Refused is the error of an image that can't be processed.
type Refused struct{ Reason api.Refusal }

// Error returns the reason.
func (r *Refused) Error() string { return r.Reason.Message }

// WaitForImage asks for an image until it is ready or refused, or the context ends. A refusal is a *Refused; the image
// is returned too.
func (c *Client) WaitForImage(ctx context.Context, id string) (*api.Image, error) {
	var params api.GetImageParams
	for attempt := 0; ; attempt++ {
		response, err := c.GetImageWithResponse(ctx, id, &params)
		if err != nil {
			return nil, err
		}
		if response.StatusCode() != http.StatusNotModified {
			image, err := Body(response.JSON200, nil)
			switch {
			case err != nil:
				return nil, err
			case image.Error != nil:
				return image, &Refused{*image.Error}
			case image.Status == api.ImageStatusReady:
				return image, nil
			}
			tag := response.HTTPResponse.Header.Get("ETag")
			params.IfNoneMatch = &tag
		}
		if err := sleep(ctx, min(backoff(attempt), 2*time.Second)); err != nil {
			return nil, fmt.Errorf("the image %s is not ready yet: %w", id, err)
		}
	}
}
